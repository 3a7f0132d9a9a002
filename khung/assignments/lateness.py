"""The schedule's stamp on assignments whose due date passed without a report."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from khung.assignments import rollup
from khung.assignments.expanding import standing
from khung.assignments.models import OPEN_STATES, Assignment, LatenessEvent
from khung.base.audit import record
from khung.base.locks import named_lock
from khung.base.models import AuditEvent

LOCK = "lateness"
AT_MOST = 20_000
_CHUNK = 500


def stamp_lateness(*, today: dt.date, now: dt.datetime) -> int:
    """Stamps assignments that are past due, at most AT_MOST of them; returns how many.

    A unit that ended before the due date is not late: its duty ended with it.
    """
    with named_lock(LOCK):
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
        _mark(late, is_late=True)
        record(
            by="system:schedule",
            now=now,
            verb="lateness.stamped",
            subject="assignments",
            data={"stamped": len(late), "today": today.isoformat()},
        )
    return len(late)


def stamp_at_sending(assignment: Assignment, *, today: dt.date, now: dt.datetime) -> None:
    """Stamps a report sent after its due date but before the schedule came by.

    Call it inside the action that sends, with the assignment as it stands, read with its unit.
    """
    if assignment.is_late or today <= assignment.due_on:
        return
    LatenessEvent.objects.get_or_create(
        assignment=assignment, deadline=assignment.due_on, defaults={"stamped_at": now}
    )
    _mark([assignment], is_late=True)


def take_back(stamped: QuerySet[Assignment], *, timely_on: dt.date) -> int:
    """Makes work that a wrong deadline stamped not late again; returns how much.

    Work reported after `timely_on`, the right deadline, stays late. Open work past it is stamped
    anew by the schedule. The events stay as history. Call it inside an audited action.
    """
    late = stamped.filter(is_late=True).select_related("unit").select_for_update(of=("self",))
    rows = list(late.order_by("id"))
    reported = _reported_on([row for row in rows if row.state not in OPEN_STATES])
    cleared = [row for row in rows if row.pk not in reported or reported[row.pk] <= timely_on]
    _mark(cleared, is_late=False)
    return len(cleared)


def _reported_on(rows: Sequence[Assignment]) -> dict[int, dt.date]:
    """The day of each report: what the trail says, else when the assignment last moved."""
    found = {row.pk: row.updated_at for row in rows if row.updated_at}
    for chunk in _chunks(rows):
        events = AuditEvent.objects.filter(
            verb="assignment.submit", subject__in=[f"assignment:{row.pk}" for row in chunk]
        )
        for subject, at in events.order_by("at", "id").values_list("subject", "at"):
            found[int(subject.partition(":")[2])] = at
    return {pk: timezone.localdate(at) for pk, at in found.items()}


def _chunks(rows: Sequence[Assignment]) -> Iterator[Sequence[Assignment]]:
    return (rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK))


def _mark(rows: Sequence[Assignment], *, is_late: bool) -> None:
    """Sets who is late, with the deltas; `updated_at` stays, because no person did anything."""
    deltas: list[tuple[rollup.Standing, int]] = []
    for assignment in rows:
        deltas.append((standing(assignment, assignment.unit.level), -1))
        assignment.is_late = is_late
        deltas.append((standing(assignment, assignment.unit.level), 1))
    for chunk in _chunks(rows):
        Assignment.objects.filter(pk__in=[row.pk for row in chunk]).update(is_late=is_late)
    rollup.append(deltas)
