"""Addresses of evidence: adding, reusing, serving."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
