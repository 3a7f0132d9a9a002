"""The freshness light of continuing duties: how long ago somebody last wrote what was done.

A continuing duty has no end to be late for within its period, so that its class alone would stay
"trong hạn" while nothing happens. The light is a hint for whoever watches, never an official class.
"""

import datetime as dt
from collections.abc import Mapping

FRESHNESS = {
    "optimal": "Mới cập nhật",
    "acceptable": "Cập nhật chưa lâu",
    "late": "Lâu chưa cập nhật",
    "stale": "Để lâu, cần hỏi lại",
}
# The most days since the last update for each class; older than the last is "stale". Proposed by
# this project, no norm sets them: a quarter is reported within about 90 days, so a duty touched
# every month is in hand, one left for two months has one month to catch up, and one left for a
# whole quarter was not carried on in it.
MOST_DAYS: Mapping[str, int] = {"optimal": 31, "acceptable": 61, "late": 92}


def freshness(updated_on: dt.date | None, begun_on: dt.date, as_of: dt.date) -> str | None:
    """The class (a key of FRESHNESS) of a duty begun on a day; None before it has begun.

    A duty nobody wrote about yet is as old as its beginning.
    """
    if as_of < begun_on:
        return None
    age = (as_of - max(updated_on or begun_on, begun_on)).days
    return next((code for code, most in MOST_DAYS.items() if age <= most), "stale")


def oldest_days(as_of: dt.date) -> dict[str, dt.date]:
    """The oldest day of last update for each class but "stale", so that a query can count them."""
    return {code: as_of - dt.timedelta(days=most) for code, most in MOST_DAYS.items()}


def measured_on(today: dt.date, ends_on: dt.date) -> dt.date:
    """The day a period's light is read: today while it runs, else its last day.

    What is done afterwards belongs to the next period, so an older age says nothing of this one.
    """
    return min(today, ends_on)
