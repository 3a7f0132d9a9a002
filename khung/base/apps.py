from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "khung.base"
    label = "base"
    verbose_name = "Nền chung"
