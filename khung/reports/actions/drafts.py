"""Writing a report: saving the draft of one assignment."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from khung.assignments.actions import change_state
from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.base.versions import StaleRecord
from khung.orgs.models import Person
from khung.reports import drafting, reach
from khung.reports.models import Report
from khung.rules.permissions import Permission
from khung.rules.workflow import NotAllowed


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote on the page for one assignment."""

    outcome: str = Report.Outcome.DONE
    text: str = ""
    reason: str = ""
    quantity: Decimal | None = None
    quantity_of: str = ""
    methods_done: tuple[int, ...] = ()
    is_ready: bool = False


@transaction.atomic
def save_draft(
    *,
    assignment: Assignment,
    written: Written,
    version: int | None,
    by: Person,
    now: dt.datetime,
) -> Report:
    """Saves what was written; the first save begins the draft and the work.

    `version` is that of the draft the person read, None where there was none. Raises StaleRecord
    (its `current` is the draft as it stands) where somebody else saved since, Locked after the
    lock date, NotAllowed while the report is sent, PermissionDenied for other units' people.
    """
    today = timezone.localdate(now)
    enters = reach.writing_unit(by, assignment, Permission.REPORT_WORK, today)
    drafting.require_open(assignment, today)
    draft, current = _take_draft(assignment=assignment, enters=enters, by=by, now=now)
    if version is not None and draft.version != version:
        raise StaleRecord(draft)
    is_new_hand = draft.edited_by_id != by.pk
    draft.outcome, draft.text, draft.reason = written.outcome, written.text, written.reason
    draft.quantity, draft.quantity_of = written.quantity, written.quantity_of
    draft.methods_done, draft.is_ready = list(written.methods_done), written.is_ready
    draft.edited_by, draft.edited_at = by, now
    # What the head approved is no longer what stands there.
    draft.approved_by = draft.approved_at = None
    draft.entered_by_unit = reach.entering_unit(by, current, today) if enters else None
    draft.version += 1
    draft.save()
    if is_new_hand:
        # One event a hand, not one for each save as they type; sent versions keep the words.
        record(
            by=by,
            now=now,
            verb="report.drafted",
            subject=f"assignment:{current.pk}",
            data={"number": draft.number},
        )
    return draft


def _take_draft(
    *, assignment: Assignment, enters: bool, by: Person, now: dt.datetime
) -> tuple[Report, Assignment]:
    """The draft to write into and its assignment, locked; begins both where need be.

    For use inside an action that has checked who writes. Raises NotAllowed while it is sent.
    """
    current = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("unit")
        .get(pk=assignment.pk)
    )
    if current.state in ("not_started", "returned"):
        current = change_state(
            assignment=current,
            verb="update",
            version=None,
            by=by,
            now=now,
            under=Permission.ENTER_FOR_UNIT if enters else None,
        )
    elif current.state == "in_progress":
        Assignment.objects.filter(pk=current.pk).update(updated_at=now)
    else:
        raise NotAllowed(current.state, "update")
    return drafting.begin(current, now), current
