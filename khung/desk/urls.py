"""Addresses of an official's desk; each part of the desk lists its own."""

from django.urls import URLPattern, URLResolver, include, path

from khung.desk.views import assignment, my_work, setup, start

urlpatterns: list[URLPattern | URLResolver] = [
    path("ban-lam-viec/", start.start, name="start"),
    path("thiet-lap/", setup.setup, name="setup"),
    path("lam-viec-cho/", start.choose_unit, name="choose_unit"),
    path("viec-cua-toi/", my_work.my_work, name="my_work"),
    path("nhiem-vu-duoc-giao/<int:pk>/", assignment.assignment, name="assignment"),
    path("", include("khung.desk.urls_board")),
    path("", include("khung.desk.urls_signin")),
    path("", include("khung.desk.urls_frameworks")),
    path("", include("khung.desk.urls_coordination")),
    path("", include("khung.desk.urls_units")),
    path("", include("khung.desk.urls_people")),
    path("", include("khung.desk.urls_audit")),
    path("", include("khung.desk.urls_reporting")),
    path("", include("khung.desk.urls_evidence")),
    path("", include("khung.desk.urls_unit_side")),
    path("", include("khung.desk.urls_judging")),
    path("", include("khung.desk.urls_villages")),
    path("", include("khung.desk.urls_reminders")),
    path("", include("khung.desk.urls_letters")),
    path("", include("khung.desk.urls_difficulties")),
]
