"""A unit's own order: giving work to colleagues, how it reports, paper reports."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from docx import Document

from khung.assignments.models import Assignment, Period
from khung.base.models import AuditEvent
from khung.base.versions import StaleRecord
from khung.orgs.models import Person
from khung.reports import covering, covering_words, uploads
from khung.reports.actions import accept_reports, save_draft, send_reports
from khung.reports.actions.covering import Issued, NotToCover, close_covering, draft_covering
from khung.reports.actions.drafts import Written
from khung.reports.actions.sending import approve_reports
from khung.reports.actions.sharing import Sharing, set_habits, share_work, take_work_back
from khung.reports.drafting import marks_of
from khung.reports.models import CoveringReport, Report, ReportingHabit, Share
from khung.reports.unit_side import lines_of
from tests.assignments.scene import person
from tests.cast import TODAY, Cast

PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"
TOMORROW = TODAY.date() + dt.timedelta(days=1)


def share(
    cast: Cast,
    *numbers: int,
    due_on: dt.date = TOMORROW,
    to: Person | None = None,
    by: Person | None = None,
) -> Sharing:
    """These tasks of the commune, given to its officer by its head."""
    return share_work(
        unit=cast.scene.units["east1"],
        seen={cast.scene.assignment("east1", no).pk: 0 for no in numbers},
        person=to or cast["officer"],
        due_on=due_on,
        note="",
        by=by or cast["head"],
        now=TODAY,
    )


def test_many_tasks_are_given_at_once_and_taken_back(cast: Cast) -> None:
    done = share(cast, 1, 2)
    assert (len(done.given), done.refused) == (2, [])
    assert set(Share.objects.values_list("person__username", "due_on")) == {
        (cast["officer"].username, TOMORROW)
    }
    assert AuditEvent.objects.get(verb="work.shared").data["tasks"] == 2
    back = take_work_back(
        unit=cast.scene.units["east1"],
        seen={cast.scene.assignment("east1", 1).pk: 1},
        by=cast["head"],
        now=TODAY,
    )
    assert len(back.given) == 1
    assert Share.objects.count() == 1


def test_a_task_given_otherwise_meanwhile_is_refused_and_says_to_whom(cast: Cast) -> None:
    share(cast, 1)
    done = share(cast, 1, 2, due_on=TOMORROW + dt.timedelta(days=1))
    (refused,) = done.refused
    assert "Người thử officer" in refused[1]
    assert [one.pk for one in done.given] == [cast.scene.assignment("east1", 2).pk]
    assert Share.objects.get(assignment=refused[0]).due_on == TOMORROW


def test_an_internal_date_lies_between_today_and_the_deadline(cast: Cast) -> None:
    with pytest.raises(ValueError, match="trước hôm nay"):
        share(cast, 1, due_on=TODAY.date() - dt.timedelta(days=1))
    done = share(cast, 1, due_on=cast.scene.assignment("east1", 1).due_on + dt.timedelta(days=1))
    assert done.given == []
    assert "sau hạn" in done.refused[0][1]


def test_work_goes_to_colleagues_only_and_comes_from_the_focal_person(cast: Cast) -> None:
    unit = cast.scene.units["east1"]
    stranger = person("officer", cast.scene.units["west1"])
    with pytest.raises(ValueError, match="không làm báo cáo"):
        share(cast, 1, to=stranger)
    with pytest.raises(PermissionDenied):
        share(cast, 1, by=stranger)
    set_habits(
        unit=unit,
        head_approves=True,
        focal_person=cast["head"],
        version=0,
        by=cast["head"],
        now=TODAY,
    )
    with pytest.raises(PermissionDenied):
        share(cast, 1, by=cast["officer"])


def test_another_units_assignment_is_never_given(cast: Cast) -> None:
    done = share_work(
        unit=cast.scene.units["east1"],
        seen={cast.scene.assignment("west1", 1).pk: 0},
        person=cast["officer"],
        due_on=TOMORROW,
        note="",
        by=cast["head"],
        now=TODAY,
    )
    assert (done.given, done.refused) == ([], [])
    assert not Share.objects.exists()


def test_only_the_head_switches_approval_off_and_then_the_officer_sends(cast: Cast) -> None:
    unit = cast.scene.units["east1"]
    with pytest.raises(PermissionDenied):
        set_habits(
            unit=unit,
            head_approves=False,
            focal_person=None,
            version=0,
            by=cast["officer"],
            now=TODAY,
        )
    draft = cast.draft(cast.scene.assignment("east1", 2))
    assert send_reports(drafts=[draft.pk], by=cast["officer"], now=TODAY).sent == []
    habit = set_habits(
        unit=unit, head_approves=False, focal_person=None, version=0, by=cast["head"], now=TODAY
    )
    assert len(send_reports(drafts=[draft.pk], by=cast["officer"], now=TODAY).sent) == 1
    assert Report.objects.get(pk=draft.pk).approved_by is None
    with pytest.raises(StaleRecord):
        set_habits(
            unit=unit,
            head_approves=True,
            focal_person=None,
            version=habit.version - 1,
            by=cast["head"],
            now=TODAY,
        )
    assert ReportingHabit.objects.get().head_approves is False


def test_what_changed_after_the_head_read_it_is_not_approved(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    first = cast.draft(assignment)
    read = marks_of([first])
    draft = save_draft(
        assignment=assignment,
        written=Written(text="Sửa sau khi trình"),
        version=first.version,
        by=cast["officer"],
        now=TODAY,
    )
    for verb in (approve_reports, send_reports):
        result = verb(drafts=[draft.pk], seen=read, by=cast["head"], now=TODAY)
        assert result.sent == []
        assert "vừa sửa" in result.refused[0][1][0]
    result = approve_reports(drafts=[draft.pk], seen=marks_of([draft]), by=cast["head"], now=TODAY)
    assert len(result.sent) == 1


def test_a_deputy_approves_like_the_head(cast: Cast) -> None:
    deputy = person("head", cast.scene.units["east2"])
    deputy.roles.update(unit=cast.scene.units["east1"])
    draft = cast.draft(cast.scene.assignment("east1", 2))
    approve_reports(drafts=[draft.pk], by=deputy, now=TODAY)
    assert Report.objects.get(pk=draft.pk).approved_by == deputy


def test_the_focal_person_sees_gaps_and_who_is_behind(cast: Cast) -> None:
    share(cast, 1, 2)
    cast.draft(cast.scene.assignment("east1", 2))
    unit, period = cast.scene.units["east1"], Period.objects.get(code="2025-Q1")
    lines = {line.assignment.task_version.no: line for line in lines_of(unit, period)}
    later = TOMORROW + dt.timedelta(days=1)
    assert (lines[2].is_complete, lines[2].is_behind(later)) == (True, False)
    assert (lines[1].is_lacking, lines[1].is_behind(later)) == (True, True)
    assert lines[6].share is None


@contextmanager
def signed(**other: object) -> Iterator[Issued]:
    values = {"number": "12/BC-UBND", "issued_on": TODAY.date(), "signer": "Trần Thị B"} | other
    with uploads.prepared(BytesIO(PDF), "bao-cao.pdf") as new:
        yield Issued(**values, signed=new)  # type: ignore[arg-type]


def test_a_paper_report_is_drafted_from_what_was_sent_and_closed_once(cast: Cast) -> None:
    unit, period = cast.scene.units["east1"], Period.objects.get(code="2025-Q1")
    with pytest.raises(NotToCover, match="Chưa gửi"):
        draft_covering(unit=unit, period=period, by=cast["head"], now=TODAY)
    turn = cast.send(cast.scene.assignment("east1", 2), "Đã kiểm tra 12 trạm y tế")
    accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY)
    paper = draft_covering(unit=unit, period=period, by=cast["head"], now=TODAY)
    facts = covering.facts_of(unit, period, TODAY.date(), ("Thiếu kinh phí",))
    text = words_of(covering_words.docx(facts))
    for said in (
        "ỦY BAN NHÂN DÂN\nXÃ EAST 1",
        "/BC-UBND",
        "Quý I/2025",
        "số 1/QĐ-UBND ngày 07/11/2022",
        "đã báo cáo 1 nhiệm vụ (1 nhiệm vụ có kết quả)",
        "Đã kiểm tra 12 trạm y tế",
        "- Thiếu kinh phí",
        "CHỦ TỊCH",
    ):
        assert said in text
    with signed() as issued:
        closed = close_covering(
            covering=paper, issued=issued, version=paper.version, by=cast["officer"], now=TODAY
        )
    assert (closed.number, closed.closed_by) == ("12/BC-UBND", cast["officer"])
    with signed(number="13/BC-UBND") as issued, pytest.raises(StaleRecord):
        close_covering(
            covering=paper,
            issued=issued,
            version=closed.version,
            by=cast["officer"],
            now=TODAY,
        )
    with pytest.raises(StaleRecord):
        draft_covering(unit=unit, period=period, by=cast["head"], now=TODAY)
    assert CoveringReport.objects.get().number == "12/BC-UBND"


def test_a_paper_report_of_a_department_and_of_illustrative_work(cast: Cast) -> None:
    Assignment.objects.filter(unit__code="health").update(state="accepted", is_illustrative=True)
    unit, period = cast.scene.units["health"], Period.objects.get(code="2025-Q1")
    facts = covering.facts_of(unit, period, TODAY.date())
    text = words_of(covering_words.docx(facts))
    for said in ("ỦY BAN NHÂN DÂN\nTỈNH THỬ", "SỞ Y TẾ", "/BC-SYT", "GIÁM ĐỐC", "Dữ liệu minh họa"):
        assert said in text
    assert "Không có khó khăn" in text


def words_of(data: bytes) -> str:
    docx = Document(BytesIO(data))
    cells = [cell.text for table in docx.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in docx.paragraphs), *cells])


@pytest.mark.parametrize(
    ("issued_on", "said"),
    [(TOMORROW, "sau hôm nay"), (dt.date(2024, 1, 2), "trước ngày đầu")],
)
def test_a_wrong_date_of_issue_is_refused(cast: Cast, issued_on: dt.date, said: str) -> None:
    unit, period = cast.scene.units["east1"], Period.objects.get(code="2025-Q1")
    cast.send(cast.scene.assignment("east1", 2))
    paper = draft_covering(unit=unit, period=period, by=cast["head"], now=TODAY)
    with (
        signed(issued_on=issued_on) as issued,
        pytest.raises(NotToCover, match=said) as refused,
    ):
        close_covering(
            covering=paper,
            issued=issued,
            version=paper.version,
            by=cast["head"],
            now=TODAY,
        )
    assert refused.value.field == "issued_on"
    paper.refresh_from_db()
    assert paper.closed_at is None


def test_another_unit_neither_drafts_nor_closes(cast: Cast) -> None:
    unit, period = cast.scene.units["east1"], Period.objects.get(code="2025-Q1")
    cast.send(cast.scene.assignment("east1", 2))
    with pytest.raises(PermissionDenied):
        draft_covering(
            unit=unit, period=period, by=person("officer", cast.scene.units["west1"]), now=TODAY
        )
