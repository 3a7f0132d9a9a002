"""Addresses of difficulties, from raising to deciding."""

from django.urls import URLPattern, path

from khung.desk.views import difficulties, difficulty

urlpatterns: list[URLPattern] = [
    path("kho-khan/", difficulties.difficulties, name="difficulties"),
    path("kho-khan/neu/", difficulty.raise_difficulty, name="raise_difficulty"),
    path("kho-khan/<int:pk>/", difficulty.difficulty, name="difficulty"),
]
