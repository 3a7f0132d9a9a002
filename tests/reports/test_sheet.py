"""The sheet: drafts and what they lack, copies of earlier words, and the times that count."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khung.assignments import work
from khung.assignments.models import Assignment, Period
from khung.base.models import AuditEvent
from khung.base.versions import StaleRecord
from khung.reports import sheet
from khung.reports.actions import (
    AlreadyWritten,
    NothingToCopy,
    Written,
    WrongOccurrence,
    accept_reports,
    copy_last,
    copy_last_of_all,
    mark_ready,
    record_occurrence,
    return_reports,
    save_draft,
    send_reports,
    withdraw_occurrence,
)
from khung.reports.drafting import Locked
from khung.reports.models import Occurrence, Report
from khung.rules.workflow import NotAllowed
from tests.assignments.scene import person
from tests.cast import TODAY, Cast

Q2 = dt.datetime(2025, 5, 5, 9, 0, tzinfo=TODAY.tzinfo)


def state(assignment: Assignment) -> str:
    return Assignment.objects.get(pk=assignment.pk).state


def second_quarter(cast: Cast) -> None:
    cast.scene.work("2025-Q2")


def test_the_first_save_of_two_who_began_together_is_kept(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    officer = cast["officer"]
    save_draft(assignment=assignment, written=Written(text="Tôi"), version=0, by=officer, now=TODAY)
    with pytest.raises(StaleRecord):
        save_draft(
            assignment=assignment, written=Written(text="Bạn"), version=0, by=officer, now=TODAY
        )
    assert Report.objects.get(assignment=assignment).text == "Tôi"


def test_the_drafts_of_a_period_in_a_fixed_number_of_queries(cast: Cast) -> None:
    unit = cast.scene.units["east1"]
    owed = work.owed_by(unit, Period.objects.get(code="2025-Q1"))
    cast.draft(cast.scene.assignment("east1", 2))
    with CaptureQueriesContext(connection) as few:
        sheet.written_of(owed)
    for no in (1, 6):
        cast.draft(cast.scene.assignment("east1", no), "")
    with CaptureQueriesContext(connection) as more:
        found = sheet.written_of(owed)
    assert len(few) == len(more) == 3
    assert [one.assignment.task_version.no for one in found.complete] == [2]
    lacking = found.drafts[cast.scene.assignment("east1", 6).pk]
    assert [gap.code for gap in lacking.gaps] == ["text_missing"]


def test_only_what_is_complete_is_handed_to_the_head(cast: Cast) -> None:
    whole = cast.draft(cast.scene.assignment("east1", 2))
    empty = cast.draft(cast.scene.assignment("east1", 6), "")
    handed = mark_ready(drafts=[whole.pk, empty.pk], by=cast["officer"], now=TODAY)
    assert [one.pk for one in handed.sent] == [whole.pk]
    ((refused, reasons),) = handed.refused
    assert refused.pk == empty.pk
    assert reasons[0].startswith("Chưa ghi kết quả")
    again = mark_ready(drafts=[whole.pk], by=cast["officer"], now=TODAY)
    assert not again.sent
    assert [one.pk for one in again.before] == [whole.pk]
    assert AuditEvent.objects.filter(verb="report.readied").count() == 1
    stranger = person("officer", cast.scene.units["west1"])
    with pytest.raises(PermissionDenied):
        mark_ready(drafts=[whole.pk], by=stranger, now=TODAY)


def test_last_periods_words_begin_this_ones(cast: Cast) -> None:
    first = cast.scene.assignment("east1", 2, "2025-Q1")
    method = first.task_version.items.get(field="method")
    cast.draft(first, "Đã rà soát 12 trạm", quantity=12, methods_done=(method.pk,))
    draft = Report.objects.get(assignment=first)
    send_reports(drafts=[draft.pk], by=cast["head"], now=TODAY)
    second_quarter(cast)
    next_one = cast.scene.assignment("east1", 2, "2025-Q2")
    assert sheet.opened(next_one, may_write=True).copied_from == draft
    copied = copy_last(assignment=next_one, by=cast["officer"], now=Q2)
    copied.refresh_from_db()
    assert (copied.text, copied.methods_done) == ("Đã rà soát 12 trạm", [method.pk])
    assert copied.quantity == Decimal(12)
    assert (copied.uses.count(), copied.is_ready, state(next_one)) == (0, False, "in_progress")
    (event,) = AuditEvent.objects.filter(verb="report.copied")
    assert event.data == {"number": 1, "code": "2025-Q1"}


def test_a_copy_never_replaces_words(cast: Cast) -> None:
    cast.send(cast.scene.assignment("east1", 2, "2025-Q1"))
    second_quarter(cast)
    next_one = cast.scene.assignment("east1", 2, "2025-Q2")
    save_draft(
        assignment=next_one,
        written=Written(text="Của tôi"),
        version=0,
        by=cast["officer"],
        now=Q2,
    )
    assert sheet.opened(next_one, may_write=True).copied_from is None
    with pytest.raises(AlreadyWritten, match="không chép đè"):
        copy_last(assignment=next_one, by=cast["officer"], now=Q2)
    assert Report.objects.get(assignment=next_one).text == "Của tôi"
    with pytest.raises(NothingToCopy):
        copy_last(
            assignment=cast.scene.assignment("east1", 6, "2025-Q2"), by=cast["officer"], now=Q2
        )


def test_copying_for_all_that_nobody_began(cast: Cast) -> None:
    for no in (1, 2):
        cast.send(cast.scene.assignment("east1", no, "2025-Q1"))
    second_quarter(cast)
    unit = cast.scene.units["east1"]
    owed = work.owed_by(unit, Period.objects.get(code="2025-Q2"))
    asked = list(owed.values_list("pk", flat=True))
    stranger = person("officer", cast.scene.units["west1"])
    with pytest.raises(PermissionDenied):
        copy_last_of_all(assignments=asked, by=stranger, now=Q2)
    copied = copy_last_of_all(assignments=asked, by=cast["officer"], now=Q2)
    assert sorted(one.assignment.task_version.no for one in copied) == [1, 2]
    assert copy_last_of_all(assignments=asked, by=cast["officer"], now=Q2) == []


def test_occurrences_are_counted_through_the_year(cast: Cast) -> None:
    yearly = cast.scene.assignment("east1", 3)
    days = [dt.date(2025, 1, 20), dt.date(2025, 2, 28)]
    made = [
        record_occurrence(
            assignment=yearly, happened_on=day, text="Đối thoại", by=cast["officer"], now=TODAY
        )
        for day in (*days, days[0])  # the form sent twice counts once
    ]
    assert made[0] == made[2]
    assert state(yearly) == "in_progress"
    draft = cast.draft(yearly)
    assert sheet.opened(yearly, may_write=True).gaps == []
    withdraw_occurrence(occurrence=made[1], by=cast["officer"], now=TODAY)
    withdraw_occurrence(occurrence=made[1], by=cast["officer"], now=TODAY)
    assert AuditEvent.objects.filter(verb="occurrence.withdrawn").count() == 1
    opened = sheet.opened(yearly, may_write=True)
    assert [one.happened_on for one in opened.occurrences] == days[:1]
    assert [gap.code for gap in opened.gaps] == ["quota_missing"]
    assert opened.draft == draft


@pytest.mark.parametrize(
    ("day", "text", "about"),
    [
        (dt.date(2025, 3, 4), "Đối thoại", "happened_on"),
        (dt.date(2023, 3, 3), "Đối thoại", "happened_on"),
        (dt.date(2025, 3, 3), "  ", "text"),
    ],
)
def test_what_is_no_occurrence(cast: Cast, day: dt.date, text: str, about: str) -> None:
    yearly = cast.scene.assignment("east1", 3)
    with pytest.raises(WrongOccurrence) as why:
        record_occurrence(
            assignment=yearly, happened_on=day, text=text, by=cast["officer"], now=TODAY
        )
    assert why.value.about == about
    assert not Occurrence.objects.exists()
    assert state(yearly) == "not_started"


def test_a_task_without_a_quota_counts_nothing(cast: Cast) -> None:
    with pytest.raises(WrongOccurrence, match="không tính theo số lần"):
        record_occurrence(
            assignment=cast.scene.assignment("east1", 2),
            happened_on=dt.date(2025, 3, 3),
            text="Lần 1",
            by=cast["officer"],
            now=TODAY,
        )


def test_what_a_sent_report_counted_stays(cast: Cast) -> None:
    yearly = cast.scene.assignment("east1", 3)
    made = record_occurrence(
        assignment=yearly,
        happened_on=dt.date(2025, 3, 3),
        text="Đối thoại",
        by=cast["officer"],
        now=TODAY,
    )
    cast.draft(yearly, reason="Lần hai vào tháng 9")
    draft = Report.objects.get(assignment=yearly)
    send_reports(drafts=[draft.pk], by=cast["head"], now=TODAY)
    with pytest.raises(NotAllowed):
        withdraw_occurrence(occurrence=made, by=cast["officer"], now=TODAY)
    made.refresh_from_db()
    assert made.withdrawn_at is None


def test_a_draft_is_its_units_own(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    cast.draft(assignment)
    assert sheet.opened(assignment, may_write=False).newest is None
    assert sheet.opened(assignment, may_write=True).draft is not None


def test_a_return_is_shown_until_it_is_answered(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    turn = cast.send(assignment)
    return_reports(
        judged=[turn.pk], points=[], text="Thiếu ảnh", redo_by=None, by=cast["guide"], now=TODAY
    )
    assignment.refresh_from_db()
    opened = sheet.opened(assignment, may_write=True)
    assert opened.returned is not None
    assert opened.returned.text == "Thiếu ảnh"
    again = cast.send(assignment, "Đã bổ sung ảnh")
    assignment.refresh_from_db()
    assert sheet.opened(assignment, may_write=True).returned is None
    accept_reports(judged=[again.pk], by=cast["guide"], now=TODAY)


def test_nothing_is_begun_after_the_lock(cast: Cast) -> None:
    cast.send(cast.scene.assignment("east1", 2, "2025-Q1"))
    second_quarter(cast)
    next_one = cast.scene.assignment("east1", 2, "2025-Q2")
    later = dt.datetime.combine(
        next_one.locks_on + dt.timedelta(days=1), dt.time(0, 0, 1), TODAY.tzinfo
    )
    with pytest.raises(Locked):
        copy_last(assignment=next_one, by=cast["officer"], now=later)
    assert copy_last_of_all(assignments=[next_one.pk], by=cast["officer"], now=later) == []
