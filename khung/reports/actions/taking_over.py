"""What villages sent, taken over into a report or refused."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.frameworks.models import TaskItem
from khung.orgs.acting import require_in
from khung.orgs.models import Person
from khung.reports import proofs
from khung.reports.actions.drafts import Written, begin_draft, save_draft
from khung.reports.actions.evidence import reuse_evidence
from khung.reports.models import Evidence, VillageSending
from khung.rules.permissions import Permission

# What the page of a report takes.
LONGEST_TEXT = 10_000


class AlreadyHandled(Exception):
    """A colleague took the sending over or refused it; `sending` is how it stands."""

    def __init__(self, sending: VillageSending) -> None:
        super().__init__()
        self.sending = sending


class TooLong(ValueError):
    """The draft has no room for the village's words."""

    def __init__(self) -> None:
        super().__init__(
            gettext("Nội dung báo cáo đã quá dài để thêm lời của thôn. Rút gọn rồi nhận lại.")
        )


@transaction.atomic
def take_over(
    *,
    sending: VillageSending,
    assignment: Assignment,
    method: TaskItem | None,
    pieces: Collection[int],
    has_personal_data: bool,
    with_text: bool,
    answer: str,
    by: Person,
    now: dt.datetime,
) -> list[Evidence]:
    """Puts what a village sent into the draft of an assignment, under a method or the whole.

    `pieces` are the ids of its photographs to use; the others stay with the unit. Where
    `with_text` its words follow those of the draft. Raises AlreadyHandled, TooLong, ValueError
    for work of another unit, and what `add_evidence` raises (TooMany, Locked, NotAllowed,
    PermissionDenied).
    """
    held = _to_handle(sending, by, now)
    if assignment.unit_id != held.link.unit_id:
        raise ValueError("work of another unit")
    wanted = [one.pk for one in held.evidence.filter(pk__in=list(pieces))]
    used = reuse_evidence(assignment=assignment, method=method, evidence=wanted, by=by, now=now)
    for piece in held.evidence.filter(pk__in=wanted):
        if piece.has_personal_data != has_personal_data and not proofs.is_fixed(piece):
            piece.has_personal_data = has_personal_data
            piece.save(update_fields=["has_personal_data"])
    if with_text and held.text:
        _append(assignment, held, by=by, now=now)
    held.assignment = assignment
    _handled(held, True, answer, by=by, now=now)
    record(
        by=by,
        now=now,
        verb="village.taken_over",
        subject=f"assignment:{assignment.pk}",
        data={"village": held.link.village_name, "photos": len(wanted)},
    )
    return used


def _append(
    assignment: Assignment, sending: VillageSending, *, by: Person, now: dt.datetime
) -> None:
    """The village's words after those of the draft, on a line of their own."""
    draft = begin_draft(assignment=assignment, by=by, now=now)
    words = f"{sending.link.village_name}: {sending.text}"
    text = f"{draft.text.rstrip()}\n{words}" if draft.text.strip() else words
    if len(text) > LONGEST_TEXT:
        raise TooLong
    # Whoever has the draft open meanwhile sees both texts when they save.
    save_draft(
        assignment=assignment,
        written=Written(
            outcome=draft.outcome,
            text=text,
            reason=draft.reason,
            quantity=draft.quantity,
            quantity_of=draft.quantity_of,
            methods_done=tuple(draft.methods_done),
        ),
        version=None,
        by=by,
        now=now,
    )


@transaction.atomic
def refuse_sending(
    *, sending: VillageSending, answer: str, by: Person, now: dt.datetime
) -> VillageSending:
    """Says that a sending is of no use, with words the village head reads on the phone.

    Its photographs and words are deleted later (`ticks`). Raises AlreadyHandled, ValueError
    without words, PermissionDenied.
    """
    if not answer.strip():
        raise ValueError(gettext("Ghi lý do không nhận để thôn biết mà gửi lại."))
    held = _to_handle(sending, by, now)
    _handled(held, False, answer, by=by, now=now)
    about = held.assignment_id
    record(
        by=by,
        now=now,
        verb="village.refused",
        subject=f"assignment:{about}" if about else f"unit:{held.link.unit_id}",
        data={"village": held.link.village_name, "answer": answer},
    )
    return held


def _to_handle(sending: VillageSending, by: Person, now: dt.datetime) -> VillageSending:
    """The sending, locked, for whoever handles those of its unit."""
    held = (
        VillageSending.objects.select_for_update(of=("self",))
        .select_related("link__unit", "handled_by")
        .get(pk=sending.pk)
    )
    require_in(by, Permission.LINK_VILLAGES, held.link.unit, timezone.localdate(now))
    if held.is_taken_over is not None:
        raise AlreadyHandled(held)
    return held


def _handled(
    held: VillageSending, is_taken_over: bool, answer: str, *, by: Person, now: dt.datetime
) -> None:
    held.is_taken_over, held.answer = is_taken_over, answer
    held.handled_by, held.handled_at = by, now
    held.save()
