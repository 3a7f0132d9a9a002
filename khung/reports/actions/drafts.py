"""Writing a report: saving the draft of one assignment, and saying that it is ready."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from khung.assignments.actions import change_state
from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.base.versions import StaleRecord
from khung.orgs.models import Person, RoleHeld
from khung.reports import drafting, reach
from khung.reports.actions.sending import Sending, send_taken
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

    `version` is that of the draft the person read, 0 where there was none; None saves over
    whatever stands there. Raises StaleRecord (its `current` is the draft as it stands) where
    somebody else saved since, Locked after the lock date, NotAllowed while the report is sent,
    PermissionDenied for other units' people.
    """
    held = reach.held_by(by, timezone.localdate(now))
    return _written(assignment, written, version, held, by=by, now=now)


@transaction.atomic
def save_and_send(
    *, assignment: Assignment, written: Written, version: int | None, by: Person, now: dt.datetime
) -> tuple[Report, Sending]:
    """Saves what was written and sends it, in one go; refused, it stays as the draft saved.

    Raises as `save_draft` does.
    """
    held = reach.held_by(by, timezone.localdate(now))
    draft = _written(assignment, written, version, held, by=by, now=now)
    return draft, send_taken(found=[draft], held=held, by=by, now=now)


def _written(
    assignment: Assignment,
    written: Written,
    version: int | None,
    held: Sequence[RoleHeld],
    *,
    by: Person,
    now: dt.datetime,
) -> Report:
    """The draft as it was saved, with its assignment as this transaction holds it."""
    today = timezone.localdate(now)
    enters = reach.writing_unit(by, assignment, Permission.REPORT_WORK, today, held)
    drafting.require_open(assignment, today)
    draft, current = _take_draft(assignment=assignment, enters=enters, by=by, now=now)
    draft.assignment = current
    # A draft begun for a piece of evidence has no words of anybody's yet: none are lost.
    is_first = version == 0 and draft.edited_by_id is None
    if version is not None and draft.version != version and not is_first:
        raise StaleRecord(draft)
    is_new_hand = draft.edited_by_id != by.pk
    is_readied = written.is_ready and not draft.is_ready
    before = _words(draft)
    draft.outcome, draft.text, draft.reason = written.outcome, written.text, written.reason
    draft.quantity, draft.quantity_of = written.quantity, written.quantity_of
    draft.methods_done, draft.is_ready = list(written.methods_done), written.is_ready
    draft.edited_by, draft.edited_at = by, now
    if _words(draft) != before:
        # What the head approved is no longer what stands there, nor the result confirmed with
        # another agency.
        draft.approved_by = draft.approved_at = None
        draft.joint_with = None
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
    if is_readied:
        _record_ready(draft, by=by, now=now)
    return draft


def _words(draft: Report) -> list[object]:
    """All that the head approves of a draft beside its evidence."""
    names = ("outcome", "text", "reason", "quantity", "quantity_of", "methods_done")
    return [getattr(draft, name) for name in names]


@transaction.atomic
def begin_draft(*, assignment: Assignment, by: Person, now: dt.datetime) -> Report:
    """The draft of an assignment, begun where there is none, for whoever may write it.

    For verbs that put something into it other than words; they record their own event. What the
    head approved before is not approved any more, nor is it the result of another agency that the
    unit confirmed. Raises as `save_draft` does, but never
    StaleRecord.
    """
    today = timezone.localdate(now)
    enters = reach.writing_unit(by, assignment, Permission.REPORT_WORK, today)
    drafting.require_open(assignment, today)
    draft, current = _take_draft(assignment=assignment, enters=enters, by=by, now=now)
    draft.approved_by = draft.approved_at = draft.joint_with = None
    draft.entered_by_unit = reach.entering_unit(by, current, today) if enters else None
    draft.save(update_fields=["approved_by", "approved_at", "joint_with", "entered_by_unit"])
    return draft


@transaction.atomic
def mark_ready(*, drafts: Sequence[int], by: Person, now: dt.datetime) -> Sending:
    """Hands complete drafts to the head for approval; the others are refused with their gaps.

    Raises PermissionDenied if one of them belongs to another unit.
    """
    today, result = timezone.localdate(now), Sending()
    found = drafting.taken(drafts)
    for one in found:
        reach.writing_unit(by, one.assignment, Permission.REPORT_WORK, today)
    gaps = drafting.gaps_of(found)
    for one in found:
        reasons = [drafting.gap_words(gap) for gap in gaps[one.pk]] + drafting.closed_by(one, today)
        if reasons:
            result.refused.append((one, reasons))
            continue
        if one.is_ready:
            result.before.append(one)
            continue
        # The words stay as they were read: no new version, so nobody's page becomes stale.
        one.is_ready = True
        one.save(update_fields=["is_ready"])
        _record_ready(one, by=by, now=now)
        result.sent.append(one)
    return result


def _record_ready(draft: Report, *, by: Person, now: dt.datetime) -> None:
    record(
        by=by,
        now=now,
        verb="report.readied",
        subject=f"assignment:{draft.assignment_id}",
        data={"number": draft.number},
    )


def _take_draft(
    *, assignment: Assignment, enters: bool, by: Person, now: dt.datetime
) -> tuple[Report, Assignment]:
    """The draft to write into and its assignment, locked; begins both where need be.

    For use inside an action that has checked who writes. Raises NotAllowed while it is sent.
    """
    current = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("unit", "counts_in")
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
