from django.apps import AppConfig


class DifficultiesConfig(AppConfig):
    name = "khung.difficulties"
    label = "difficulties"
    verbose_name = "Khó khăn, vướng mắc"
