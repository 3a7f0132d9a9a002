from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "khung.assignments"
    label = "assignments"
    verbose_name = "Nhiệm vụ được giao"
