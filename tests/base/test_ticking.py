"""The schedule outlives whatever the database and the disk do for a while."""

import datetime as dt
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError

from khung.base import schedule, ticking
from khung.base.management.commands import tick
from khung.base.ticking import Part

FAULTS = [
    OperationalError("database is locked"),
    InterfaceError("the connection is closed"),
    OSError(28, "No space left on device"),
]


class Ended(BaseException):
    """What ends the endless loop here."""


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_round_that_fails_is_told_and_the_next_one_runs(
    fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[int] = []

    def first_fails() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise fault

    def wait(seconds: float) -> None:
        if len(rounds) == 2:
            raise Ended

    monkeypatch.setattr(ticking, "tick", first_fails)
    monkeypatch.setattr(tick, "close_old_connections", lambda: None)
    monkeypatch.setattr(time, "sleep", wait)
    said = StringIO()
    with pytest.raises(Ended):
        call_command("tick", every=20.0, stderr=said)
    assert len(rounds) == 2
    assert said.getvalue().count("Lịch bỏ qua một lượt") == 1
    assert str(fault) in said.getvalue()


def test_a_single_round_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(ticking, "tick", fail)
    with pytest.raises(CommandError, match="gone"):
        call_command("tick")


def test_a_part_that_fails_keeps_no_other_from_running(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def fail(_now: dt.datetime) -> None:
        raise OperationalError("database is locked")

    parts = [
        Part(1, "first", lambda now: ran.append("first")),
        Part(2, "second", fail),
        Part(3, "third", lambda now: ran.append("third")),
    ]
    monkeypatch.setattr(ticking, "parts", lambda: parts)
    with pytest.raises(OperationalError):
        ticking.tick()
    assert ran == ["first", "third"]
    assert schedule.last_ran("schedule") is None


def test_rooms_add_their_parts_and_order_decides() -> None:
    names = [part.name.removeprefix("khung.") for part in ticking.parts()]
    in_order = ["assignments.ticks.stamp", "assignments.ticks.fold", "base.ticks.seal"]
    assert [name for name in names if name in in_order] == in_order
    assert names[-1] == "base.ticks.free_jobs"


def test_a_round_is_whole_and_notes_its_time(db: None) -> None:
    call_command("tick")
    assert schedule.last_ran("schedule") is not None
