"""The project's addresses and the bare page."""

from django.urls import path

from bench.bare import bare
from config import urls

urlpatterns = [*urls.urlpatterns, path("bench/bare/", bare)]
