"""Addresses of accounts and the roles they hold."""

from django.urls import URLPattern, path

from khung.desk.views import people

urlpatterns: list[URLPattern] = [
    path("nguoi-dung/", people.people, name="people"),
    path("nguoi-dung/them/", people.add_person, name="add_person"),
    path("nguoi-dung/<int:pk>/", people.person, name="person"),
    path("nguoi-dung/<int:pk>/khoa/", people.deactivate, name="deactivate_person"),
    path("nguoi-dung/<int:pk>/mo-lai/", people.reactivate, name="reactivate_person"),
    path("nguoi-dung/<int:pk>/mat-khau/", people.new_password, name="new_password"),
    path("nguoi-dung/vai-tro/<int:held_id>/thoi/", people.end_role, name="end_role"),
]
