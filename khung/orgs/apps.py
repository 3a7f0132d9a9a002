from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "khung.orgs"
    label = "orgs"
    verbose_name = "Đơn vị và người"
