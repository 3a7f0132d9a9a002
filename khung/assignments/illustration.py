"""Illustrative progress for the demonstration: plausible, seeded, labelled, and never real.

The same unit, task and period always get the same progress. It writes states directly and makes
the roll-up anew at the end, because nobody did these things: there is no person to record.
"""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction

from khung.assignments import rollup
from khung.assignments.models import Assignment, LatenessEvent, Period
from khung.base.audit import record

# Out of 100 assignments of an ordinary unit: in a period long over, one over, and one still open.
_LONG_OVER = (("accepted", 89), ("submitted", 1), ("returned", 2), ("in_progress", 3))
_LONG = dt.timedelta(days=75)
_CLOSED = (("accepted", 82), ("submitted", 8), ("returned", 2), ("in_progress", 3))
_OPEN = (("accepted", 16), ("submitted", 20), ("returned", 3), ("in_progress", 22))
# Nobody leaves a report unjudged longer than this after it was due.
_JUDGED_WITHIN = dt.timedelta(days=100)
_CHUNK = 5_000
# Some dimensions go slower than others, so that the board has something to say.
_PACE = {"1": 2, "2": -4, "3": 1, "4": -8, "5": 8, "6": 3, "7": -2, "8": 5}


@dataclass(frozen=True, slots=True)
class _Progress:
    state: str
    is_late: bool
    updated_on: dt.date | None


def _progress(seed: str, diligence: int, area: str, due_on: dt.date, today: dt.date) -> _Progress:
    draw = random.Random(seed)  # noqa: S311 - illustration, not secrecy
    is_closed = due_on < today
    shares = _LONG_OVER if due_on + _LONG < today else _CLOSED if is_closed else _OPEN
    roll = draw.randrange(100) - diligence - _PACE[area[0]]
    state = "not_started"
    for name, share in shares:
        if roll < share:
            state = name
            break
        roll -= share
    if state == "not_started":
        return _Progress(state, is_closed, None)
    if state == "submitted" and due_on + _JUDGED_WITHIN < today:
        state = "accepted"
    is_unfinished = state in ("in_progress", "returned")
    is_late = is_closed and (is_unfinished or draw.randrange(100) < 9)
    if is_late and not is_unfinished:
        updated = due_on + dt.timedelta(days=draw.randrange(1, 12))
    else:
        updated = due_on - dt.timedelta(days=draw.randrange(0, 30))
    return _Progress(state, is_late, min(updated, today))


@transaction.atomic
def illustrate(*, period: Period, today: dt.date, now: dt.datetime) -> int:
    """Gives every untouched assignment of a period illustrative progress; returns how many.

    Call `rollup.rebuild` after the last period.
    """
    groups: dict[_Progress, list[int]] = defaultdict(list)
    late: list[LatenessEvent] = []
    rows = Assignment.objects.filter(
        counts_in=period, state="not_started", updated_at__isnull=True
    ).values_list("id", "unit__code", "task_version__no", "area", "due_on")
    for pk, code, no, area, due_on in rows:
        diligence = random.Random(code).randrange(-14, 10)  # noqa: S311 - illustration
        progress = _progress(f"{code} {no} {period.code}", diligence, area, due_on, today)
        groups[progress].append(pk)
        if progress.is_late:
            late.append(LatenessEvent(assignment_id=pk, deadline=due_on, stamped_at=now))
    for progress, ids in groups.items():
        updated = progress.updated_on
        updated_at = (
            dt.datetime.combine(updated, dt.time(15, 0), tzinfo=now.tzinfo) if updated else None
        )
        for start in range(0, len(ids), _CHUNK):
            Assignment.objects.filter(pk__in=ids[start : start + _CHUNK]).update(
                state=progress.state,
                is_late=progress.is_late,
                updated_at=updated_at,
                is_illustrative=True,
            )
    LatenessEvent.objects.bulk_create(late, ignore_conflicts=True, batch_size=2_000)
    touched = sum(len(ids) for ids in groups.values())
    record(
        by="system:demonstration",
        now=now,
        verb="progress.illustrated",
        subject=f"period:{period.code}",
        data={"code": period.code, "assignments": touched},
    )
    return touched


def finish() -> None:
    """Makes the roll-up say what the illustration wrote."""
    rollup.fold_all()
    rollup.rebuild()
