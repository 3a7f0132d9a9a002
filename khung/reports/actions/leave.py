"""Taking leave to report after the lock back, without closing what is being corrected."""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from khung.assignments.actions import revoke_lock_exception
from khung.assignments.calendar import working_calendar
from khung.assignments.models import Assignment, LockException
from khung.orgs.models import Person
from khung.reports import turns
from khung.reports.models import Report, Review


@transaction.atomic
def revoke_leave(
    *, exception: LockException, version: int, by: Person, now: dt.datetime
) -> LockException:
    """Takes leave back; a report being corrected stays open until the day it was given.

    One its unit withdrew was given none: it has the working days of a return, as far as the leave
    went. Raises as `revoke_lock_exception`.
    """
    return revoke_lock_exception(
        exception=exception,
        version=version,
        by=by,
        now=now,
        corrections=_corrections(exception, timezone.localdate(now)),
    )


def _corrections(exception: LockException, today: dt.date) -> dict[int, dt.date]:
    """Until when each report being corrected stays open, by assignment id; one query."""
    sent = Report.objects.filter(assignment=OuterRef("pk"), sent_at__isnull=False)
    verdicts = (Review.Verdict.RETURNED, Review.Verdict.REOPENED)
    redo = Max("reports__reviews__redo_by", filter=Q(reports__reviews__verdict__in=verdicts))
    again = Assignment.objects.filter(
        Exists(sent),
        unit=exception.unit_id,
        counts_in=exception.period_id,
        state="in_progress",
    ).annotate(redo=redo)
    given = working_calendar().add(today, turns.REDO_WORKING_DAYS)
    return {pk: redo or given for pk, redo in again.values_list("pk", "redo")}
