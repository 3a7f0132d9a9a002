from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "khung.desk"
    label = "desk"
    verbose_name = "Bàn làm việc"
