"""The schedule's stamp on assignments whose due date passed without a report."""

import datetime as dt

from django.db.models import F, Q

from khung.assignments import rollup
from khung.assignments.expanding import standing
from khung.assignments.models import OPEN_STATES, Assignment, LatenessEvent
from khung.base.audit import record
from khung.base.locks import named_lock

AT_MOST = 20_000
_CHUNK = 500


def stamp_lateness(*, today: dt.date, now: dt.datetime) -> int:
    """Stamps assignments that are past due, at most AT_MOST of them; returns how many.

    A unit that ended before the due date is not late: its duty ended with it.
    """
    with named_lock("lateness"):
        late = list(
            Assignment.objects.select_for_update(of=("self",))
            .filter(
                Q(unit__valid_to__isnull=True) | Q(unit__valid_to__gte=F("due_on")),
                due_on__lt=today,
                is_late=False,
                state__in=OPEN_STATES,
            )
            .select_related("unit")
            .order_by("id")[:AT_MOST]
        )
        if not late:
            return 0
        LatenessEvent.objects.bulk_create(
            (
                LatenessEvent(assignment=assignment, deadline=assignment.due_on, stamped_at=now)
                for assignment in late
            ),
            ignore_conflicts=True,
        )
        _mark(late)
        record(
            by="system:schedule",
            now=now,
            verb="lateness.stamped",
            subject="assignments",
            data={"stamped": len(late), "today": today.isoformat()},
        )
    return len(late)


def _mark(late: list[Assignment]) -> None:
    """Marks them late, with their deltas; `updated_at` stays, because no person did anything."""
    deltas: list[tuple[rollup.Standing, int]] = []
    for assignment in late:
        deltas.append((standing(assignment, assignment.unit.level), -1))
        assignment.is_late = True
        deltas.append((standing(assignment, assignment.unit.level), 1))
    for start in range(0, len(late), _CHUNK):
        chunk = [assignment.pk for assignment in late[start : start + _CHUNK]]
        Assignment.objects.filter(pk__in=chunk).update(is_late=True)
    rollup.append(deltas)
