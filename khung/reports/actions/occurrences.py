"""Counting the times a task was done through its year ("mỗi năm ít nhất 02 lần")."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.orgs.models import Person
from khung.reports import sheet
from khung.reports.actions.drafts import begin_draft
from khung.reports.models import Evidence, Occurrence


class WrongOccurrence(Exception):
    """What was entered is no occurrence of this task; says why, in Vietnamese.

    `about` names the field it is about.
    """

    def __init__(self, about: str, why: str) -> None:
        self.about = about
        super().__init__(why)


@transaction.atomic
def record_occurrence(
    *,
    assignment: Assignment,
    happened_on: dt.date,
    text: str,
    by: Person,
    now: dt.datetime,
    evidence: Evidence | None = None,
) -> Occurrence:
    """Records one time a counted task was done; the same one recorded twice counts once.

    Raises WrongOccurrence for a day in the future or outside the span that is counted, or words
    that are missing, and as `begin_draft` does: the count is part of the report being written.
    """
    _check(assignment, happened_on, text, timezone.localdate(now))
    if evidence is not None and evidence.unit_id != assignment.unit_id:
        raise PermissionDenied("evidence of another unit")
    begin_draft(assignment=assignment, by=by, now=now)
    stand = Occurrence.objects.filter(assignment=assignment, withdrawn_at__isnull=True)
    same = stand.filter(happened_on=happened_on, text=text).first()
    if same is not None:
        return same
    made = Occurrence.objects.create(
        assignment=assignment,
        happened_on=happened_on,
        text=text,
        evidence=evidence,
        recorded_by=by,
        recorded_at=now,
    )
    record(
        by=by,
        now=now,
        verb="occurrence.recorded",
        subject=f"assignment:{assignment.pk}",
        data={"day": happened_on.isoformat(), "text": text},
    )
    return made


@transaction.atomic
def withdraw_occurrence(*, occurrence: Occurrence, by: Person, now: dt.datetime) -> Occurrence:
    """Takes an occurrence out of the count; it stays in the table. Twice is once.

    Raises as `begin_draft` does: what a sent report counted stays counted.
    """
    begin_draft(assignment=occurrence.assignment, by=by, now=now)
    stands = Occurrence.objects.filter(pk=occurrence.pk, withdrawn_at__isnull=True)
    if stands.update(withdrawn_at=now):
        record(
            by=by,
            now=now,
            verb="occurrence.withdrawn",
            subject=f"assignment:{occurrence.assignment_id}",
            data={"day": occurrence.happened_on.isoformat(), "text": occurrence.text},
        )
    occurrence.refresh_from_db()
    return occurrence


def _check(assignment: Assignment, happened_on: dt.date, text: str, today: dt.date) -> None:
    if not assignment.quota:
        raise WrongOccurrence(
            "text", gettext("Nhiệm vụ này không tính theo số lần; ghi vào kết quả.")
        )
    if not text.strip():
        raise WrongOccurrence("text", gettext("Ghi đã làm gì, ở đâu."))
    if happened_on > today:
        raise WrongOccurrence("happened_on", gettext("Ngày này chưa đến; chỉ ghi lần đã làm."))
    first, last = sheet.counted_span(assignment)
    if not first <= happened_on <= last:
        raise WrongOccurrence(
            "happened_on",
            gettext("Nhiệm vụ này tính các lần từ %(first)s đến %(last)s.")
            % {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"},
        )
