"""Judging sent reports: accept, return, pass on, take an acceptance back."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.actions import change_state
from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.frameworks.models import TaskItem
from khung.orgs.models import Person
from khung.reports import drafting, judging_counts, reach, turns
from khung.reports.models import Evidence, Remark, Report, ReturnReason, Review, ReviewTurn
from khung.rules.workflow import NotAllowed

# So that one click never holds the database for long.
MOST_AT_ONCE = 200


class NotJudged(Exception):
    """Nothing was judged; the message says why, in Vietnamese, and what to do."""


class TooMany(NotJudged):
    """More reports in one go than MOST_AT_ONCE."""

    def __init__(self, asked: int) -> None:
        super().__init__(
            gettext(
                "Mỗi lần thẩm định được nhiều nhất %(most)s báo cáo, đang chọn %(asked)s. "
                "Hãy bỏ bớt rồi làm lại; chưa báo cáo nào được ghi ý kiến."
            )
            % {"most": MOST_AT_ONCE, "asked": asked}
        )


class NotAlike(NotJudged):
    """Reports of several tasks in one go: they are not alike."""

    def __init__(self) -> None:
        super().__init__(
            gettext(
                "Chỉ thẩm định cùng lúc được các báo cáo của cùng một nhiệm vụ. Hãy lọc theo số "
                "nhiệm vụ rồi chọn lại; chưa báo cáo nào được ghi ý kiến."
            )
        )


class OwnReport(NotJudged):
    """Who wrote, approved or sent a report doesn't judge it, whatever else they are; a unit that
    entered it for another judges it through somebody else."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__(
            gettext(
                "Báo cáo của %(unit)s do chính bạn soạn, duyệt hoặc gửi. Hãy để người khác của cơ "
                "quan thẩm định."
            )
            % {"unit": report.assignment.unit.name}
        )


class AlreadyJudged(NotJudged):
    """Somebody else judged the report, or its unit took it back, since the page was opened."""

    def __init__(self, turn: ReviewTurn) -> None:
        self.turn = turn
        self.review = (
            None
            if turn.report.withdrawn_at
            else turn.report.reviews.select_related("by").order_by("id").last()
        )
        unit = turn.assignment.unit.name
        if self.review is None:
            said = gettext("%(unit)s đã thu hồi báo cáo này để sửa. Ý kiến của bạn chưa được ghi.")
            super().__init__(said % {"unit": unit})
            return
        super().__init__(
            gettext(
                "%(who)s đã “%(verdict)s” báo cáo của %(unit)s lúc %(at)s. "
                "Ý kiến của bạn chưa được ghi."
            )
            % {
                "who": self.review.by.full_name,
                "verdict": gettext(self.review.get_verdict_display()),
                "unit": unit,
                "at": f"{timezone.localtime(self.review.at):%H:%M %d/%m/%Y}",
            }
        )


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
    """Accepts the reports of these open turns (ids) of one task, all or none.

    Raises NotJudged (AlreadyJudged for the first that was closed meanwhile, TooMany, NotAlike,
    OwnReport), PermissionDenied for another unit's turn, NotAllowed where the assignment moved,
    ValueError for a first review, which is passed on or returned.
    """
    taken = _taken(judged, by=by, now=now)
    if any(turn.stage == ReviewTurn.Stage.FIRST for turn in taken):
        raise ValueError("only the judge accepts")
    found = [_judge(turn, Review.Verdict.ACCEPTED, text, by=by, now=now) for turn in taken]
    _count(taken, Review.Verdict.ACCEPTED, turns.desk_for(_assignments(taken), _day(now)), now)
    return found


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
    again before it is late. Raises ValueError without any reason, or for a day to send again
    that is over; else as `accept_reports`.
    """
    if not text.strip() and not any(point.text.strip() or point.reason for point in points):
        raise ValueError("a return needs a reason")
    if redo_by is not None and redo_by < _day(now):
        raise ValueError("the day to send again is over")
    taken = _taken(judged, by=by, now=now)
    desk = turns.desk_for(_assignments(taken), _day(now))
    redo = redo_by or desk.calendar.add(_day(now), turns.REDO_WORKING_DAYS)
    found = []
    for turn in taken:
        review = _judge(turn, Review.Verdict.RETURNED, text, by=by, now=now, redo_by=redo)
        _allow_until(turn.assignment_id, redo)
        found.append(review)
    Remark.objects.bulk_create(
        Remark(
            review=review,
            reason=point.reason,
            text=point.text,
            method=point.method,
            evidence=point.evidence,
        )
        for review in found
        for point in points
    )
    _count(taken, Review.Verdict.RETURNED, desk, now)
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
    desk = turns.desk_for(_assignments(taken), _day(now))
    found = []
    for turn in taken:
        if turn.stage != ReviewTurn.Stage.FIRST:
            raise ValueError("only a first review is passed on")
        review = _reviewed(turn, Review.Verdict.PASSED, text, by=by, now=now)
        turns.next_turn(desk, turn, now=now, today=_day(now))
        record(
            by=by,
            now=now,
            verb="report.passed_on",
            subject=f"assignment:{turn.assignment_id}",
            data={"number": turn.report.number},
        )
        found.append(review)
    _count(taken, Review.Verdict.PASSED, desk, now)
    return found


@transaction.atomic
def reopen_report(*, report: Report, text: str, by: Person, now: dt.datetime) -> Review:
    """Takes an acceptance back, with the reason; the unit may correct and send again.

    Where the judge has ended, the coordinator does. Raises ValueError without a reason, NotAllowed
    if it is not what was accepted, OwnReport, PermissionDenied.
    """
    if not text.strip():
        raise ValueError("taking an acceptance back needs a reason")
    last = report.turns.select_related("unit").order_by("id").last()
    # What was taken over without a turn is the judge's, or the coordinator's where there is none.
    reach.require_turn(by, last or ReviewTurn(unit=report.assignment.judge), _day(now))
    _require_another(report, by)
    newest = drafting.newest(report.assignment)
    if newest is None or newest.pk != report.pk:
        raise NotAllowed("returned", "reopen")
    desk = turns.desk_for([report.assignment], _day(now))
    redo = desk.calendar.add(_day(now), turns.REDO_WORKING_DAYS)
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


def _taken(judged: Sequence[int], *, by: Person, now: dt.datetime) -> list[ReviewTurn]:
    """The turns, closed by this very transaction, so that of two reviewers one comes too late."""
    if len(set(judged)) > MOST_AT_ONCE:
        raise TooMany(len(set(judged)))
    named = ReviewTurn.objects.filter(pk__in=judged)
    # First the assignment, then its turn: in the order of who sends, withdraws and follows judges.
    held = Assignment.objects.select_for_update(of=("self",))
    list(held.filter(pk__in=named.values("assignment")).order_by("id").values_list("pk"))
    turns.hold(named)
    found = list(
        named.select_related("unit", "report", "assignment__unit").order_by("assignment_id", "id")
    )
    for turn in {turn.unit_id: turn for turn in found}.values():
        reach.require_turn(by, turn, _day(now))
    if len({turn.assignment.task_id for turn in found}) > 1:
        raise NotAlike
    for turn in found:
        turn.report.assignment = turn.assignment
        _require_another(turn.report, by)
        still_open = ReviewTurn.objects.filter(pk=turn.pk, closed_at__isnull=True)
        if not still_open.update(closed_at=now):
            turn.report.refresh_from_db()
            raise AlreadyJudged(turn)
    return found


def _require_another(report: Report, by: Person) -> None:
    """Raises OwnReport for whoever had a hand in the report, which comes with its assignment."""
    if by.pk in (report.edited_by_id, report.approved_by_id, report.sent_by_id):
        raise OwnReport(report)


def _count(taken: Iterable[ReviewTurn], verdict: str, desk: turns.Desk, now: dt.datetime) -> None:
    """The turns leave what waits and join what was judged."""
    changes = []
    for turn in taken:
        changes.append((judging_counts.open_key(turn), -1))
        changes.append((judging_counts.closed_key(turn, verdict, now, desk.calendar), 1))
    judging_counts.append(changes)


def _assignments(taken: Iterable[ReviewTurn]) -> list[Assignment]:
    return [turn.assignment for turn in taken]


def _day(now: dt.datetime) -> dt.date:
    return timezone.localdate(now)


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
