from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "khung.portal"
    label = "portal"
    verbose_name = "Cổng công khai"
