"""Addresses of reminders and how people want them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
