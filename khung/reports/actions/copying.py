"""Copying what was reported of the same task in an earlier period."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.frameworks.models import TaskItem
from khung.orgs.models import Person
from khung.reports import reach, sheet
from khung.reports.actions.drafts import begin_draft
from khung.reports.models import Report
from khung.rules.permissions import Permission
from khung.rules.text import fold

COPIED = ("outcome", "text", "reason", "quantity", "quantity_of")


class AlreadyWritten(Exception):
    """There are words in the draft, and a copy would replace them."""

    def __init__(self, draft: Report) -> None:
        self.draft = draft
        super().__init__(
            gettext(
                "Nhiệm vụ đã có nội dung nên không chép đè. Muốn dùng nội dung kỳ trước, xóa nội "
                "dung đang có rồi chép lại."
            )
        )


class NothingToCopy(Exception):
    """The unit sent no report of this task in an earlier period."""

    def __init__(self) -> None:
        super().__init__(gettext("Kỳ trước đơn vị chưa gửi báo cáo nào của nhiệm vụ này."))


@transaction.atomic
def copy_last(*, assignment: Assignment, by: Person, now: dt.datetime) -> Report:
    """Begins the draft with the words of the unit's last report of the task in an earlier period.

    Evidence is not copied: what still holds is carried over piece by piece. Raises AlreadyWritten
    rather than replace words, NothingToCopy, and as `begin_draft` does.
    """
    reach.writing_unit(by, assignment, Permission.REPORT_WORK, timezone.localdate(now))
    source_id = sheet.sources_of_copy([assignment]).get(assignment.pk)
    if source_id is None:
        raise NothingToCopy
    draft = begin_draft(assignment=assignment, by=by, now=now)
    if sheet.has_words(draft):
        raise AlreadyWritten(draft)
    return _filled(draft, source_id, by=by, now=now)


@transaction.atomic
def copy_last_of_all(*, assignments: Sequence[int], by: Person, now: dt.datetime) -> list[Report]:
    """The same for each of these that nobody began and that is not locked; the others stay.

    Returns the drafts begun. Raises PermissionDenied if one of them is not theirs to write.
    """
    today = timezone.localdate(now)
    found = Assignment.objects.filter(pk__in=assignments, state="not_started", locks_on__gte=today)
    empty = list(found.select_related("unit", "counts_in").order_by("id"))
    sources = sheet.sources_of_copy(empty)
    begun = []
    for one in empty:
        if one.pk not in sources:
            continue
        draft = begin_draft(assignment=one, by=by, now=now)
        # Somebody's first words may have come in since, or stand there from before an exemption.
        if not sheet.has_words(draft):
            begun.append(_filled(draft, sources[one.pk], by=by, now=now))
    return begun


def _filled(draft: Report, source_id: int, *, by: Person, now: dt.datetime) -> Report:
    source = Report.objects.select_related("assignment__counts_in").get(pk=source_id)
    for name in COPIED:
        setattr(draft, name, getattr(source, name))
    draft.methods_done = _same_methods(source, draft.assignment)
    draft.edited_by, draft.edited_at = by, now
    draft.is_ready = False
    draft.version += 1
    draft.save()
    record(
        by=by,
        now=now,
        verb="report.copied",
        subject=f"assignment:{draft.assignment_id}",
        data={"number": draft.number, "code": source.assignment.counts_in.code},
    )
    return draft


def _same_methods(source: Report, assignment: Assignment) -> list[int]:
    """The methods ticked then, as the items of this assignment's version of the task."""
    if source.assignment.task_version_id == assignment.task_version_id:
        return list(source.methods_done)
    then = TaskItem.objects.filter(pk__in=source.methods_done)
    ticked = {fold(item.words) for item in then}
    now = TaskItem.objects.filter(
        task_version=assignment.task_version_id, field=TaskItem.Field.METHOD
    ).order_by("position")
    return [item.pk for item in now if fold(item.words) in ticked]
