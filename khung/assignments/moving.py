"""Changing where assignments stand, with their deltas: the bulk work behind the verbs."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from khung.assignments import expanding, rollup
from khung.assignments.models import Assignment, Exemption
from khung.orgs.models import Person

_BATCH = 500


def move_many(moves: Iterable[tuple[Assignment, str, bool]], *, now: dt.datetime) -> int:
    """Sets (state, is_late) of assignments read with their unit, and appends the deltas.

    For use inside an audited action only; returns how many changed.
    """
    changed: list[Assignment] = []
    deltas: list[tuple[rollup.Standing, int]] = []
    for assignment, state, is_late in moves:
        if (assignment.state, assignment.is_late) == (state, is_late):
            continue
        deltas.append((expanding.standing(assignment, assignment.unit.level), -1))
        assignment.state, assignment.is_late, assignment.updated_at = state, is_late, now
        deltas.append((expanding.standing(assignment, assignment.unit.level), 1))
        changed.append(assignment)
    if len(changed) == 1:
        # A report sent by itself: the plain statement takes a third of the time.
        (one,) = changed
        Assignment.objects.filter(pk=one.pk).update(
            state=one.state, is_late=one.is_late, updated_at=now
        )
    else:
        columns = ["state", "is_late", "updated_at"]
        Assignment.objects.bulk_update(changed, columns, batch_size=_BATCH)
    rollup.append(deltas)
    return len(changed)


def exempt_many(found: QuerySet[Assignment], *, reason: str, by: Person, now: dt.datetime) -> int:
    """Exempts the assignments found, each with who let it off, when and why; returns how many.

    They are locked first, so that a report sent in at the same moment is not overwritten.
    """
    rows = list(found.select_related("unit").select_for_update(of=("self",)).order_by("id"))
    Exemption.objects.bulk_create(
        Exemption(assignment=assignment, granted_by=by, granted_at=now, reason=reason)
        for assignment in rows
    )
    return move_many([(assignment, "exempt", assignment.is_late) for assignment in rows], now=now)
