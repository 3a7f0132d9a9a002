"""What the schedule does for reports."""

import datetime as dt

from khung.base.ticking import on_tick
from khung.reports import judging_counts, turns


@on_tick(order=30)
def hand_on_turns(now: dt.datetime) -> None:
    """Turns nobody can judge go to the judge found since, or to the coordinator."""
    turns.follow_judges(now=now)


@on_tick(order=50)
def fold_judging_counts(now: dt.datetime) -> None:
    """Counts of judging into one row a key."""
    while judging_counts.fold():
        pass
