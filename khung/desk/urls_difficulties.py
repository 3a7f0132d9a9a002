"""Addresses of difficulties, from raising to deciding."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
