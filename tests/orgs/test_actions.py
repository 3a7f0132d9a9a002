"""Units change only by verbs that keep time straight, ask for permission and leave a trace."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from khung.base.audit import sentence, sentences
from khung.base.models import AuditEvent
from khung.base.versions import StaleRecord
from khung.orgs import actions, demonstration, queries
from khung.orgs.acting import require
from khung.orgs.importing import read_province
from khung.orgs.models import Person, RoleHeld, Succession, Unit, UnitName
from khung.orgs.planning import plan_units
from khung.rules.permissions import Permission
from tests.orgs.province import NOW

Find = Callable[[str, str], Unit]


def person(username: str, *roles: tuple[str, Unit]) -> Person:
    made = actions.create_person(username=username, full_name="Lê Ba", by=None, now=NOW)
    for role, unit in roles:
        actions.grant_role(person=made, unit=unit, role=role, by=None, now=NOW)
    return made


def test_loading_twice_adds_nothing_and_leaves_one_event(unit: Find, folder: Path) -> None:
    before = (Unit.objects.count(), UnitName.objects.count(), Succession.objects.count())
    loaded = actions.load_units(plan=plan_units(read_province(folder)), by=None, now=NOW)
    assert (loaded.units, loaded.successions) == (0, 0)
    assert before == (Unit.objects.count(), UnitName.objects.count(), Succession.objects.count())
    (event,) = AuditEvent.objects.filter(verb="units.loaded")
    assert event.data == {"units": before[0], "successions": before[2]}
    assert str(before[0]) in sentence(event, sentences())


def test_loading_again_adds_only_what_is_new(unit: Find, folder: Path) -> None:
    with (folder / "units.csv").open("a", encoding="utf-8") as file:
        file.write("914,Xã Mới,commune,9,2025-07-01,,,\n")
    loaded = actions.load_units(plan=plan_units(read_province(folder)), by=None, now=NOW)
    assert loaded.units == 2
    police = unit("914.police", "2025-07-01")
    commune = unit("914", "2025-07-01")
    assert police.path == f"{commune.path}{police.pk}/"
    assert commune.path == f"/{unit('9', '2025-07-01').pk}/{commune.pk}/"


def test_a_province_of_another_name_loads_the_same_way(unit: Find) -> None:
    renamed = unit("912", "2025-01-01")
    assert [name.name for name in renamed.names.order_by("valid_from")] == [
        "Xã Tân An",
        "Xã Tân Mỹ",
    ]
    (heir,) = queries.became(renamed)
    assert (heir.is_whole, heir.is_verified, heir.source) == (False, False, "chưa xác minh")


def test_a_succession_is_recorded_once(unit: Find) -> None:
    old, new = unit("913", "2024-10-31"), unit("912", "2024-11-01")
    for _ in range(2):
        made = actions.add_succession(
            predecessor=old,
            successor=new,
            effective_on=dt.date(2024, 11, 1),
            is_whole=True,
            source="Nghị quyết 3",
            by=None,
            now=NOW,
        )
    assert made.is_verified
    assert AuditEvent.objects.filter(verb="unit.succeeded").count() == 1


@pytest.mark.parametrize(
    ("old", "new", "day"),
    [
        (("911", "2025-07-01"), ("911", "2025-06-30"), "2025-07-01"),
        (("9.so-b", "2025-03-01"), ("9.so-a", "2025-01-01"), "2025-03-01"),
        (("9", "2025-07-01"), ("9", "2025-07-01"), "2025-07-01"),
        (("912", "2024-11-01"), ("911", "2025-07-01"), "2025-06-30"),
    ],
)
def test_a_succession_against_time_or_in_a_circle_is_refused(
    unit: Find, old: tuple[str, str], new: tuple[str, str], day: str
) -> None:
    with pytest.raises(ValidationError):
        actions.add_succession(
            predecessor=unit(*old),
            successor=unit(*new),
            effective_on=dt.date.fromisoformat(day),
            is_whole=True,
            source="",
            by=None,
            now=NOW,
        )


def test_a_unit_cannot_follow_what_followed_it(unit: Find) -> None:
    a, b = unit("9", "2025-07-01"), unit("911", "2025-07-01")
    follow = partial(actions.add_succession, is_whole=False, source="", by=None, now=NOW)
    follow(predecessor=b, successor=a, effective_on=dt.date(2025, 8, 1))
    with pytest.raises(ValidationError, match="chính nó"):
        follow(predecessor=a, successor=b, effective_on=dt.date(2025, 9, 1))


def test_a_rename_keeps_the_old_name_for_its_days(unit: Find) -> None:
    commune = unit("911", "2025-07-01")
    day = dt.date(2026, 1, 1)
    actions.rename_unit(
        unit=commune, version=1, name="Phường  Hoà Bình", from_day=day, by=None, now=NOW
    )
    commune.refresh_from_db()
    assert commune.name == "Phường Hòa Bình"
    assert queries.name_on(commune, dt.date(2025, 12, 31)) == "Xã Hòa Bình"
    assert queries.name_on(commune, day) == "Phường Hòa Bình"
    (found,) = queries.search_units("phuong hoa binh", day)
    assert found.pk == commune.pk
    with pytest.raises(StaleRecord):
        actions.rename_unit(unit=commune, version=1, name="Xã X", from_day=day, by=None, now=NOW)
    with pytest.raises(ValidationError, match="sau lần đổi tên"):
        actions.rename_unit(unit=commune, version=2, name="Xã X", from_day=day, by=None, now=NOW)


def test_a_unit_ends_after_what_is_below_it_and_takes_its_roles_along(unit: Find) -> None:
    commune, day = unit("911", "2025-07-01"), dt.date(2025, 12, 31)
    officer = person("ba", ("officer", commune))
    with pytest.raises(ValidationError, match="trực thuộc"):
        actions.end_unit(unit=commune, version=1, last_day=day, source="NQ", by=None, now=NOW)
    police = unit("911.police", "2025-07-01")
    actions.end_unit(unit=police, version=1, last_day=day, source="NQ", by=None, now=NOW)
    actions.end_unit(unit=commune, version=1, last_day=day, source="NQ", by=None, now=NOW)
    assert queries.unit_on("911", day) == commune
    assert queries.unit_on("911", dt.date(2026, 1, 1)) is None
    assert queries.roles_of(officer, day).exists()
    assert not queries.roles_of(officer, dt.date(2026, 1, 1)).exists()


def test_only_those_who_may_change_units_and_accounts_do(unit: Find) -> None:
    commune = unit("911", "2025-07-01")
    officer = person("ba", ("officer", commune))
    coordinator = person("tu", ("coordinator", unit("9.so-b", "2025-07-01")))
    day = dt.date(2026, 1, 1)
    with pytest.raises(PermissionDenied):
        actions.rename_unit(unit=commune, version=1, name="Xã X", from_day=day, by=officer, now=NOW)
    actions.rename_unit(unit=commune, version=1, name="Xã X", from_day=day, by=coordinator, now=NOW)
    assert AuditEvent.objects.get(verb="unit.renamed").actor == f"person:{coordinator.pk}"
    with pytest.raises(PermissionDenied):
        actions.grant_role(person=officer, unit=commune, role="operator", by=officer, now=NOW)


def test_somebody_who_is_not_signed_in_is_not_the_system(unit: Find) -> None:
    with pytest.raises(PermissionDenied):
        require(AnonymousUser(), Permission.EDIT_UNITS, NOW.date())  # type: ignore[arg-type]


def test_a_role_must_exist_and_lie_within_the_units_time(unit: Find) -> None:
    someone = person("ba")
    old = unit("911", "2025-06-30")
    with pytest.raises(ValidationError, match="vai trò"):
        actions.grant_role(person=someone, unit=old, role="king", by=None, now=NOW)
    held = actions.grant_role(person=someone, unit=old, role="officer", by=None, now=NOW)
    assert held.valid_to == dt.date(2025, 6, 30)
    with pytest.raises(ValidationError, match="không hoạt động"):
        actions.grant_role(
            person=someone,
            unit=old,
            role="head",
            valid_from=dt.date(2025, 7, 1),
            by=None,
            now=NOW,
        )


def test_the_demonstration_loads_once_and_its_accounts_have_no_password(
    db: None, folder: Path
) -> None:
    for _ in range(2):
        demonstration.load(folder, NOW)
    (held,) = queries.demonstration_accounts(dt.date(2025, 7, 15))
    assert (held.person.username, held.unit.code, held.role) == ("an", "911", "officer")
    assert not held.person.has_usable_password()
    assert RoleHeld.objects.count() == 1
