"""Units that began or ended while a period ran, and what they owe of it.

A unit that began once the period's data were closed owes nothing in it; one that ended before
its report was due owes nothing any more. Neither happens in silence: a person gives the work of
the one and lets off the other.
"""

import datetime as dt
from dataclasses import dataclass, replace

from django.db.models import Exists, F, OuterRef, QuerySet

from khung.assignments.models import OPEN_STATES, Assignment, Period
from khung.orgs.models import Unit
from khung.rules.calendar import period_dates
from khung.rules.expansion import Implementers
from khung.rules.schedule import Instance


@dataclass(slots=True)
class Change:
    """What a day changed: units that began and have no work yet, units that ended and still do."""

    day: dt.date
    began: int = 0
    without_work: int = 0
    ended: int = 0
    open_work: int = 0


class InTime:
    """Leaves out of a task's implementers those that began after its period's data were closed."""

    def __init__(self) -> None:
        self._too_new: dict[str, set[int]] = {}

    def among(self, found: Implementers, owed: Instance | None) -> Implementers:
        """The implementers that owe this instance; one query for each period it counts in."""
        if owed is None:
            return found
        if owed.counts_in not in self._too_new:
            closed_on = period_dates(owed.counts_in).data_to
            began = Unit.objects.filter(valid_from__gt=closed_on)
            self._too_new[owed.counts_in] = set(began.values_list("pk", flat=True))
        late = self._too_new[owed.counts_in]
        return replace(found, units=tuple(one for one in found.units if one.unit.id not in late))


def changes(period: Period) -> list[Change]:
    """The days of a period on which units began or ended, in order; three queries."""
    found: dict[dt.date, Change] = {}
    owed = Assignment.objects.filter(unit=OuterRef("pk"), counts_in=period)
    began = Unit.objects.filter(valid_from__gt=period.starts_on, valid_from__lte=period.data_to)
    for day, has_work in began.annotate(has=Exists(owed)).values_list("valid_from", "has"):
        change = found.setdefault(day, Change(day))
        change.began += 1
        change.without_work += not has_work
    ended = Unit.objects.filter(valid_to__gte=period.starts_on, valid_to__lt=period.ends_on)
    for last in ended.values_list("valid_to", flat=True):
        if last is not None:
            found.setdefault(last, Change(last)).ended += 1
    for last in open_work_of_ended(period).values_list("unit__valid_to", flat=True):
        if last is not None:
            found.setdefault(last, Change(last)).open_work += 1
    return [found[day] for day in sorted(found)]


def open_work_of_ended(period: Period | None = None) -> QuerySet[Assignment]:
    """Open work of units that ended before it was due, of one period or of all."""
    work = Assignment.objects.filter(unit__valid_to__lt=F("due_on"), state__in=OPEN_STATES)
    return work if period is None else work.filter(counts_in=period)
