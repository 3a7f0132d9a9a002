"""Addresses of reminders and how people want them."""

from django.urls import URLPattern, path

from khung.desk.views import outbox, reminders

urlpatterns: list[URLPattern] = [
    path("nhac-viec/", reminders.digests, name="digests"),
    path("nhac-viec/<int:pk>/da-xem/", reminders.read_digest, name="read_digest"),
    path("nhac-viec/cach-nhan/", reminders.preference, name="preference"),
    path("nhac-viec/quy-tac/", reminders.rules, name="reminder_rules"),
    path("nhac-viec/quy-tac/luu/", reminders.begin_rules, name="begin_rules"),
    path("nhac-viec/quy-tac/<int:pk>/", reminders.switch_rule, name="switch_rule"),
    path("nhac-viec/tin-gui/", outbox.outbox, name="outbox"),
    path("nhac-viec/tin-gui/gui-lai/", outbox.retry_messages, name="retry_messages"),
]
