"""The work that is due with its period: what a change of the deadline does to it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Greatest

from khung.assignments import locks
from khung.assignments.models import OPEN_STATES, Assignment, Period


@dataclass(frozen=True, slots=True)
class Effect:
    """What setting a deadline would come to: work that is late at once, work late already."""

    becomes_late: int
    is_late: int


def following(period: Period, level: str) -> QuerySet[Assignment]:
    """The work of a level that is due with the period; a dated duty has a day of its own."""
    return _counted(period, level).exclude(timing="dated")


def _counted(period: Period, level: str) -> QuerySet[Assignment]:
    return Assignment.objects.filter(
        counts_in=period, unit__level=level, occasion__isnull=True
    ).exclude(state="exempt")


def effect(period: Period, level: str, timely_on: dt.date, today: dt.date) -> Effect:
    """What `timely_on` would do to a level's work if it were set today."""
    found = following(period, level)
    late = found.filter(is_late=True).count()
    if timely_on >= today:
        return Effect(0, late)
    still_there = Q(unit__valid_to__isnull=True) | Q(unit__valid_to__gte=timely_on)
    due = found.filter(still_there, state__in=OPEN_STATES, is_late=False)
    return Effect(due.count(), late)


def move(
    period: Period, level: str, timely_on: dt.date, locks_on: dt.date, *, with_late: bool
) -> None:
    """Gives open work the new dates; `with_late` also what was reported but stamped as late."""
    moved = Q(state__in=OPEN_STATES)
    if with_late:
        moved |= Q(is_late=True)
    following(period, level).filter(moved).update(due_on=timely_on, locks_on=locks_on)
    dated = _counted(period, level).filter(timing="dated", state__in=OPEN_STATES)
    dated.update(locks_on=Greatest(F("due_on"), Value(locks_on)))
    locks.raise_locks(period)
