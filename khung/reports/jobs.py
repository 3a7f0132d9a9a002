"""Work of this room done in the background."""

import datetime as dt

from khung.base import clock
from khung.base.jobs import job
from khung.reports import board_figures


@job(timeout=dt.timedelta(minutes=20))
def refresh_board_figures(hour: str) -> int:
    """Counts the board's hourly figures anew; returns for how many units, periods together."""
    now = clock.now()
    moving = board_figures.moving_periods(now.date())
    return sum(board_figures.refresh(period, now=now) for period in moving)
