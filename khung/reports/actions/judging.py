"""Judging sent reports: accept, return, pass on, take an acceptance back, reassign."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from khung.assignments.actions import change_state
from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.frameworks.models import TaskItem
from khung.orgs.acting import require_in
from khung.orgs.models import Person
from khung.reports import reach, turns
from khung.reports.models import Evidence, Remark, Report, ReturnReason, Review, ReviewTurn
from khung.rules.permissions import Permission


class AlreadyJudged(Exception):
    """Somebody else judged the report, or its unit took it back, since the page was opened."""

    def __init__(self, turn: ReviewTurn) -> None:
        self.turn = turn
        self.review = turn.report.reviews.select_related("by").last()
        if self.review is None:
            said = "Đơn vị đã thu hồi báo cáo này để sửa."
        else:
            at = timezone.localtime(self.review.at)
            said = (
                f"{self.review.by.full_name} đã “{self.review.get_verdict_display()}” báo cáo này "
                f"lúc {at:%H:%M %d/%m/%Y}. Ý kiến của bạn chưa được ghi."
            )
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Point:
    """One remark of a return: a managed reason or words, at the place it concerns."""

    reason: ReturnReason | None = None
    text: str = ""
    method: TaskItem | None = None
    evidence: Evidence | None = None


@transaction.atomic
def accept_reports(
    *, judged: Sequence[int], by: Person, now: dt.datetime, text: str = ""
) -> list[Review]:
    """Accepts the reports of these open turns (ids), all or none.

    Raises AlreadyJudged for the first that was closed meanwhile, PermissionDenied for another
    unit's turn, NotAllowed where the assignment moved.
    """
    return [
        _judge(turn, Review.Verdict.ACCEPTED, text, by=by, now=now)
        for turn in _taken(judged, by=by, now=now)
    ]


@transaction.atomic
def return_reports(
    *,
    judged: Sequence[int],
    points: Sequence[Point],
    text: str,
    redo_by: dt.date | None,
    by: Person,
    now: dt.datetime,
) -> list[Review]:
    """Returns the reports of these open turns with reasons, all or none.

    A unit that was on time has until `redo_by` (default: REDO_WORKING_DAYS from today) to send
    again before it is late. Raises ValueError without any reason; else as `accept_reports`.
    """
    if not text.strip() and not any(point.text.strip() or point.reason for point in points):
        raise ValueError("a return needs a reason")
    today = timezone.localdate(now)
    taken = _taken(judged, by=by, now=now)
    desk = turns.desk_for([turn.assignment for turn in taken], today)
    redo = redo_by or desk.calendar.add(today, turns.REDO_WORKING_DAYS)
    found = []
    for turn in taken:
        review = _judge(turn, Review.Verdict.RETURNED, text, by=by, now=now, redo_by=redo)
        _allow_until(turn.assignment_id, redo)
        Remark.objects.bulk_create(
            Remark(
                review=review,
                reason=point.reason,
                text=point.text,
                method=point.method,
                evidence=point.evidence,
            )
            for point in points
        )
        found.append(review)
    return found


def _allow_until(assignment_id: int, redo: dt.date) -> None:
    """The date to send again; a duty already late keeps the deadline it passed."""
    open_again = Assignment.objects.filter(pk=assignment_id)
    open_again.filter(is_late=False, due_on__lt=redo).update(due_on=redo)
    open_again.filter(locks_on__lt=redo).update(locks_on=redo)


@transaction.atomic
def pass_on(*, judged: Sequence[int], by: Person, now: dt.datetime, text: str = "") -> list[Review]:
    """The first reviewer passes reports on to the judge. Raises as `accept_reports`, and
    ValueError for a turn that is the judge's own."""
    taken = _taken(judged, by=by, now=now)
    desk = turns.desk_for([turn.assignment for turn in taken], timezone.localdate(now))
    found = []
    for turn in taken:
        if turn.stage != ReviewTurn.Stage.FIRST:
            raise ValueError("only a first review is passed on")
        review = _reviewed(turn, Review.Verdict.PASSED, text, by=by, now=now)
        turns.next_turn(desk, turn, now=now, today=timezone.localdate(now))
        record(
            by=by,
            now=now,
            verb="report.passed_on",
            subject=f"assignment:{turn.assignment_id}",
            data={"number": turn.report.number},
        )
        found.append(review)
    return found


@transaction.atomic
def reopen_report(*, report: Report, text: str, by: Person, now: dt.datetime) -> Review:
    """Takes an acceptance back, with the reason; the unit may correct and send again.

    Raises ValueError without a reason, NotAllowed if it is not accepted, PermissionDenied.
    """
    if not text.strip():
        raise ValueError("taking an acceptance back needs a reason")
    last = report.turns.select_related("unit").order_by("id").last()
    today = timezone.localdate(now)
    if last is not None:
        reach.require_turn(by, last, today)
    elif report.assignment.judge is not None:
        require_in(by, Permission.JUDGE_WORK, report.assignment.judge, today)
    desk = turns.desk_for([report.assignment], today)
    redo = desk.calendar.add(today, turns.REDO_WORKING_DAYS)
    change_state(
        assignment=report.assignment, verb="reopen", version=None, by=by, now=now, reason=text
    )
    _allow_until(report.assignment_id, redo)
    return Review.objects.create(
        report=report,
        verdict=Review.Verdict.REOPENED,
        text=text,
        redo_by=redo,
        by=by,
        by_unit=last.unit if last else report.assignment.judge,
        at=now,
    )


@transaction.atomic
def assign_reviewer(
    *, judged: Sequence[int], reviewer: Person | None, by: Person, now: dt.datetime
) -> int:
    """Gives open turns of the unit to one of its judges, or to nobody; returns how many."""
    today = timezone.localdate(now)
    taken = _open(judged)
    for turn in taken:
        if turn.unit is not None:
            require_in(by, Permission.ASSIGN_REVIEWER, turn.unit, today)
            if reviewer is not None:
                require_in(reviewer, Permission.JUDGE_WORK, turn.unit, today)
        else:
            reach.require_turn(by, turn, today)
    changed = ReviewTurn.objects.filter(pk__in=[turn.pk for turn in taken]).update(
        reviewer=reviewer
    )
    record(
        by=by,
        now=now,
        verb="reviews.assigned",
        subject="reviews",
        data={"reports": changed, "reviewer": reviewer.full_name if reviewer else ""},
    )
    return changed


def _open(judged: Sequence[int]) -> list[ReviewTurn]:
    return list(
        ReviewTurn.objects.filter(pk__in=judged, closed_at__isnull=True)
        .select_related("unit", "report", "assignment__unit")
        .order_by("assignment_id")
    )


def _taken(judged: Sequence[int], *, by: Person, now: dt.datetime) -> list[ReviewTurn]:
    """The turns, closed by this very transaction, so that of two reviewers one comes too late."""
    today = timezone.localdate(now)
    turns_asked = list(
        ReviewTurn.objects.filter(pk__in=judged)
        .select_related("unit", "report", "assignment__unit")
        .order_by("assignment_id", "id")
    )
    for turn in turns_asked:
        reach.require_turn(by, turn, today)
        still_open = ReviewTurn.objects.filter(pk=turn.pk, closed_at__isnull=True)
        if not still_open.update(closed_at=now):
            raise AlreadyJudged(turn)
    return turns_asked


def _judge(
    turn: ReviewTurn,
    verdict: str,
    text: str,
    *,
    by: Person,
    now: dt.datetime,
    redo_by: dt.date | None = None,
) -> Review:
    change_state(
        assignment=turn.assignment,
        verb="accept" if verdict == Review.Verdict.ACCEPTED else "return",
        version=None,
        by=by,
        now=now,
        reason=text,
    )
    return _reviewed(turn, verdict, text, by=by, now=now, redo_by=redo_by)


def _reviewed(
    turn: ReviewTurn,
    verdict: str,
    text: str,
    *,
    by: Person,
    now: dt.datetime,
    redo_by: dt.date | None = None,
) -> Review:
    return Review.objects.create(
        report=turn.report,
        verdict=verdict,
        text=text,
        redo_by=redo_by,
        by=by,
        by_unit=turn.unit,
        at=now,
    )
