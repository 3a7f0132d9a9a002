"""How many difficulties are open, where, and how many too long: for the board."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Case, Count, IntegerField, Value, When

from khung.assignments.models import Period
from khung.difficulties.models import Difficulty
from khung.difficulties.queries import overdue
from khung.rules.routing import ANSWERED, DECIDED, OPEN_STATES, STAGES, WAITING


@dataclass(slots=True)
class OpenCounts:
    """Difficulties not settled yet.

    `waiting` and `overdue` are those without an answer, by stage and with nought for none;
    `carried_out` are decided and being carried out, `to_confirm` answered and not confirmed.
    """

    waiting: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    overdue: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    carried_out: int = 0
    carried_out_overdue: int = 0
    to_confirm: int = 0

    @property
    def open(self) -> int:
        """All that is not settled: without an answer, or decided and not done."""
        return sum(self.waiting.values()) + self.carried_out

    @property
    def too_long(self) -> int:
        """Those of them past the day of whoever they wait for."""
        return sum(self.overdue.values()) + self.carried_out_overdue


def open_counts(
    unit_ids: Collection[int] | None, period: Period | None = None, *, today: dt.date
) -> OpenCounts:
    """Counts of what these units raised (None: all), of a period's work if given; one query.

    Difficulties raised from no assignment belong to no period and count without one only.
    """
    found = Difficulty.objects.filter(state__in=OPEN_STATES)
    if unit_ids is not None:
        found = found.filter(unit__in=unit_ids)
    if period is not None:
        found = found.filter(assignment__counts_in=period)
    late = Case(When(overdue(today), then=Value(1)), default=Value(0), output_field=IntegerField())
    counts = OpenCounts()
    rows = found.order_by().values_list("state", "stage").annotate(late=late, n=Count("pk"))
    for state, stage, is_late, n in rows.values_list("state", "stage", "late", "n"):
        if state == WAITING:
            counts.waiting[stage] += n
            counts.overdue[stage] += n * is_late
        elif state == DECIDED:
            counts.carried_out += n
            counts.carried_out_overdue += n * is_late
        elif state == ANSWERED:
            counts.to_confirm += n
    return counts
