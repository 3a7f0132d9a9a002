"""How long judging takes and what waits for it: the guides' own clock, for the board."""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Sum

from khung.assignments.models import Period
from khung.reports.models import JudgingCount
from khung.rules.rates import return_rate

_KIND = JudgingCount.Kind


@dataclass(slots=True)
class JudgingTimes:
    """One unit's judging in a period; `days` says how many turns took how many working days."""

    waiting: int = 0
    consolidated: int = 0
    unread: int = 0
    overdue: int = 0
    passed: int = 0
    accepted: int = 0
    returned: int = 0
    days: Counter[int] = field(default_factory=Counter)

    @property
    def judged(self) -> int:
        """Turns the unit ended itself: accepted, returned, or passed on to the judge."""
        return self.accepted + self.returned + self.passed

    @property
    def open(self) -> int:
        """What the unit still has to judge; reports outside a sample are not asked of it."""
        return self.waiting + self.consolidated

    @property
    def median_days(self) -> float | None:
        """Median working days from the day a report came to the day it was judged."""
        n = sum(self.days.values())
        if not n:
            return None
        low = high = None
        seen = 0
        for days in sorted(self.days):
            seen += self.days[days]
            if low is None and seen >= (n + 1) // 2:
                low = days
            if seen >= n // 2 + 1:
                high = days
                break
        return ((low or 0) + (high or 0)) / 2

    @property
    def return_rate(self) -> float | None:
        """The share of decisions that sent a report back, as `rules.rates` defines it."""
        return return_rate(returned=self.returned, decided=self.accepted + self.returned)

    def add(self, kind: str, due_on: dt.date | None, days: int, n: int, today: dt.date) -> None:
        """Adds one counted key."""
        match kind:
            case _KIND.WAITING:
                self.waiting += n
            case _KIND.CONSOLIDATED:
                self.consolidated += n
            case _KIND.UNREAD:
                self.unread += n
            case _KIND.PASSED:
                self.passed += n
            case _KIND.ACCEPTED:
                self.accepted += n
            case _KIND.RETURNED:
                self.returned += n
        if due_on is None:
            self.days[days] += n
        elif kind != _KIND.UNREAD and due_on < today:
            self.overdue += n


def times(
    period: Period | None, unit_ids: Collection[int] | None, *, today: dt.date
) -> dict[int, JudgingTimes]:
    """The judging of these units (None: of all that judge) in a period (None: in all), by unit.

    One query over counts, never over reports; unit 0 stands for work nobody judges yet.
    """
    counts = JudgingCount.objects.order_by()
    if unit_ids is not None:
        counts = counts.filter(unit_id__in=unit_ids)
    if period is not None:
        counts = counts.filter(period_id=period.pk)
    found = {pk: JudgingTimes() for pk in unit_ids or ()}
    rows = counts.values_list("unit_id", "kind", "due_on", "days").annotate(total=Sum("n"))
    for unit_id, kind, due_on, days, n in rows:
        found.setdefault(unit_id, JudgingTimes()).add(kind, due_on, days, n, today)
    return found


def together(found: Collection[JudgingTimes]) -> JudgingTimes:
    """The judging of several units as one."""
    total = JudgingTimes()
    for one in found:
        for name in (
            "waiting", "consolidated", "unread", "overdue", "passed", "accepted", "returned"
        ):  # fmt: skip
            setattr(total, name, getattr(total, name) + getattr(one, name))
        total.days.update(one.days)
    return total
