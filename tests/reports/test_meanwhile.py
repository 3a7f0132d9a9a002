"""What happened between reading and doing: no words are lost, nobody signs what they never read."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from khung.assignments import rollup
from khung.assignments.actions import change_state
from khung.assignments.models import Assignment
from khung.base.versions import StaleRecord
from khung.reports import sheet
from khung.reports.actions import (
    AlreadyWritten,
    NothingToCopy,
    Said,
    Written,
    accept_reports,
    add_evidence,
    approve_reports,
    change_evidence,
    copy_last,
    copy_last_of_all,
    mark_ready,
    reopen_report,
    return_reports,
    reuse_evidence,
    save_draft,
    send_reports,
)
from khung.reports.drafting import marks_of
from khung.reports.models import Report, ReviewTurn
from khung.rules.workflow import NotAllowed
from tests.cast import TODAY, Cast


def exempt(cast: Cast, assignment: Assignment, *, and_back: bool = False) -> None:
    """Lets the work off; takes that back at once where asked."""
    for verb in ("exempt", "restore") if and_back else ("exempt",):
        change_state(
            assignment=assignment,
            verb=verb,
            version=None,
            by=cast["coordinator"],
            now=TODAY,
            reason="Chưa có đối tượng",
        )


def send_back(cast: Cast, turn: ReviewTurn) -> None:
    return_reports(
        judged=[turn.pk], points=[], text="Thiếu ảnh", redo_by=None, by=cast["guide"], now=TODAY
    )


def test_a_page_open_since_the_version_before_replaces_nothing(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    read = cast.draft(assignment).version
    send_back(cast, cast.send(assignment))
    for _ in range(read):
        newer = Written(text="Đồng nghiệp đã sửa theo ý kiến")
        draft = save_draft(
            assignment=assignment, written=newer, version=None, by=cast["head"], now=TODAY
        )
    assert draft.number == 2
    for version in (read, 0):
        with pytest.raises(StaleRecord):
            save_draft(
                assignment=assignment,
                written=Written(text="Trang mở từ hôm trước"),
                version=version,
                by=cast["officer"],
                now=TODAY,
            )


def test_a_correction_begins_from_the_page_of_the_returned_report(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    send_back(cast, cast.send(assignment))
    fixed = Written(text="Đã bổ sung")
    draft = save_draft(
        assignment=assignment, written=fixed, version=0, by=cast["officer"], now=TODAY
    )
    assert (draft.number, draft.text) == (2, "Đã bổ sung")


def test_evidence_added_after_the_head_read_is_not_approved(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    draft = cast.draft(assignment)
    seen = marks_of([draft])
    said = Said(url="https://xa.example.vn/khac")
    add_evidence(
        assignment=assignment, method=None, handed_in=[], said=said, by=cast["officer"], now=TODAY
    )
    (refused,) = approve_reports(drafts=[draft.pk], seen=seen, by=cast["head"], now=TODAY).refused
    assert "Tài liệu kiểm chứng vừa được thêm" in refused[1][0]


def test_what_is_said_of_shared_evidence_is_approved_anew_everywhere(cast: Cast) -> None:
    first, second = (cast.scene.assignment("east1", no) for no in (2, 6))
    draft, other = cast.draft(first), cast.draft(second)
    piece = draft.uses.get().evidence
    reuse_evidence(
        assignment=second, method=None, evidence=[piece.pk], by=cast["officer"], now=TODAY
    )
    read = marks_of([other])
    approve_reports(drafts=[draft.pk, other.pk], by=cast["head"], now=TODAY)
    kept = cast.draft(cast.scene.assignment("east1", 1))
    approve_reports(drafts=[kept.pk], by=cast["head"], now=TODAY)
    said = Said(title="Ảnh khác", valid_until=TODAY.date(), has_personal_data=True)
    change_evidence(use=draft.uses.get(), said=said, by=cast["officer"], now=TODAY)
    approved = Report.objects.filter(approved_by__isnull=False)
    assert [one.pk for one in approved] == [kept.pk]
    # Who read it before the change, and signs now, has not read this.
    other.refresh_from_db()
    marks = marks_of([other])
    assert marks != read
    change_evidence(use=draft.uses.get(), said=Said(title="Ảnh nữa"), by=cast["officer"], now=TODAY)
    (refused,) = approve_reports(drafts=[other.pk], seen=marks, by=cast["head"], now=TODAY).refused
    assert "bớt hoặc sửa; hãy đọc bản mới" in refused[1][0]


@pytest.mark.parametrize("verb", [send_reports, approve_reports, mark_ready])
def test_of_many_one_let_off_meanwhile_is_refused_alone(cast: Cast, verb) -> None:  # type: ignore[no-untyped-def]
    gone, kept = (cast.scene.assignment("east1", no) for no in (2, 6))
    drafts = [cast.draft(one).pk for one in (gone, kept)]
    exempt(cast, gone)
    result = verb(drafts=drafts, by=cast["head"], now=TODAY)
    assert [one.assignment_id for one in result.sent] == [kept.pk]
    assert [one.assignment_id for one, _ in result.refused] == [gone.pk]


def test_a_draft_from_before_an_exemption_taken_back_is_sent(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    draft = cast.draft(assignment)
    exempt(cast, assignment, and_back=True)
    result = send_reports(drafts=[draft.pk], by=cast["head"], now=TODAY)
    assert len(result.sent) == 1
    assert Assignment.objects.get(pk=assignment.pk).state == "submitted"
    assert rollup.differences() == []


def test_copying_for_all_leaves_words_that_stand(cast: Cast) -> None:
    cast.send(cast.scene.assignment("east1", 2))
    cast.scene.work("2025-Q2")
    later = cast.scene.assignment("east1", 2, "2025-Q2")
    cast.draft(later, "Lời của kỳ này")
    exempt(cast, later, and_back=True)
    assert copy_last_of_all(assignments=[later.pk], by=cast["officer"], now=TODAY) == []
    assert Report.objects.get(assignment=later).text == "Lời của kỳ này"


def test_copying_leaves_a_figure_that_stands(cast: Cast) -> None:
    cast.send(cast.scene.assignment("east1", 2))
    cast.scene.work("2025-Q2")
    later = cast.scene.assignment("east1", 2, "2025-Q2")
    typed = Written(quantity=Decimal(7), quantity_of="trạm")
    save_draft(assignment=later, written=typed, version=0, by=cast["officer"], now=TODAY)
    with pytest.raises(AlreadyWritten):
        copy_last(assignment=later, by=cast["officer"], now=TODAY)
    assert Report.objects.get(assignment=later).quantity == 7


def test_a_report_returned_and_not_corrected_is_not_copied(cast: Cast) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2))
    cast.scene.work("2025-Q2")
    later = cast.scene.assignment("east1", 2, "2025-Q2")
    assert sheet.sources_of_copy([later]) == {later.pk: turn.report_id}
    send_back(cast, turn)
    assert sheet.sources_of_copy([later]) == {}
    with pytest.raises(NothingToCopy):
        copy_last(assignment=later, by=cast["officer"], now=TODAY)


def test_nothing_is_handed_to_the_head_after_the_lock(cast: Cast) -> None:
    draft = cast.draft(cast.scene.assignment("east1", 2))
    later = TODAY + dt.timedelta(days=300)
    (refused,) = mark_ready(drafts=[draft.pk], by=cast["officer"], now=later).refused
    assert refused[1][0].startswith("Đã khóa từ ngày")


def test_only_what_was_accepted_last_is_taken_back(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    first = cast.send(assignment)
    send_back(cast, first)
    accept_reports(judged=[cast.send(assignment).pk], by=cast["guide"], now=TODAY)
    with pytest.raises(NotAllowed):
        reopen_report(report=first.report, text="Nhầm bản", by=cast["guide"], now=TODAY)


def test_what_nobody_judges_is_taken_back_by_the_coordinator_only(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    turn = cast.send(assignment)
    accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY)
    turn.delete()
    Assignment.objects.filter(pk=assignment.pk).update(judge=None)
    report = Report.objects.get(assignment=assignment)
    with pytest.raises(PermissionDenied):
        reopen_report(report=report, text="Thử", by=cast["guide"], now=TODAY)


def test_the_coordinator_enters_for_others_not_past_their_own_head(cast: Cast) -> None:
    cast.scene.work("2025-Q3")
    own = cast.scene.assignment("home", 4)
    with pytest.raises(PermissionDenied):
        save_draft(assignment=own, written=Written(), version=0, by=cast["coordinator"], now=TODAY)
