"""The rail and the tabs: one place is marked, and only what is one's own is offered."""

import re

import pytest
from django.urls import reverse

from khung.desk.places import places_of
from khung.rules.permissions import Permission, permissions_of
from tests.assignments.scene import person
from tests.cast import Cast
from tests.pages.access_records import an_occasion


def marked(roles: list[str], path: str) -> list[str]:
    return [
        str(place.label) for place in places_of(permissions_of(roles), path) if place.is_current
    ]


@pytest.mark.parametrize("role", ["officer", "head", "guide"])
@pytest.mark.parametrize("path", ["/su-kien/", "/su-kien/mo/"])
def test_occasions_belong_to_ones_own_work(role: str, path: str) -> None:
    assert marked([role], path) == ["Việc của tôi"]


def test_what_villages_send_belongs_to_ones_own_work() -> None:
    for path in ("/thon-to/", "/thon-to/da-gui/"):
        assert marked(["officer"], path) == ["Việc của tôi"]


def test_whoever_sets_up_finds_occasions_there() -> None:
    assert marked(["coordinator"], "/su-kien/") == ["Thiết lập"]
    assert marked(["coordinator", "officer"], "/su-kien/") == ["Thiết lập"]


@pytest.mark.parametrize("role", ["officer", "head", "guide", "coordinator", "leader", "operator"])
def test_no_page_is_in_two_places(role: str) -> None:
    for place in places_of(permissions_of([role]), "/"):
        for path in (place.url, *place.beside):
            assert len(marked([role], path)) == 1, path
        assert marked([role], place.url) == [str(place.label)]


def tabs(page: str) -> list[str]:
    found = re.findall(r'<nav class="tabs".*?</nav>', page)
    return re.findall(r'href="([^"?]+)', " ".join(found))


@pytest.mark.parametrize("role", ["officer", "head", "guide"])
def test_who_opens_occasions_sees_the_tabs_that_are_theirs(cast: Cast, role: str) -> None:
    an_occasion(cast)
    shown = cast.page(role, reverse("occasions"))
    offered = tabs(shown)
    assert reverse("occasions") in offered
    assert reverse("my_work") in offered
    assert not {reverse(name) for name in ("periods", "calendar", "disclosures")} & set(offered)
    assert "Bầu cử thử" in shown
    for address in offered:
        assert cast.client(role).get(address).status_code == 200, address


def test_the_coordinator_keeps_the_tabs_of_coordination(cast: Cast) -> None:
    offered = tabs(cast.page("coordinator", reverse("occasions")))
    names = ("periods", "occasions", "calendar", "disclosures")
    assert offered == [reverse(name) for name in names]


def test_what_villages_send_is_offered_where_villages_may_lie(cast: Cast) -> None:
    address = reverse("exemptions")
    assert reverse("village_sendings") in tabs(cast.page("officer", address))
    cast.people["officer"] = person("officer", cast.scene.units["east"])
    assert Permission.LINK_VILLAGES in permissions_of(["officer"])
    assert reverse("village_sendings") not in tabs(cast.page("officer", address))
