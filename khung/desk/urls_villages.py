"""Addresses of village links and what came through them."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
