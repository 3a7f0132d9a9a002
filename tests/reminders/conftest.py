"""The small province with its first quarter in work, and the messages it would send."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from khung.base import clock
from khung.reminders.adapters import file
from tests.cast import TODAY, Cast


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    """The clock stands still in the first quarter of 2025."""
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    return TODAY


@pytest.fixture
def cast(db: None, today: dt.datetime) -> Cast:
    return Cast()


class Written:
    """What the file adapter wrote in this test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for path in sorted(self._folder.glob("*.jsonl")):
            for line in path.read_text().splitlines():
                yield json.loads(line)


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    folder = tmp_path / "outbox"
    monkeypatch.setattr(file, "folder", lambda: folder)
    return Written(folder)
