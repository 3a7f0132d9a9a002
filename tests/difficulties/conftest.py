"""The small province with its first quarter in work, and everybody who works in it."""

import datetime as dt

import pytest

from khung.base import clock
from tests.cast import TODAY, Cast


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """The clock stands still in the first quarter of 2025."""
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    return TODAY


@pytest.fixture
def cast(db: None, today: dt.datetime) -> Cast:
    return Cast()
