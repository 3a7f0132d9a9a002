"""The schedule: digests once an hour of a worked day, messages by the minute."""

import datetime as dt

import pytest
from django_tasks_db.models import DBTaskResult

from khung.base import clock
from khung.reminders import ticks
from khung.reminders.jobs import make_digests, send_waiting
from khung.reminders.models import Digest, OutboxMessage
from tests.cast import Cast
from tests.reminders.conftest import Written
from tests.reminders.days import at, morning

FRIDAY, SATURDAY, MONDAY = dt.date(2025, 3, 14), dt.date(2025, 3, 15), dt.date(2025, 3, 17)


def keys() -> list[str]:
    path = make_digests.module_path
    found = DBTaskResult.objects.filter(task_path=path).order_by("enqueued_at")
    return [result.args_kwargs["args"][0] for result in found]


def test_each_hour_once(db: None) -> None:
    for minute in (0, 1, 59):
        ticks.remind(at(FRIDAY, 7).replace(minute=minute))
    assert keys() == ["2025-03-14 00 07"]
    ticks.remind(at(FRIDAY, 8))
    # Hours during which the schedule stood still are made up for.
    ticks.remind(at(FRIDAY, 11))
    assert keys()[1:] == ["2025-03-14 08 08", "2025-03-14 09 11"]


def test_nothing_on_days_off(db: None) -> None:
    ticks.remind(at(SATURDAY, 7))
    assert keys() == []
    ticks.remind(at(MONDAY, 7))
    assert keys() == ["2025-03-17 00 07"]


def test_the_job_makes_the_digests_of_its_hours(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = cast.scene.assignment("east1", 2).due_on
    monkeypatch.setattr(clock, "now", lambda: at(due, 7))
    assert make_digests.func(f"{due.isoformat()} 08 09") == 0
    assert make_digests.func(f"{due.isoformat()} 00 07") > 0
    # A job left over from yesterday tells nothing that is today's.
    Digest.objects.all().delete()
    monkeypatch.setattr(clock, "now", lambda: at(due + dt.timedelta(days=1), 7))
    assert make_digests.func(f"{due.isoformat()} 00 07") == 0


def test_waiting_messages_get_one_job_a_minute(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, written: Written
) -> None:
    cast["officer"].email = "an@xa.example.vn"
    cast["officer"].save()
    due = cast.scene.assignment("east1", 2).due_on
    ticks.send(at(due, 7))
    assert not DBTaskResult.objects.filter(task_path=send_waiting.module_path).exists()
    morning(monkeypatch, due)
    for _ in range(3):
        ticks.send(at(due, 7))
    assert DBTaskResult.objects.filter(task_path=send_waiting.module_path).count() == 1
    assert send_waiting.func("2025-03-19T07:00") == 1
    assert OutboxMessage.objects.get().state == OutboxMessage.State.SENT
    assert len(list(written)) == 1
