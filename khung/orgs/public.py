"""What of the units is published: their names in time and what became of them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q

from khung.orgs import queries
from khung.orgs.models import Succession, Unit, UnitName
from khung.rules.text import fold


@dataclass(frozen=True, slots=True)
class PublicUnit:
    """A unit of today's tree."""

    id: int
    name: str
    level: str
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class FormerUnit:
    """A unit that ended, or an old name, and the units of today that stand in its place."""

    name: str
    ended_on: dt.date | None
    now: tuple[PublicUnit, ...]


def province(code: str, day: dt.date) -> PublicUnit | None:
    """The province of a code on a day."""
    root = queries.province_root(code, day)
    return _public(root) if root else None


def provinces(day: dt.date) -> list[PublicUnit]:
    """The provinces the installation knows on a day."""
    return [_public(root) for root in queries.roots_on(day)]


def unit(unit_id: int, day: dt.date) -> PublicUnit | None:
    """A unit by its id, if it stands on that day."""
    found = queries.units_on(day).filter(pk=unit_id).first()
    return _public(found) if found else None


def territories_named(text: str, day: dt.date, limit: int = 20) -> list[PublicUnit]:
    """Communes, districts and provinces of a day by their name, with or without marks."""
    return [
        _public(found)
        for found in queries.search_units(text, day, limit * 3)
        if _is_territory(found)
    ][:limit]


def formerly_named(text: str, day: dt.date, limit: int = 20) -> list[FormerUnit]:
    """Territories that bore this name once and no longer do, with what stands for them today."""
    words = fold(text).split()
    if not words:
        return []
    found = UnitName.objects.filter(
        Q(unit__parent__isnull=True) | Q(unit__kind=F("unit__parent__kind")),
        Q(valid_to__lt=day) | Q(unit__valid_to__lt=day),
    )
    for word in words:
        found = found.filter(folded__contains=word)
    names = list(found.select_related("unit").order_by("unit__sort_key", "-valid_from")[:limit])
    inside = _inside({name.unit_id for name in names})
    followers = _followers({name.unit_id for name in names}.union(*inside.values()))
    for unit_id, below in inside.items():
        followers[unit_id] = followers[unit_id] or [
            follower for pk in below for follower in followers[pk]
        ]
    return [
        FormerUnit(
            name.name,
            name.valid_to or name.unit.valid_to,
            tuple(map(_public, _today(name.unit, followers, day))),
        )
        for name in names
    ]


def _inside(ids: set[int]) -> dict[int, list[int]]:
    """The territories that ended together with the one they lay in, for what has no successor."""
    rows = Unit.objects.filter(
        parent__in=ids, kind=F("parent__kind"), valid_to=F("parent__valid_to")
    )
    inside: dict[int, list[int]] = {}
    for pk, parent_id in rows.order_by("sort_key", "id").values_list("pk", "parent_id"):
        inside.setdefault(parent_id or 0, []).append(pk)
    return inside


def _followers(ids: set[int]) -> dict[int, list[Unit]]:
    """The successors of these units, and theirs, step by step; one query a step."""
    followers: dict[int, list[Unit]] = {}
    waiting = ids
    while waiting:
        followers |= {pk: [] for pk in waiting}
        rows = Succession.objects.filter(predecessor__in=waiting).select_related("successor")
        for row in rows.order_by("successor__sort_key", "successor_id"):
            followers[row.predecessor_id].append(row.successor)
        waiting = {unit.pk for units in followers.values() for unit in units} - followers.keys()
    return followers


def _today(old: Unit, followers: dict[int, list[Unit]], day: dt.date) -> list[Unit]:
    """The unit, or those that followed it, as far as they stand on the day."""
    if old.is_valid_on(day):
        return [old]
    now: dict[int, Unit] = {}
    for follower in followers.get(old.pk, ()):
        now |= {unit.pk: unit for unit in _today(follower, followers, day)}
    return list(now.values())


def _is_territory(found: Unit) -> bool:
    return found.parent is None or found.parent.kind == found.kind


def _public(found: Unit) -> PublicUnit:
    return PublicUnit(
        found.pk, getattr(found, "day_name", found.name), found.level, found.parent_id
    )
