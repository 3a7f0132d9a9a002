"""The tree as of a day and a unit through time, as those who may look see them."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khung.orgs import actions, queries
from khung.orgs.models import Person, Unit
from khung.rules.permissions import ROLES
from tests.orgs import province


def signed_in(role: str) -> Client:
    """Somebody in this role at the invented province's second department."""
    person = Person.objects.filter(username=role).first() or actions.create_person(
        username=role, full_name=f"Người {role}", by=None, now=province.NOW
    )
    if role in ROLES:
        office = at("9.so-b", "2025-07-01")
        actions.grant_role(person=person, unit=office, role=role, by=None, now=province.NOW)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def at(code: str, day: str) -> Unit:
    found = queries.unit_on(code, dt.date.fromisoformat(day))
    assert found is not None
    return found


def html(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def coordinator(db: None, tmp_path: Path) -> Client:
    province.load(tmp_path)
    return signed_in("coordinator")


@pytest.mark.parametrize(
    ("day", "heading", "shown", "hidden"),
    [
        ("2024-10-31", "1 đơn vị cấp huyện, 3 đơn vị cấp xã", "Huyện Đông", "Xã Hòa Bình"),
        ("2025-06-30", "1 đơn vị cấp huyện, 2 đơn vị cấp xã", "Sở B mới", "Sở A"),
        ("2025-07-01", "1 đơn vị cấp xã", "Xã Hòa Bình", "Huyện Đông"),
    ],
)
def test_the_tree_is_of_the_day(
    coordinator: Client, day: str, heading: str, shown: str, hidden: str
) -> None:
    page = html(coordinator, f"{reverse('units')}?day={day}")
    assert f"<h1>{heading}</h1>" in page
    assert shown in page
    assert hidden not in page


def test_a_branch_opens_one_level_further(coordinator: Client) -> None:
    district = at("91", "2024-10-31")
    page = html(coordinator, f"{reverse('units')}?day=2024-10-31&open={district.pk}")
    assert "Xã Tân An" in page
    assert "Công an xã Tân An" not in page
    assert f"open={at('912', '2024-10-31').pk}" in page
    # On a day it no longer stood, the province's branch is shown instead.
    page = html(coordinator, f"{reverse('units')}?day=2025-07-01&open={district.pk}")
    assert "Xã Hòa Bình" in page


def test_search_needs_no_marks_and_says_when_nothing_is_found(coordinator: Client) -> None:
    page = html(coordinator, f"{reverse('units')}?day=2024-10-31&q=xa tan an")
    assert "<h1>2 đơn vị khớp với “xa tan an”</h1>" in page
    page = html(coordinator, f"{reverse('units')}?day=2025-07-01&q=xa khong co")
    assert "thử một ngày khác" in page


def test_a_unit_tells_its_names_what_it_came_from_and_what_became_of_it(
    coordinator: Client,
) -> None:
    old, new = at("912", "2025-06-30"), at("911", "2025-07-01")
    page = html(coordinator, reverse("unit", args=[old.pk]))
    assert "<h1>Xã Tân Mỹ</h1>" in page
    assert "Xã Tân An, đến hết 31/10/2024" in page
    assert f'một phần vào <a href="{reverse("unit", args=[new.pk])}">Xã Hòa Bình</a>' in page
    assert "chưa xác minh" in page
    earlier = html(coordinator, f"{reverse('unit', args=[old.pk])}?day=2024-01-01")
    assert "<h1>Xã Tân An</h1>" in earlier
    page = html(coordinator, reverse("unit", args=[new.pk]))
    assert "từ một phần" in page
    assert "Nghị quyết 1" in page


def test_an_end_without_a_known_successor_is_said(coordinator: Client) -> None:
    page = html(coordinator, reverse("unit", args=[at("913", "2024-10-31").pk]))
    assert "Chưa rõ đơn vị nào tiếp nhận" in page
    page = html(coordinator, reverse("unit", args=[at("911", "2025-07-01").pk]))
    assert "Chưa rõ" not in page


def test_an_ended_name_is_found_with_what_stands_for_it(coordinator: Client) -> None:
    page = html(coordinator, f"{reverse('units')}?day=2025-07-01&q=tan my")
    now = at("911", "2025-07-01")
    assert "<h1>1 tên trước đây khớp với “tan my”</h1>" in page
    assert "(tên đến 30/06/2025)" in page
    assert f'nay là <a href="{reverse("unit", args=[now.pk])}">Xã Hòa Bình</a>' in page
    assert "thử một ngày khác" not in page


def test_a_territory_without_a_successor_leads_to_those_of_its_parts(coordinator: Client) -> None:
    page = html(coordinator, reverse("unit", args=[at("91", "2025-06-30").pk]))
    now = at("911", "2025-07-01")
    assert "nằm trong địa bàn nay thuộc" in page
    assert f'<li><a href="{reverse("unit", args=[now.pk])}">Xã Hòa Bình</a></li>' in page
    assert "Chưa rõ" not in page


def test_holders_are_shown_to_those_who_may_see_them(coordinator: Client) -> None:
    office = reverse("unit", args=[at("9.so-b", "2025-07-01").pk])
    assert "Người coordinator" in html(coordinator, office)
    commune = reverse("unit", args=[at("911", "2025-07-01").pk])
    person = Person.objects.get(username="coordinator")
    assert "Người làm việc cho đơn vị" not in html(coordinator, commune)
    actions.grant_role(
        person=person,
        unit=at("911", "2025-07-01"),
        role="head",
        by=None,
        now=province.NOW,
    )
    assert "Người làm việc cho đơn vị" in html(coordinator, commune)
    assert "Người làm việc cho đơn vị" not in html(signed_in("guide"), commune)


@pytest.mark.parametrize(
    ("role", "status"), [*((role, 200) for role in ROLES), ("nobody_in_particular", 403)]
)
def test_every_role_may_look_up_units_and_nobody_else(
    coordinator: Client, role: str, status: int
) -> None:
    client = signed_in(role)
    addresses = (reverse("units"), reverse("unit", args=[at("9", "2025-07-01").pk]))
    for address in addresses:
        assert client.get(address).status_code == status
        assert client.post(address).status_code in {403, 405}
        assert Client().get(address).status_code == 302


def test_a_unit_that_is_not_there_and_a_senseless_address(coordinator: Client) -> None:
    assert coordinator.get(reverse("unit", args=[10**9])).status_code == 404
    for query in ("day=x", "open=x", "open=999999999", "page=x", "day=0001-01-01", "q=%20"):
        assert coordinator.get(f"{reverse('units')}?{query}").status_code == 200


def units_asked(client: Client, address: str) -> int:
    """How often a page asks about units and people; what the frame asks elsewhere is left out."""
    with CaptureQueriesContext(connection) as asked:
        html(client, address)
    return sum('"orgs_' in query["sql"] for query in asked.captured_queries)


def test_the_pages_ask_the_database_a_fixed_number_of_times(coordinator: Client) -> None:
    tree = f"{reverse('units')}?day=2024-10-31"
    commune, province_root = at("911", "2025-07-01"), at("9", "2025-07-01")
    branch = f"{tree}&open={at('912', '2024-10-31').pk}"
    html(coordinator, tree)
    assert units_asked(coordinator, tree) == 10
    assert units_asked(coordinator, branch) == 11
    assert units_asked(coordinator, f"{tree}&q=xa") == 10
    assert units_asked(coordinator, reverse("unit", args=[commune.pk])) == 13
    assert units_asked(coordinator, reverse("unit", args=[province_root.pk])) == 12
