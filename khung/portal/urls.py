"""Addresses anybody may read."""

from django.urls import URLPattern, path

from khung.portal import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("cong-khai-nhiem-vu/", views.tasks, name="public_tasks"),
    path("cong-khai-nhiem-vu/<int:no>/", views.task, name="public_task"),
    path("cong-khai-nhiem-vu/quyet-dinh/", views.decision, name="public_decision"),
    path("tien-do/", views.progress, name="public_progress"),
    path("tien-do/<int:unit_id>/", views.unit, name="public_unit"),
]
