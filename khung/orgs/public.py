"""What of the units is published: their names in time and what became of them."""

import datetime as dt
from dataclasses import dataclass

from khung.orgs import lineage, queries
from khung.orgs.models import Unit


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
    return [
        FormerUnit(
            name.name, name.valid_to or name.unit.valid_to, tuple(_public(unit) for unit in now)
        )
        for name, now in lineage.formerly_named(text, day, limit)
    ]


def last_day_of_level(province_code: str, level: str, day: dt.date) -> dt.date | None:
    """The last day a province had territories of a level; None while it has some, or never had."""
    return lineage.last_day_of_level(province_code, level, day)


def _is_territory(found: Unit) -> bool:
    return found.parent is None or found.parent.kind == found.kind


def _public(found: Unit) -> PublicUnit:
    return PublicUnit(
        found.pk, getattr(found, "day_name", found.name), found.level, found.parent_id
    )
