"""Addresses of letters of urging."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
