"""The schedule's memory and the one clock."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.db import connection

from khung.base import clock, schedule
from khung.base.locks import named_lock
from khung.base.models import NamedLock

ROOT = Path(__file__).resolve().parents[2]
READS_CLOCK = re.compile(r"timezone\.now\(|timezone\.localdate\(\)|datetime\.now\(|date\.today\(")


@pytest.mark.django_db
def test_the_schedule_remembers_the_last_run() -> None:
    first = dt.datetime(2025, 10, 15, 8, tzinfo=dt.UTC)
    assert schedule.last_ran("fold") is None
    schedule.ran("fold", first)
    schedule.ran("fold", first + dt.timedelta(hours=1))
    assert schedule.last_ran("fold") == first + dt.timedelta(hours=1)


def test_the_day_is_that_of_the_installation() -> None:
    assert str(clock.now().tzinfo) == "Asia/Ho_Chi_Minh"
    assert clock.today() == clock.now().date()


def test_only_the_clock_reads_the_clock() -> None:
    readers = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "khung").rglob("*.py")
        if READS_CLOCK.search(path.read_text())
    ]
    assert readers == ["khung/base/clock.py"]


@pytest.mark.django_db
def test_a_named_lock_is_a_transaction_and_may_be_taken_again() -> None:
    for _ in range(2):
        with named_lock("one"):
            assert connection.in_atomic_block
    assert NamedLock.objects.filter(name="one").count() == 1
