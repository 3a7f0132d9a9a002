"""Addresses of writing and sending reports."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
