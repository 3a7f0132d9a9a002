from django.apps import AppConfig


class FrameworksConfig(AppConfig):
    name = "khung.frameworks"
    label = "frameworks"
    verbose_name = "Bộ khung nhiệm vụ"
