"""Clocks around midnight and the year's end, where a day in Viet Nam is not a day in Greenwich."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from khung.assignments import rollup
from khung.assignments.calendar import library_days
from khung.assignments.models import Assignment, CalendarDay, LatenessEvent, Period
from khung.assignments.queries import current_period
from khung.base import clock, ticking
from khung.reports import drafting
from khung.reports.actions import Written, save_draft, send_reports
from khung.reports.models import ReviewTurn
from tests.cast import Cast

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
LAST_DAY = dt.date(2025, 12, 31)
NEW_YEAR = dt.date(2026, 1, 1)
LAST_SECOND, FIRST_SECOND = dt.time(23, 59, 59), dt.time(0, 0, 0)
A_SECOND = dt.timedelta(seconds=1)


def moment(day: dt.date, time: dt.time) -> dt.datetime:
    """A moment by the clock on the wall in Viet Nam, as the database gives it back: in UTC."""
    return dt.datetime.combine(day, time, tzinfo=VIETNAM).astimezone(dt.UTC)


def owed(cast: Cast, *, due_on: dt.date, locks_on: dt.date) -> Assignment:
    """Work of the officer's unit with these dates."""
    Assignment.objects.update(due_on=due_on, locks_on=locks_on)
    return cast.scene.assignment("east1", 1)


def send_at(cast: Cast, assignment: Assignment, now: dt.datetime) -> Assignment:
    """The head sends a complete report at this moment."""
    draft = cast.draft(assignment)
    sending = send_reports(drafts=[draft.pk], by=cast.scene.head, now=now)
    assert sending.refused == []
    return Assignment.objects.get(pk=assignment.pk)


def test_the_last_second_of_the_due_day_is_in_time(cast: Cast) -> None:
    assignment = owed(cast, due_on=LAST_DAY, locks_on=NEW_YEAR)
    # In Greenwich it is still the afternoon of the same day.
    assert not send_at(cast, assignment, moment(LAST_DAY, LAST_SECOND)).is_late
    assert not LatenessEvent.objects.exists()


def test_the_first_second_after_it_is_late_though_it_is_the_old_year_in_greenwich(
    cast: Cast,
) -> None:
    assignment = owed(cast, due_on=LAST_DAY, locks_on=NEW_YEAR)
    now = moment(NEW_YEAR, FIRST_SECOND)
    assert now.date() == LAST_DAY
    assert send_at(cast, assignment, now).is_late
    assert LatenessEvent.objects.get().deadline == LAST_DAY
    assert rollup.differences() == []


def test_the_lock_closes_with_the_last_second_of_its_day(cast: Cast) -> None:
    assignment = owed(cast, due_on=LAST_DAY, locks_on=LAST_DAY)

    def save(now: dt.datetime) -> None:
        save_draft(
            assignment=assignment,
            written=Written(text="Đã làm xong"),
            version=None,
            by=cast["officer"],
            now=now,
        )

    save(moment(LAST_DAY, LAST_SECOND))
    with pytest.raises(drafting.Locked, match="01/01/2026"):
        save(moment(LAST_DAY, LAST_SECOND) + A_SECOND)


def test_a_draft_begun_before_midnight_is_refused_after_it_and_keeps_its_words(
    cast: Cast,
) -> None:
    assignment = owed(cast, due_on=LAST_DAY, locks_on=LAST_DAY)
    draft = cast.draft(assignment, "Đã làm trước giao thừa")
    sending = send_reports(
        drafts=[draft.pk], by=cast.scene.head, now=moment(NEW_YEAR, FIRST_SECOND)
    )
    ((refused, reasons),) = sending.refused
    assert (refused.pk, sending.sent) == (draft.pk, [])
    assert any("Đã khóa từ ngày 01/01/2026" in reason for reason in reasons)
    draft.refresh_from_db()
    assert (draft.text, draft.sent_at) == ("Đã làm trước giao thừa", None)


def test_ticks_on_both_sides_of_midnight_stamp_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed(cast, due_on=LAST_DAY, locks_on=NEW_YEAR)
    open_ones = Assignment.objects.count()
    late = Assignment.objects.filter(is_late=True)
    for now, stamped in (
        (moment(LAST_DAY, LAST_SECOND), 0),
        (moment(NEW_YEAR, FIRST_SECOND) + A_SECOND, open_ones),
        (moment(NEW_YEAR, FIRST_SECOND) + 21 * A_SECOND, open_ones),
    ):
        monkeypatch.setattr(clock, "now", lambda now=now: timezone.localtime(now))
        ticking.tick()
        assert late.count() == LatenessEvent.objects.count() == stamped
    assert set(LatenessEvent.objects.values_list("deadline", flat=True)) == {LAST_DAY}
    assert rollup.differences() == []


def test_a_machine_whose_own_zone_is_another_has_the_same_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment(NEW_YEAR, FIRST_SECOND))
    assert clock.today() == NEW_YEAR
    monkeypatch.setattr(timezone, "now", lambda: moment(LAST_DAY, LAST_SECOND))
    assert clock.today() == LAST_DAY


def test_the_period_turns_with_the_year(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("2025-Q4", "2026-Q1"):
        cast.scene.work(code)
    for now, code in (
        (moment(LAST_DAY, LAST_SECOND), "2025-Q4"),
        (moment(NEW_YEAR, FIRST_SECOND), "2026-Q1"),
    ):
        monkeypatch.setattr(clock, "now", lambda now=now: timezone.localtime(now))
        found = current_period(clock.today())
        assert found is not None
        assert found.code == code
        page = cast.client("officer").get("/viec-cua-toi/")
        assert page.status_code == 200
        assert page.context["period"].code == code


def test_what_the_old_year_owes_stays_in_the_old_year(cast: Cast) -> None:
    """Sent on new year's day within its lock, a report counts in the quarter it is of."""
    cast.scene.work("2025-Q4")
    old = Period.objects.get(code="2025-Q4")
    Assignment.objects.filter(counts_in=old).update(due_on=LAST_DAY, locks_on=NEW_YEAR)
    assignment = cast.scene.assignment("east1", 1, "2025-Q4")
    sent = send_at(cast, assignment, moment(NEW_YEAR, FIRST_SECOND))
    assert (sent.counts_in.code, sent.state, sent.is_late) == ("2025-Q4", "submitted", True)
    assert ReviewTurn.objects.get().period == old
    assert rollup.differences() == []


def test_a_judge_has_the_same_working_days_over_the_new_year(cast: Cast) -> None:
    """1 January is no working day: ten days from the last evening of the year end on the 15th."""
    CalendarDay.objects.bulk_create(library_days([2025, 2026]), ignore_conflicts=True)
    assignment = owed(cast, due_on=LAST_DAY, locks_on=LAST_DAY)
    send_at(cast, assignment, moment(LAST_DAY, LAST_SECOND))
    assert ReviewTurn.objects.get().due_on == dt.date(2026, 1, 15)
