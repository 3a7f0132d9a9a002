"""Addresses of judging: the queue, plans, reasons."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
