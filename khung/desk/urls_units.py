"""Addresses of the tree of units and of a unit."""

from django.urls import URLPattern, path

from khung.desk.views import unit_history, units

urlpatterns: list[URLPattern] = [
    path("don-vi/", units.tree, name="units"),
    path("don-vi/<int:pk>/", units.unit, name="unit"),
    path("don-vi/<int:pk>/lich-su/", unit_history.unit_history, name="unit_history"),
]
