from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "khung.reminders"
    label = "reminders"
    verbose_name = "Nhắc việc, đôn đốc"
