from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "khung.reports"
    label = "reports"
    verbose_name = "Báo cáo, thẩm định"
