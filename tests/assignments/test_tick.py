"""The schedule outlives whatever the database and the disk do for a while."""

import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError

from khung.assignments.management.commands import tick

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

    monkeypatch.setattr(tick, "tick", first_fails)
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

    monkeypatch.setattr(tick, "tick", fail)
    with pytest.raises(CommandError, match="gone"):
        call_command("tick")
