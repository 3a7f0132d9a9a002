"""Addresses of the tree of units and of a unit."""

from django.urls import URLPattern, path

from khung.desk.views import units

urlpatterns: list[URLPattern] = [
    path("don-vi/", units.tree, name="units"),
    path("don-vi/<int:pk>/", units.unit, name="unit"),
]
