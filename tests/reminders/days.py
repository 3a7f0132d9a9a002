"""Days of the first quarter of 2025, and the round of the schedule on them."""

import datetime as dt

import pytest

from khung.base import clock, sealer
from khung.orgs.models import Person
from khung.reminders import digests, outbox
from khung.reminders.lines import Line, lines
from khung.reminders.models import Digest
from tests.cast import TODAY

ALL_DAY = range(0, 24)


def at(day: dt.date, hour: int = 7) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), TODAY.tzinfo)


def morning(monkeypatch: pytest.MonkeyPatch, day: dt.date, hour: int = 7) -> int:
    """Goes to the morning of a day and makes everybody's digests; returns how many were made."""
    now = at(day, hour)
    monkeypatch.setattr(clock, "now", lambda: now)
    sealer.seal()
    return digests.make_digests(hours=ALL_DAY, now=now)


def send() -> int:
    return outbox.send_portion(now=clock.now())


def told(person: Person, day: dt.date) -> dict[str, Line]:
    """What somebody was told on a day, by kind; nothing where there is no digest."""
    found = Digest.objects.filter(person=person, day=day).first()
    return {line.kind: line for line in lines(found.items)} if found else {}
