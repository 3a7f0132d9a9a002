"""One digest a day: what the rules speak of, what happened, whom it concerns."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from khung.assignments.models import Assignment, CalendarDay
from khung.base import clock
from khung.base.models import AuditEvent
from khung.difficulties.actions import raise_difficulty
from khung.difficulties.moving import Raised
from khung.orgs.models import RoleHeld
from khung.reminders import digests
from khung.reminders.models import Digest, OutboxMessage, Preference, ReminderRule
from khung.reports.actions import return_reports
from khung.reports.actions.drafts import mark_ready
from khung.reports.actions.sharing import share_work
from khung.reports.models import ReportingHabit
from tests.assignments.scene import person
from tests.cast import TODAY, Cast
from tests.reminders.days import ALL_DAY, at, morning, told

Clock = pytest.MonkeyPatch
# Of a run with one portion, transactions included.
QUERIES = 34


def due_on(cast: Cast) -> dt.date:
    """When a commune's reports of the first quarter are timely: a Wednesday."""
    return cast.scene.assignment("east1", 2).due_on


def back(day: dt.date, working_days: int) -> dt.date:
    while working_days:
        day -= dt.timedelta(days=1)
        working_days -= day.weekday() < 5
    return day


def ahead(day: dt.date, working_days: int) -> dt.date:
    while working_days:
        day += dt.timedelta(days=1)
        working_days -= day.weekday() < 5
    return day


def owed(cast: Cast, due: dt.date) -> int:
    return Assignment.objects.filter(unit=cast.scene.units["east1"], due_on=due).count()


def test_work_is_told_before_it_is_due_on_the_day_of_its_rule(
    cast: Cast, monkeypatch: Clock
) -> None:
    due = due_on(cast)
    morning(monkeypatch, back(due, 6))
    assert told(cast["officer"], back(due, 6)) == {}
    morning(monkeypatch, back(due, 5))
    lines = told(cast["officer"], back(due, 5))
    assert set(lines) == {"soon"}
    assert lines["soon"].n == owed(cast, due) > 1
    assert lines["soon"].names[0].startswith("1. Thông tin đến người dân")


def test_on_the_day_and_after_it(cast: Cast, monkeypatch: Clock) -> None:
    due = due_on(cast)
    morning(monkeypatch, due)
    assert set(told(cast["officer"], due)) == {"today"}
    morning(monkeypatch, ahead(due, 1))
    assert set(told(cast["officer"], ahead(due, 1))) == {"overdue"}
    # The rules say 1 and 5 working days: between them nobody is told again.
    morning(monkeypatch, ahead(due, 2))
    assert told(cast["officer"], ahead(due, 2)) == {}


def test_the_superior_hears_after_the_days_of_the_rule(cast: Cast, monkeypatch: Clock) -> None:
    above = person("head", cast.scene.units["east"])
    due = due_on(cast)
    morning(monkeypatch, ahead(due, 4))
    assert "below" not in told(above, ahead(due, 4))
    morning(monkeypatch, ahead(due, 5))
    line = told(above, ahead(due, 5))["below"]
    assert line.units == 2
    assert line.n == 2 * owed(cast, due)
    n = owed(cast, due)
    assert line.names == (f"Xã east 1 ({n})", f"Xã east 2 ({n})")
    assert "below" not in told(cast["head"], ahead(due, 5))
    # Nobody heads what stands directly below the province, and is due two days later; the
    # coordinator urges for it.
    assert "below" not in told(cast["coordinator"], ahead(due, 5))
    morning(monkeypatch, ahead(due, 7))
    assert told(cast["coordinator"], ahead(due, 7))["below"].names == (
        "Huyện east (1)",
        "Huyện west (1)",
        "Sở Y tế (1)",
    )


def test_what_is_done_is_told_no_more(cast: Cast, monkeypatch: Clock) -> None:
    due = due_on(cast)
    Assignment.objects.filter(unit=cast.scene.units["east1"]).update(state="accepted")
    morning(monkeypatch, ahead(due, 1))
    assert told(cast["officer"], ahead(due, 1)) == {}


def test_what_nobody_can_report_any_more_is_told_no_more(cast: Cast, monkeypatch: Clock) -> None:
    due = due_on(cast)
    Assignment.objects.update(locks_on=due)
    morning(monkeypatch, ahead(due, 1))
    assert told(cast["officer"], ahead(due, 1)) == {}


def test_one_a_day_however_often_it_runs(cast: Cast, monkeypatch: Clock) -> None:
    due = due_on(cast)
    assert morning(monkeypatch, due) > 0
    assert morning(monkeypatch, due, 9) == 0
    assert Digest.objects.filter(person=cast["officer"]).count() == 1


def test_everybody_at_their_own_hour(cast: Cast, monkeypatch: Clock) -> None:
    due = due_on(cast)
    Preference.objects.create(person=cast["officer"], hour=14)
    assert digests.make_digests(hours=range(0, 14), now=at(due, 13)) > 0
    assert told(cast["officer"], due) == {}
    assert digests.make_digests(hours=range(14, 15), now=at(due, 14)) == 1
    assert set(told(cast["officer"], due)) == {"today"}


def test_a_rule_switched_off_speaks_no_more(cast: Cast, monkeypatch: Clock) -> None:
    due = due_on(cast)
    ReminderRule.objects.create(kind="after", working_days=3)
    ReminderRule.objects.create(kind="at", working_days=0, is_active=False)
    morning(monkeypatch, due)
    assert told(cast["officer"], due) == {}
    morning(monkeypatch, ahead(due, 3))
    assert set(told(cast["officer"], ahead(due, 3))) == {"overdue"}


def test_due_on_a_day_off_is_told_on_the_last_worked_day(cast: Cast, monkeypatch: Clock) -> None:
    due = due_on(cast)
    CalendarDay.objects.create(day=due, is_working=False, note="Nghỉ", source="thử")
    morning(monkeypatch, back(due, 1))
    assert "today" in told(cast["officer"], back(due, 1))


def test_a_return_is_told_the_next_morning_once(cast: Cast, monkeypatch: Clock) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2))
    morning(monkeypatch, TODAY.date() + dt.timedelta(days=1))
    guide = told(cast["guide"], TODAY.date() + dt.timedelta(days=1))
    assert guide["judging"].n == 1
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    return_reports(
        judged=[turn.pk], points=[], text="Thiếu ảnh", redo_by=None, by=cast["guide"], now=TODAY
    )
    morning(monkeypatch, TODAY.date() + dt.timedelta(days=2))
    lines = told(cast["officer"], TODAY.date() + dt.timedelta(days=2))
    assert lines["returned"].n == 1
    assert lines["returned"].names[0].startswith("2. Rà soát trạm y tế")
    # Nothing new happened since: the same return calls for no second digest.
    morning(monkeypatch, TODAY.date() + dt.timedelta(days=3))
    assert "returned" not in told(cast["officer"], TODAY.date() + dt.timedelta(days=3))


def test_what_has_no_place_in_the_chain_yet_waits_for_it(cast: Cast, monkeypatch: Clock) -> None:
    day = TODAY.date() + dt.timedelta(days=1)
    cast.send(cast.scene.assignment("east1", 2))
    now = at(day)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert AuditEvent.objects.filter(position=None).exists()
    digests.make_digests(hours=ALL_DAY, now=now)
    assert told(cast["guide"], day) == {}
    morning(monkeypatch, day, 8)
    assert told(cast["guide"], day)["judging"].n == 1


def test_the_head_hears_of_what_waits_for_approval(cast: Cast, monkeypatch: Clock) -> None:
    draft = cast.draft(cast.scene.assignment("east1", 2))
    mark_ready(drafts=[draft.pk], by=cast["officer"], now=TODAY)
    day = TODAY.date() + dt.timedelta(days=1)
    morning(monkeypatch, day)
    assert told(cast["head"], day)["approval"].n == 1
    assert "approval" not in told(cast["officer"], day)


def test_a_colleague_hears_of_what_was_given_to_them(cast: Cast, monkeypatch: Clock) -> None:
    unit = cast.scene.units["east1"]
    colleague = cast["officer"]
    assignment = cast.scene.assignment("east1", 2)
    ReportingHabit.objects.create(unit=unit, focal_person=cast["head"])
    share_work(
        unit=unit,
        seen={assignment.pk: 0},
        person=colleague,
        due_on=TODAY.date() + dt.timedelta(days=8),
        note="",
        by=cast["head"],
        now=TODAY,
    )
    day = TODAY.date() + dt.timedelta(days=1)
    morning(monkeypatch, day)
    assert told(colleague, day)["given"].n == 1
    # Where one person gathers a unit's reports, the others hear of their own part only.
    due = due_on(cast)
    morning(monkeypatch, due)
    assert "today" not in told(colleague, due)
    assert "today" in told(cast["head"], due)


def test_a_difficulty_is_told_to_whom_it_waits_for(cast: Cast, monkeypatch: Clock) -> None:
    above = person("head", cast.scene.units["east"])
    raise_difficulty(
        raised=Raised("funds", "Chưa có kinh phí", "Bố trí kinh phí"),
        unit=cast.scene.units["east1"],
        by=cast["officer"],
        now=TODAY,
    )
    day = TODAY.date() + dt.timedelta(days=1)
    morning(monkeypatch, day)
    line = told(above, day)["difficulty"]
    assert (line.n, line.names) == (1, ("Chưa có kinh phí",))
    assert "difficulty" not in told(cast["officer"], day)


def test_whoever_left_or_holds_no_role_gets_none(cast: Cast, monkeypatch: Clock) -> None:
    due = due_on(cast)
    officer = cast["officer"]
    officer.is_active = False
    officer.save()
    RoleHeld.objects.filter(person=cast["head"]).update(valid_to=back(due, 1))
    morning(monkeypatch, due)
    assert told(officer, due) == {}
    assert told(cast["head"], due) == {}


def test_only_those_with_an_address_are_written_to(cast: Cast, monkeypatch: Clock) -> None:
    due = due_on(cast)
    cast["head"].email = "head@example.vn"
    cast["head"].save()
    morning(monkeypatch, due)
    assert set(told(cast["officer"], due)) == {"today"}
    (message,) = OutboxMessage.objects.all()
    assert (message.person, message.channel, message.address) == (
        cast["head"],
        "email",
        "head@example.vn",
    )


def test_the_queries_of_a_portion_are_fixed(
    cast: Cast, monkeypatch: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    due = due_on(cast)
    now = at(due)
    monkeypatch.setattr(clock, "now", lambda: now)
    # The first run ever makes its lock.
    digests.make_digests(hours=ALL_DAY, now=now)
    Digest.objects.all().delete()
    with django_assert_num_queries(QUERIES):
        digests.make_digests(hours=ALL_DAY, now=now)
    Digest.objects.all().delete()
    for code in ("west1", "west2", "east2", "health"):
        person("officer", cast.scene.units[code])
    with django_assert_num_queries(QUERIES):
        assert digests.make_digests(hours=ALL_DAY, now=now) > 4
