"""What the schedule does for reports."""

import datetime as dt

from khung.base import jobs
from khung.base.ticking import on_tick
from khung.reports import judging_counts, turns, village_refusals
from khung.reports.jobs import check_judging_counts, refresh_board_figures


@on_tick(order=30)
def hand_on_turns(now: dt.datetime) -> None:
    """Turns nobody can judge go to the judge found since, or to the coordinator."""
    turns.follow_judges(now=now)


@on_tick(order=50)
def fold_judging_counts(now: dt.datetime) -> None:
    """Counts of judging into one row a key."""
    while judging_counts.fold():
        pass


@on_tick(order=90)
def count_for_the_board(now: dt.datetime) -> None:
    """Has the figures of the board that need reports counted once an hour."""
    jobs.enqueue_once(refresh_board_figures, f"{now:%Y-%m-%dT%H}")


@on_tick(order=90)
def check(now: dt.datetime) -> None:
    """Has the counts of judging compared with the turns once a day."""
    jobs.enqueue_once(check_judging_counts, now.date().isoformat())


@on_tick(order=92)
def clear_refused_sendings(now: dt.datetime) -> None:
    """Deletes what villages sent and their commune refused a month ago."""
    village_refusals.clear_refused(now=now)
