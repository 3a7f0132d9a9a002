"""The counts of judging: appended with each change of a turn, folded by the schedule.

The working days a turn took are counted with the calendar of the day it closed. Where somebody
changes a day of the past afterwards, the counts follow at night: the daily check compares them
with the turns and makes them anew (`jobs.check_judging_counts`), with an event that says how many.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from khung.assignments.calendar import working_calendar
from khung.base.locks import named_lock
from khung.reports.models import JudgingCount, JudgingPlan, Review, ReviewTurn
from khung.rules.calendar import WorkingCalendar

LOCK = "judging_counts"
NOBODY = 0
_KIND_OF_VERDICT = {
    Review.Verdict.PASSED: JudgingCount.Kind.PASSED,
    Review.Verdict.ACCEPTED: JudgingCount.Kind.ACCEPTED,
    Review.Verdict.RETURNED: JudgingCount.Kind.RETURNED,
}
_BATCH = 2_000
_MOST_DAYS = 999

# unit (0 for nobody), period, kind, due date of what is open, working days of what is closed.
Key = tuple[int, int, str, dt.date | None, int]


def open_key(turn: ReviewTurn) -> Key:
    """Under which key an open turn is counted."""
    if not turn.is_in_sample:
        kind = JudgingCount.Kind.UNREAD
    elif turn.way == JudgingPlan.Way.CONSOLIDATED:
        kind = JudgingCount.Kind.CONSOLIDATED
    else:
        kind = JudgingCount.Kind.WAITING
    return turn.unit_id or NOBODY, turn.period_id, kind, turn.due_on, 0


def closed_key(
    turn: ReviewTurn, verdict: str, closed_at: dt.datetime, calendar: WorkingCalendar
) -> Key:
    """Under which key a judged turn is counted: by the working days it took."""
    opened_on, closed_on = timezone.localdate(turn.opened_at), timezone.localdate(closed_at)
    days = min(max(calendar.left(opened_on, closed_on), 0), _MOST_DAYS)
    kind = _KIND_OF_VERDICT[Review.Verdict(verdict)]
    return turn.unit_id or NOBODY, turn.period_id, kind, None, days


def append(changes: Iterable[tuple[Key, int]]) -> None:
    """Appends what changed, one row a key; call it in the transaction of the change itself."""
    summed: Counter[Key] = Counter()
    for key, n in changes:
        summed[key] += n
    JudgingCount.objects.bulk_create(
        [_row(key, n) for key, n in summed.items() if n], batch_size=_BATCH
    )


def fold() -> int:
    """Folds appended rows into one a key; returns how many were folded. Part of the schedule."""
    with named_lock(LOCK):
        fresh = list(JudgingCount.objects.filter(is_folded=False).order_by("id")[:_BATCH])
        if not fresh:
            return 0
        summed: Counter[Key] = Counter()
        for row in fresh:
            summed[_key(row)] += row.n
        units = {key[0] for key in summed}
        periods = {key[1] for key in summed}
        folded = {
            _key(row): row.pk
            for row in JudgingCount.objects.filter(
                unit_id__in=units, period_id__in=periods, is_folded=True
            )
        }
        for key, n in summed.items():
            if n and key in folded:
                JudgingCount.objects.filter(pk=folded[key]).update(n=F("n") + n)
        JudgingCount.objects.bulk_create(
            [_row(key, n, is_folded=True) for key, n in summed.items() if n and key not in folded],
            batch_size=_BATCH,
        )
        JudgingCount.objects.filter(pk__in=[row.pk for row in fresh]).delete()
        JudgingCount.objects.filter(pk__in=folded.values(), n=0).delete()
        return len(fresh)


def rebuild() -> None:
    """Counts all turns anew, for an import and for the nightly check."""
    with named_lock(LOCK):
        JudgingCount.objects.all().delete()
        counted = counted_anew()
        JudgingCount.objects.bulk_create(
            [_row(key, n, is_folded=True) for key, n in counted.items()], batch_size=_BATCH
        )


def differences() -> dict[Key, tuple[int, int]]:
    """Keys whose count is not what the turns say: (counted, as it should be)."""
    stands: Counter[Key] = Counter()
    rows = JudgingCount.objects.values_list("unit_id", "period_id", "kind", "due_on", "days")
    for *key, n in rows.annotate(total=Sum("n")).order_by():
        stands[tuple(key)] += n
    should = counted_anew()
    return {
        key: (stands[key], should[key])
        for key in stands.keys() | should.keys()
        if stands[key] != should[key]
    }


def counted_anew() -> Counter[Key]:
    """What the counts must be, from the turns and their reviews."""
    calendar, found = working_calendar(), Counter[Key]()
    verdict = Review.objects.filter(
        Q(by_unit=OuterRef("unit")) | Q(by_unit__isnull=True),
        report=OuterRef("report"),
        at=OuterRef("closed_at"),
    )
    turns = ReviewTurn.objects.annotate(verdict=Subquery(verdict.values("verdict")[:1]))
    for turn in turns.order_by().iterator(chunk_size=_BATCH):
        if turn.closed_at is None:
            found[open_key(turn)] += 1
        elif turn.verdict in _KIND_OF_VERDICT:
            found[closed_key(turn, turn.verdict, turn.closed_at, calendar)] += 1
    return found


def _key(row: JudgingCount) -> Key:
    return row.unit_id, row.period_id, row.kind, row.due_on, row.days


def _row(key: Key, n: int, *, is_folded: bool = False) -> JudgingCount:
    unit_id, period_id, kind, due_on, days = key
    return JudgingCount(
        unit_id=unit_id,
        period_id=period_id,
        kind=kind,
        due_on=due_on,
        days=days,
        n=n,
        is_folded=is_folded,
    )
