"""Work of this room done in the background."""

import datetime as dt

from django.db import transaction

from khung.base import clock
from khung.base.audit import record
from khung.base.jobs import job
from khung.reports import board_figures, judging_counts


@job(timeout=dt.timedelta(minutes=20))
def refresh_board_figures(hour: str) -> int:
    """Counts the board's hourly figures anew; returns for how many units, periods together."""
    now = clock.now()
    moving = board_figures.moving_periods(now.date())
    return sum(board_figures.refresh(period, now=now) for period in moving)


@job(timeout=dt.timedelta(minutes=30))
def check_judging_counts(day: str) -> int:
    """Compares the counts of judging with the turns; makes them anew where they differ.

    Returns the number of counts that differed, 0 on every good night.
    """
    found = judging_counts.differences()
    if found:
        judging_counts.rebuild()
        with transaction.atomic():
            record(
                by="system:schedule",
                now=clock.now(),
                verb="judging_counts.rebuilt",
                subject="judging-counts",
                data={"day": day, "cells": len(found)},
            )
    return len(found)
