"""The one address of this room: the page a village head opens on a phone."""

from django.urls import URLPattern, path

from khung.reports import views

urlpatterns: list[URLPattern] = [
    path("thon/<str:code>/", views.village_page, name="village_page"),
]
