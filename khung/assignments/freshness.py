"""The freshness light of assignments, and the condition that finds those of one colour."""

import datetime as dt

from django.db.models import Case, CharField, Value, When
from django.utils import timezone

from khung.assignments.models import Assignment, Period
from khung.rules.freshness import freshness, measured_on, oldest_days
from khung.rules.timing import CONTINUING

# Nothing is carried on in these.
WITHOUT_LIGHT = ("exempt",)


def light_of(assignment: Assignment, period: Period, today: dt.date) -> str | None:
    """The light of a continuing duty in the period it counts in; None for every other work."""
    if assignment.timing not in CONTINUING or assignment.state in WITHOUT_LIGHT:
        return None
    at = assignment.updated_at
    updated_on = timezone.localdate(at) if at else None
    return freshness(updated_on, period.data_from, measured_on(today, period.ends_on))


def light_case(period: Period, today: dt.date) -> Case:
    """The light as an expression of the database, for continuing duties of one period.

    It says what `light_of` says: an update from before the period counts as its beginning.
    """
    as_of = measured_on(today, period.ends_on)
    if as_of < period.data_from:
        return Case(default=Value(""), output_field=CharField())
    conditions: list[When] = []
    least = "stale"
    for code, oldest in oldest_days(as_of).items():
        if period.data_from >= oldest:
            least = code
            break
        begins = timezone.make_aware(dt.datetime.combine(oldest, dt.time()))
        conditions.append(When(updated_at__gte=begins, then=Value(code)))
    return Case(*conditions, default=Value(least), output_field=CharField())
