"""What reports leave to the night."""

import datetime as dt

from khung.assignments.actions import set_calendar_day
from khung.base.models import AuditEvent
from khung.reports import judging_counts
from khung.reports.actions import accept_reports
from khung.reports.jobs import check_judging_counts
from khung.reports.models import JudgingCount
from tests.cast import TODAY, Cast


def test_counts_that_went_wrong_are_made_anew_and_told(cast: Cast) -> None:
    cast.send(cast.scene.assignment("east1", 2))
    assert check_judging_counts.func("2025-03-03") == 0
    JudgingCount.objects.update(n=7)
    assert check_judging_counts.func("2025-03-04") == 1
    assert judging_counts.differences() == {}
    (told,) = AuditEvent.objects.filter(verb="judging_counts.rebuilt")
    assert told.data == {"day": "2025-03-04", "cells": 1}


def test_the_night_follows_a_day_of_the_past_set_anew(cast: Cast) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2))
    accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY + dt.timedelta(days=2))
    before = JudgingCount.objects.get(kind="accepted").days
    set_calendar_day(
        day=TODAY.date() + dt.timedelta(days=1),
        is_working=False,
        note="Nghỉ bù",
        version=0,
        by=cast["coordinator"],
        now=TODAY + dt.timedelta(days=5),
    )
    assert check_judging_counts.func("2025-03-08") == 2
    assert judging_counts.differences() == {}
    assert JudgingCount.objects.get(kind="accepted").days == before - 1
