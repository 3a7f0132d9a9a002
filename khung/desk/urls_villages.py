"""Addresses of village links and what came through them."""

from django.urls import URLPattern, path

from khung.desk.views import village_sendings, villages

urlpatterns: list[URLPattern] = [
    path("thon-to/", villages.village_links, name="village_links"),
    path("thon-to/cap/", villages.make_village_link, name="make_village_link"),
    path("thon-to/in/", villages.village_cards, name="village_cards"),
    path("thon-to/da-gui/", village_sendings.village_sendings, name="village_sendings"),
    path("thon-to/da-gui/<int:pk>/", village_sendings.village_sending, name="village_sending"),
    path("thon-to/<int:pk>/", villages.village_link, name="village_link"),
    path("thon-to/<int:pk>/thu-hoi/", villages.revoke_village_link, name="revoke_village_link"),
]
