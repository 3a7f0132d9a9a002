"""Work of this room done in the background."""

import datetime as dt

from django.db import transaction

from khung.assignments import rollup
from khung.base import clock
from khung.base.audit import record
from khung.base.jobs import job


@job(timeout=dt.timedelta(minutes=30))
def check_roll_up(day: str) -> int:
    """Compares the board's figures with the assignments; makes them anew where they differ.

    Returns the number of cells that differed, 0 on every good night.
    """
    found = rollup.differences()
    if found:
        rollup.rebuild()
        with transaction.atomic():
            record(
                by="system:schedule",
                now=clock.now(),
                verb="roll_up.rebuilt",
                subject="roll-up",
                data={"day": day, "cells": len(found)},
            )
    return len(found)
