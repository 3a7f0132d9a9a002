"""What the schedule does every few seconds, room by room.

A room that has work for the schedule says so in its module `ticks`, found here by name as its
audit sentences are: the schedule runs below the rooms and may not import them.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.db import Error, transaction

from khung.base import clock, schedule

Run = Callable[[dt.datetime], object]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing the schedule does: its place in the round, its name, and what to call."""

    order: int
    name: str
    run: Run


_PARTS: dict[str, Part] = {}


def on_tick(*, order: int) -> Callable[[Run], Run]:
    """Makes a function of a room's `ticks` module a part of every round; it is given the moment.

    Lower orders run first: 10 stamps, 20–40 what rooms do with that, 50 the roll-up, 80 the seal,
    90 what starts or frees jobs. A part takes no more than a few seconds and may be repeated
    without harm; longer work is a job it enqueues.
    """

    def decorate(run: Run) -> Run:
        name = f"{run.__module__}.{run.__qualname__}"
        _PARTS[name] = Part(order, name, run)
        return run

    return decorate


def parts() -> list[Part]:
    """Every part of a round, in its order."""
    for room in apps.get_app_configs():
        name = f"{room.name}.ticks"
        if room.name.startswith("khung.") and find_spec(name):
            import_module(name)
    return sorted(_PARTS.values(), key=lambda part: (part.order, part.name))


def tick() -> None:
    """One round: every part once, also those after a part the database or the disk failed.

    Raises the first of these faults at the end; the time of the round is then not noted.
    """
    now = clock.now()
    faults: list[Exception] = []
    for part in parts():
        try:
            part.run(now)
        except (Error, OSError) as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    with transaction.atomic():
        schedule.ran("schedule", now)
