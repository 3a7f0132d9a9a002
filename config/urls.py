"""Every address of the site; each room brings its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("khung.portal.urls")),
    path("", include("khung.reports.urls")),
    path("", include("khung.desk.urls")),
]
