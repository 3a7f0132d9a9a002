"""Questions about units are answered as of the day asked about, in a fixed number of queries."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from pytest_django import DjangoAssertNumQueries

from khung.orgs import actions, queries
from khung.orgs.acting import NOBODY, acting
from khung.orgs.middleware import UNIT_KEY, ActingMiddleware
from khung.orgs.models import Unit, sort_key
from khung.orgs.planning import UnitPlan
from khung.rules.permissions import Permission
from tests.orgs.province import NOW

Find = Callable[[str, str], Unit]
LAST_OLD, FIRST_NEW = dt.date(2025, 6, 30), dt.date(2025, 7, 1)
TODAY = dt.date(2025, 7, 15)


def test_the_whole_province_answers_in_few_queries(
    db: None, demonstration: UnitPlan, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actions.load_units(plan=demonstration, by=None, now=NOW)
    day = dt.date(2023, 2, 15)
    root = queries.province_root("56", day)
    assert root is not None
    with django_assert_num_queries(1):
        facts = queries.facts_on(root, day)
    levels = [fact.level for fact in facts if fact.kind == "people_committee"]
    assert (levels.count("district"), levels.count("commune")) == (9, 139)
    by_code = {fact.code: fact for fact in facts}
    assert len(by_code) == len(facts) == len({fact.id for fact in facts})
    assert by_code["22606"].name == "Xã Ninh Vân"
    assert by_code["56.van-phong-ubnd"].aliases == (
        "Văn phòng Ủy ban nhân dân tỉnh",
        "VP UBND tỉnh",
    )
    assert by_code["568.police"].path.startswith(by_code["568"].path)
    with django_assert_num_queries(1):
        assert queries.level_counts(root, day) == {"district": 9, "commune": 139}
    with django_assert_num_queries(1):
        found = queries.search_units("ninh phuoc", day)
    assert [unit.day_name for unit in found[:2]] == ["Huyện Ninh Phước", "Xã Ninh Phước"]
    with django_assert_num_queries(1):
        assert queries.search_units("ninh phuoc", FIRST_NEW)[0].code == "22870"
    with django_assert_num_queries(1):
        below = {row.day_name: row.below for row in queries.children(root, day)}
    assert (below["Thành phố Nha Trang"], below["Công an tỉnh"]) == (27 + 7, 0)


@pytest.mark.parametrize(
    ("day", "name", "level_parent"), [(LAST_OLD, "91", "district"), (FIRST_NEW, "9", "province")]
)
def test_a_code_names_the_unit_of_that_day(
    unit: Find, day: dt.date, name: str, level_parent: str
) -> None:
    found = queries.unit_on("911", day)
    assert found is not None
    assert found.parent is not None
    assert (found.parent.code, found.parent.level) == (name, level_parent)


@pytest.mark.parametrize(
    ("day", "name"),
    [("2024-10-31", "Xã Tân An"), ("2024-11-01", "Xã Tân Mỹ"), ("2025-06-30", "Xã Tân Mỹ")],
)
def test_the_name_is_the_one_of_the_day(unit: Find, day: str, name: str) -> None:
    on = dt.date.fromisoformat(day)
    found = queries.unit_on("912", on)
    assert found is not None
    assert queries.name_on(found, on) == found.day_name == name
    root = queries.province_root("9", on)
    assert root is not None
    assert {fact.code: fact.name for fact in queries.facts_on(root, on)}["912"] == name


def test_children_and_subtree_are_of_the_day(unit: Find) -> None:
    root = unit("9", "2025-01-01")
    before = [row.code for row in queries.children(root, LAST_OLD)]
    after = [row.code for row in queries.children(root, FIRST_NEW)]
    assert before == ["91", "9.so-b"]
    assert after == ["911", "9.so-b"]
    district = unit("91", "2025-01-01")
    assert queries.subtree(district, LAST_OLD).count() == 5
    assert not queries.subtree(district, FIRST_NEW).exists()


def test_ancestors_stand_from_the_root_down_under_their_names_of_the_day(unit: Find) -> None:
    day = dt.date(2024, 10, 31)
    police = unit("912.police", "2024-10-31")
    assert [it.day_name for it in queries.ancestors(police, day)] == [
        "Tỉnh Mẫu",
        "Huyện Đông",
        "Xã Tân An",
    ]


def test_turning_days_are_the_days_on_which_units_changed(unit: Find) -> None:
    assert queries.turning_days() == [
        dt.date(2024, 11, 1),
        dt.date(2025, 3, 1),
        dt.date(2025, 7, 1),
    ]


def test_search_puts_the_marks_that_were_typed_first(unit: Find) -> None:
    day = dt.date(2024, 10, 31)
    for typed, marked, other in (
        ("Hòa Bính", "Hòa Bính", "Hòa Bình"),
        ("hòa bình", "Hòa Bình", "Hòa Bính"),
    ):
        assert [it.day_name for it in queries.search_units(typed, day)] == [
            f"Xã {marked}",
            f"Công an xã {marked}",
            f"Xã {other}",
            f"Công an xã {other}",
        ]
    assert [it.code for it in queries.search_units("SA", day)] == ["9.so-a"]
    assert [it.code for it in queries.search_units("tan an", day)] == ["912", "912.police"]
    assert [it.code for it in queries.search_units("cong xa hoa", LAST_OLD)] == ["911.police"]
    assert queries.search_units("xa tan an", LAST_OLD)[0].day_name == "Công an xã Tân Mỹ"
    assert queries.search_units("an hoa", dt.date(2025, 7, 1))[0].code == "911.police"
    assert queries.search_units("  ", day) == []
    assert len(queries.search_units("xa", day, limit=2)) == 2


def test_what_became_of_a_unit_and_where_it_came_from(unit: Find) -> None:
    new = unit("911", "2025-07-01")
    assert [it.predecessor.code for it in queries.came_from(new)] == ["911", "912"]
    assert [it.successor for it in queries.became(unit("912", "2025-01-01"))] == [new]
    assert not queries.became(unit("913", "2024-10-31")).exists()


def test_names_sort_in_the_vietnamese_order() -> None:
    names = ["Xã Đại Lãnh", "Xã Diên Điền", "Xã Vạn", "Xã Vạn Thạnh", "Xã Vạn Thắng", "Xã Vạn Thọ"]
    in_order = ["Xã Diên Điền", "Xã Đại Lãnh", *names[2:]]
    assert sorted(names, key=sort_key) == in_order
    assert len(sort_key("Ủy ban " * 60)) <= 600


def test_whoever_holds_no_role_sees_no_unit(unit: Find) -> None:
    someone = actions.create_person(username="ba", full_name="Lê Ba", by=None, now=NOW)
    commune = unit("911", "2025-07-01")
    assert not queries.visible_to(NOBODY).exists()
    assert not queries.visible_to(acting(someone, TODAY)).exists()
    actions.grant_role(person=someone, unit=commune, role="observer", by=None, now=NOW)
    assert queries.visible_to(acting(someone, TODAY)).count() == Unit.objects.count()
    assert not queries.visible_to(acting(someone, LAST_OLD)).exists()


def test_holders_are_shown_to_colleagues_and_to_those_who_keep_accounts(unit: Find) -> None:
    commune, office = unit("911", "2025-07-01"), unit("9.so-b", "2025-07-01")
    people = {}
    for role, where in (
        ("officer", commune), ("head", commune), ("guide", office), ("operator", office)
    ):  # fmt: skip
        people[role] = actions.create_person(username=role, full_name=role, by=None, now=NOW)
        actions.grant_role(person=people[role], unit=where, role=role, by=None, now=NOW)
    seen = {
        role: [held.role for held in queries.holders_visible_to(acting(it, TODAY), commune, TODAY)]
        for role, it in people.items()
    }
    both = ["head", "officer"]
    assert seen == {"officer": both, "head": both, "guide": [], "operator": both}


def test_one_acts_for_one_unit_at_a_time(
    unit: Find, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    someone = actions.create_person(username="ba", full_name="Lê Ba", by=None, now=NOW)
    commune, office = unit("911", "2025-07-01"), unit("9.so-b", "2025-07-01")
    actions.grant_role(person=someone, unit=commune, role="officer", by=None, now=NOW)
    actions.grant_role(person=someone, unit=office, role="guide", by=None, now=NOW)
    with django_assert_num_queries(1):
        first = acting(someone, TODAY)
    assert (first.unit, first.roles) == (commune, ("officer",))
    assert first.units == (commune, office)
    second = acting(someone, TODAY, office.pk)
    assert second.may(Permission.JUDGE_WORK)
    assert not second.may(Permission.REPORT_WORK)
    assert acting(someone, TODAY, unit("9", "2025-07-01").pk).unit == commune
    someone.is_active = False
    assert acting(someone, TODAY) == NOBODY


def test_the_request_knows_who_acts_without_asking_twice(
    unit: Find, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    seen = []

    def page(request: HttpRequest) -> HttpResponse:
        for _ in range(2):
            seen.append(request.acting.roles)  # type: ignore[attr-defined]
        return HttpResponse()

    someone = actions.create_person(username="ba", full_name="Lê Ba", by=None, now=NOW)
    actions.grant_role(
        person=someone, unit=unit("911", "2025-07-01"), role="head", by=None, now=NOW
    )
    request = HttpRequest()
    request.user, request.session = someone, SessionStore()
    request.session[UNIT_KEY] = 0
    with django_assert_num_queries(1):
        ActingMiddleware(page)(request)
    request.user = AnonymousUser()
    with django_assert_num_queries(0):
        ActingMiddleware(page)(request)
    assert seen == [("head",), ("head",), (), ()]


def test_the_command_loads_a_folder_and_tells_what_is_wrong(
    db: None, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("load_units", str(folder))
    assert f"{Unit.objects.count()} đơn vị" in capsys.readouterr().out
    (folder / "units.csv").write_text("code\n", encoding="utf-8")
    with pytest.raises(CommandError, match="thiếu cột"):
        call_command("load_units", str(folder))
