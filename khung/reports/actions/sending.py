"""Approving, sending and withdrawing reports, one or many at once."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.actions import change_state
from khung.assignments.lateness import stamp_at_sending
from khung.base.audit import record
from khung.orgs.acting import require_in
from khung.orgs.models import Person, RoleHeld
from khung.reports import drafting, reach, turns, unit_side
from khung.reports.models import Report, ReportingHabit
from khung.rules.permissions import Permission, permissions_of
from khung.rules.reporting import NOTHING_AROSE
from khung.rules.workflow import NotAllowed


@dataclass(slots=True)
class Sending:
    """What became of drafts handed in together: those sent, and why each other one was not.

    `before` are those handed to the head earlier already.
    """

    sent: list[Report] = field(default_factory=list)
    refused: list[tuple[Report, list[str]]] = field(default_factory=list)
    before: list[Report] = field(default_factory=list)


class NotTheirs(Exception):
    """The unit named who sends its reports, and so who takes them back; the message says who."""

    def __init__(self, focal: Person) -> None:
        said = gettext("Đầu mối của đơn vị (%(name)s) hoặc thủ trưởng mới thu hồi được báo cáo.")
        super().__init__(said % {"name": focal.full_name})


@transaction.atomic
def send_reports(
    *,
    drafts: Sequence[int],
    by: Person,
    now: dt.datetime,
    seen: Mapping[int, str] | None = None,
) -> Sending:
    """Sends the drafts with these ids that are complete; the others stay as they are.

    A draft that lacks something, is locked or let off, waits for its head's approval or does not
    stand as `seen` any more (ids to `drafting.marks_of`, for who reads before signing) is refused
    with the reasons, in Vietnamese. Whoever may approve approves by sending. The same draft sent
    twice is sent once. Raises PermissionDenied if one of them is not theirs to send.
    """
    found, held = drafting.taken(drafts), reach.held_by(by, timezone.localdate(now))
    return send_taken(found=found, held=held, by=by, now=now, seen=seen)


@transaction.atomic(savepoint=False)
def send_taken(
    *,
    found: Sequence[Report],
    held: Sequence[RoleHeld],
    by: Person,
    now: dt.datetime,
    seen: Mapping[int, str] | None = None,
) -> Sending:
    """Sends drafts whose assignments the caller's transaction holds; see `send_reports`.

    `held` are the person's roles of the day.
    """
    today, result = timezone.localdate(now), Sending()
    enters = {
        one.pk: reach.writing_unit(by, one.assignment, Permission.SUBMIT_REPORT, today, held)
        for one in found
    }
    gaps = drafting.gaps_of(found)
    approval, read = _Approval(by, found, held), _Read(found, seen)
    desk = turns.desk_for([one.assignment for one in found], today)
    for one in found:
        reasons = read.missing(one) + [drafting.gap_words(gap) for gap in gaps[one.pk]]
        reasons += drafting.closed_by(one, today) + approval.missing(one, entered=enters[one.pk])
        if reasons:
            result.refused.append((one, reasons))
            continue
        if one.approved_at is None and approval.is_theirs(one) and not enters[one.pk]:
            one.approved_by, one.approved_at = by, now
        result.sent.append(_send(one, desk, by=by, now=now))
    return result


class _Read:
    """Whether whoever signs has read the drafts as they stand."""

    def __init__(self, drafts: Sequence[Report], seen: Mapping[int, str] | None) -> None:
        self._seen = seen
        self._marks = {} if seen is None else drafting.marks_of(drafts)

    def missing(self, draft: Report) -> list[str]:
        """Why the draft has to be read again; nothing where nobody said what they read."""
        if self._seen is None or self._seen.get(draft.pk) == self._marks[draft.pk]:
            return []
        words, _, _ = self._seen.get(draft.pk, "").partition("-")
        if words == str(draft.version):
            return [gettext("Tài liệu kiểm chứng vừa được thêm, bớt hoặc sửa; hãy đọc bản mới.")]
        who = draft.edited_by.full_name if draft.edited_by else gettext("Người khác")
        at = f"{timezone.localtime(draft.edited_at):%H:%M %d/%m/%Y}"
        said = gettext("%(who)s vừa sửa lúc %(at)s; hãy đọc bản mới rồi duyệt.")
        return [said % {"who": who, "at": at}]


class _Approval:
    """Whether the unit's head has approved, or need not, or does so by sending."""

    def __init__(self, by: Person, drafts: Sequence[Report], held: Iterable[RoleHeld]) -> None:
        self._by = by
        self._approves_in = {
            role.unit_id
            for role in held
            if Permission.APPROVE_REPORT in permissions_of([role.role])
        }
        units = {draft.assignment.unit_id for draft in drafts}
        habits = ReportingHabit.objects.filter(unit__in=units).select_related("focal_person")
        self._habits = {habit.unit_id: habit for habit in habits}

    def is_theirs(self, draft: Report) -> bool:
        """Whether the person may approve in the unit of this draft."""
        return draft.assignment.unit_id in self._approves_in

    def missing(self, draft: Report, *, entered: bool) -> list[str]:
        """Why the draft may not leave yet; who may approve has approved it by sending."""
        if entered or self.is_theirs(draft):
            return []
        reasons, habit = [], self._habits.get(draft.assignment.unit_id)
        focal = habit.focal_person if habit else None
        if focal is not None and focal.pk != self._by.pk:
            said = gettext("Đầu mối của đơn vị (%(name)s) gửi báo cáo.")
            reasons.append(said % {"name": focal.full_name})
        if (habit is None or habit.head_approves) and draft.approved_at is None:
            reasons.append(gettext("Chờ thủ trưởng hoặc cấp phó duyệt."))
        return reasons


def _send(draft: Report, desk: turns.Desk, *, by: Person, now: dt.datetime) -> Report:
    today = timezone.localdate(now)
    assignment = draft.assignment
    if assignment.state != "in_progress":
        # Written before an exemption that was taken back since.
        assignment = change_state(
            assignment=assignment, verb="update", version=None, by=by, now=now, is_held=True
        )
    # Who may was asked for each draft, in the unit it is of (`reach.writing_unit`).
    assignment = change_state(
        assignment=assignment,
        verb="submit",
        version=None,
        by=by,
        now=now,
        nothing_arose=draft.outcome == NOTHING_AROSE,
        is_held=True,
    )
    stamp_at_sending(assignment, today=today, now=now)
    draft.sent_by, draft.sent_at = by, now
    draft.version += 1
    draft.save(update_fields=["approved_by", "approved_at", "sent_by", "sent_at", "version"])
    turns.open_turn(desk, draft, assignment, now=now, today=today)
    return draft


@transaction.atomic
def approve_reports(
    *,
    drafts: Sequence[int],
    by: Person,
    now: dt.datetime,
    seen: Mapping[int, str] | None = None,
) -> Sending:
    """The head approves complete drafts, so that they may leave; the others are refused.

    So is a draft that does not stand as `seen` any more, as in `send_reports`. Raises
    PermissionDenied if one of them belongs to another unit.
    """
    today, result = timezone.localdate(now), Sending()
    found = drafting.taken(drafts)
    for one in found:
        require_in(by, Permission.APPROVE_REPORT, one.assignment.unit, today)
    gaps, read = drafting.gaps_of(found), _Read(found, seen)
    for one in found:
        reasons = read.missing(one) + [drafting.gap_words(gap) for gap in gaps[one.pk]]
        reasons += drafting.closed_by(one, today)
        if reasons:
            result.refused.append((one, reasons))
            continue
        one.approved_by, one.approved_at = by, now
        one.version += 1
        one.save(update_fields=["approved_by", "approved_at", "version"])
        record(
            by=by,
            now=now,
            verb="report.approved",
            subject=f"assignment:{one.assignment_id}",
            data={"number": one.number},
        )
        result.sent.append(one)
    return result


@transaction.atomic
def withdraw_report(*, report: Report, by: Person, now: dt.datetime) -> Report:
    """Takes a sent report back to correct it; the sent version stays readable.

    Returns the new draft. Raises NotAllowed once it is judged, Locked after the lock date,
    NotTheirs for a colleague of the focal person, PermissionDenied for other units' people.
    """
    today = timezone.localdate(now)
    enters = reach.writing_unit(by, report.assignment, Permission.SUBMIT_REPORT, today)
    if not enters and (focal := unit_side.sends_instead(by, report.assignment.unit, today)):
        raise NotTheirs(focal)
    drafting.require_open(report.assignment, today)
    newest = drafting.newest(report.assignment)
    if newest is None or newest.pk != report.pk:
        raise NotAllowed("in_progress", "withdraw")
    assignment = change_state(
        assignment=report.assignment,
        verb="withdraw",
        version=None,
        by=by,
        now=now,
        under=Permission.ENTER_FOR_UNIT if enters else None,
    )
    turns.withdraw(report, now=now)
    report.withdrawn_at = now
    report.save(update_fields=["withdrawn_at"])
    return drafting.begin(assignment, now)
