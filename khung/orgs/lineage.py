"""What became of units and old names, step by step to those of a day."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, Max, Q

from khung.orgs import queries
from khung.orgs.models import PEOPLE_COMMITTEE, Succession, Unit, UnitName
from khung.rules.text import fold


def formerly_named(text: str, day: dt.date, limit: int = 20) -> list[tuple[UnitName, list[Unit]]]:
    """Names that territories bore once and no longer do, with the units that stand for them.

    Every word of the text must be in the name, with or without marks.
    """
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
    now = standing_for([name.unit for name in names], day)
    return [(name, now[name.unit_id]) for name in names]


def standing_for(units: Iterable[Unit], day: dt.date) -> dict[int, list[Unit]]:
    """What stands on a day for each of these units: itself, or its followers to that day.

    For a territory without a successor of its own those of what lay in it and ended with it.
    """
    old = {unit.pk: unit for unit in units}
    inside = _inside(set(old))
    followers = _followers(set(old).union(*inside.values()))
    for unit_id, below in inside.items():
        followers[unit_id] = followers[unit_id] or [
            follower for pk in below for follower in followers[pk]
        ]
    return {pk: _today(unit, followers, day) for pk, unit in old.items()}


def last_day_of_level(province_code: str, level: str, day: dt.date) -> dt.date | None:
    """The last day a province had territories of a level; None while it has some, or never had."""
    within = Q(pk=None)
    for root in Unit.objects.filter(code=province_code, parent=None):
        within |= Q(path__startswith=root.path)
    territories = Unit.objects.filter(within, kind=PEOPLE_COMMITTEE, level=level)
    if territories.filter(queries.on(day)).exists():
        return None
    last: dt.date | None = territories.filter(valid_to__lt=day).aggregate(last=Max("valid_to"))[
        "last"
    ]
    return last


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
