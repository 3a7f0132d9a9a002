"""A report from its first word to its acceptance, and what stands in the way."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from khung.assignments import rollup
from khung.assignments.models import Assignment
from khung.base.versions import StaleRecord
from khung.reports.actions import (
    AlreadyJudged,
    Written,
    accept_reports,
    reopen_report,
    return_reports,
    save_draft,
    send_reports,
    withdraw_report,
)
from khung.reports.drafting import Locked
from khung.reports.models import Report, Review, ReviewTurn
from khung.rules.workflow import NotAllowed
from tests.assignments.scene import person
from tests.cast import TODAY, Cast


def state(assignment: Assignment) -> str:
    return Assignment.objects.get(pk=assignment.pk).state


def test_written_sent_returned_corrected_accepted(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    turn = cast.send(assignment)
    assert (state(assignment), turn.unit) == ("submitted", assignment.judge)
    (review,) = return_reports(
        judged=[turn.pk], points=[], text="Thiếu ảnh", redo_by=None, by=cast["guide"], now=TODAY
    )
    assert (state(assignment), review.verdict) == ("returned", Review.Verdict.RETURNED)
    again = cast.send(assignment, "Đã bổ sung ảnh")
    assert [one.number for one in assignment.reports.all()] == [1, 2]
    assert [one.text for one in assignment.reports.all()] == ["Đã làm xong", "Đã bổ sung ảnh"]
    accept_reports(judged=[again.pk], by=cast["guide"], now=TODAY)
    assert state(assignment) == "accepted"
    assert rollup.differences() == []


def test_what_is_incomplete_is_not_sent(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    draft = save_draft(
        assignment=assignment, written=Written(), version=None, by=cast["officer"], now=TODAY
    )
    boss = cast["head"]
    sending = send_reports(drafts=[draft.pk], by=boss, now=TODAY)
    (refused,) = sending.refused
    assert len(refused[1]) == 2
    assert state(assignment) == "in_progress"


def test_an_officer_waits_for_the_head(cast: Cast) -> None:
    draft = cast.draft(cast.scene.assignment("east1", 2))
    sending = send_reports(drafts=[draft.pk], by=cast["officer"], now=TODAY)
    assert [reasons for _, reasons in sending.refused] == [["Chờ thủ trưởng hoặc cấp phó duyệt."]]


def test_the_same_draft_sent_twice_is_sent_once(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    turn = cast.send(assignment)
    boss = cast["head"]
    again = send_reports(drafts=[turn.report_id], by=boss, now=TODAY)
    assert (again.sent, again.refused) == ([], [])
    assert ReviewTurn.objects.filter(assignment=assignment).count() == 1


def test_of_two_who_judge_one_comes_too_late(cast: Cast) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2))
    accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY)
    with pytest.raises(AlreadyJudged, match="Người thử guide"):
        return_reports(
            judged=[turn.pk], points=[], text="Muộn", redo_by=None, by=cast["guide"], now=TODAY
        )


def test_another_unit_neither_writes_nor_judges(cast: Cast) -> None:
    stranger = person("officer", cast.scene.units["west1"])
    assignment = cast.scene.assignment("east1", 2)
    with pytest.raises(PermissionDenied):
        save_draft(assignment=assignment, written=Written(), version=None, by=stranger, now=TODAY)
    turn = cast.send(assignment)
    with pytest.raises(PermissionDenied):
        accept_reports(judged=[turn.pk], by=person("guide", cast.scene.units["home"]), now=TODAY)


def test_a_stale_draft_is_refused_with_what_stands_there(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    draft = cast.draft(assignment)
    read = draft.version
    newer = Written(text="Bản của đồng nghiệp")
    save_draft(assignment=assignment, written=newer, version=read, by=cast["officer"], now=TODAY)
    with pytest.raises(StaleRecord) as refused:
        save_draft(
            assignment=assignment, written=Written(), version=read, by=cast["officer"], now=TODAY
        )
    assert isinstance(refused.value.current, Report)
    assert refused.value.current.text == "Bản của đồng nghiệp"


def test_after_the_lock_nothing_is_written(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    later = dt.datetime.combine(
        assignment.locks_on + dt.timedelta(days=1), dt.time(0, 0, 1), TODAY.tzinfo
    )
    with pytest.raises(Locked, match="Đã khóa từ ngày"):
        save_draft(
            assignment=assignment, written=Written(), version=None, by=cast["officer"], now=later
        )


def test_a_report_is_withdrawn_until_it_is_judged(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    turn = cast.send(assignment)
    draft = withdraw_report(report=turn.report, by=cast["officer"], now=TODAY)
    assert (draft.number, draft.text, draft.uses.count()) == (2, "Đã làm xong", 1)
    again = cast.send(assignment)
    accept_reports(judged=[again.pk], by=cast["guide"], now=TODAY)
    with pytest.raises(NotAllowed):
        withdraw_report(report=again.report, by=cast["officer"], now=TODAY)


def test_an_acceptance_is_taken_back_with_a_reason(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    turn = cast.send(assignment)
    accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY)
    reopen_report(report=turn.report, text="Ảnh của năm trước", by=cast["guide"], now=TODAY)
    assert state(assignment) == "returned"


def test_nothing_arose_is_counted_apart(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    cast.draft(assignment, "", outcome="nothing_arose", reason="Không có vụ việc")
    draft = Report.objects.get(assignment=assignment)
    send_reports(drafts=[draft.pk], by=cast["head"], now=TODAY)
    turn = ReviewTurn.objects.get(report=draft)
    accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY)
    counted = rollup.counts(assignment.counts_in_id, [assignment.unit_id], by="dimension")
    assert ("nothing_arose", 1) in [(one.state, one.n) for one in counted]
    assert rollup.differences() == []
