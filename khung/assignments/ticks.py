"""What the schedule does for assignments: lateness, the roll-up, its nightly check."""

import datetime as dt

from khung.assignments import rollup
from khung.assignments.jobs import check_roll_up
from khung.assignments.lateness import stamp_lateness
from khung.base import jobs
from khung.base.ticking import on_tick


@on_tick(order=10)
def stamp(now: dt.datetime) -> None:
    """Stamps whatever became late, in portions, so that no lock is held for long."""
    while stamp_lateness(today=now.date(), now=now):
        pass


@on_tick(order=50)
def fold(_now: dt.datetime) -> None:
    """Folds what changed since the last round into the figures of the board."""
    rollup.fold_all()


@on_tick(order=90)
def check(now: dt.datetime) -> None:
    """Has the figures compared with the assignments once a day."""
    jobs.enqueue_once(check_roll_up, now.date().isoformat())
