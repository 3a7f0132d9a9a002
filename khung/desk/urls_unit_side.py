"""Addresses of a unit's own order: sharing, approving, covering reports, exemptions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
