"""What reports leave to the night."""

from khung.base.models import AuditEvent
from khung.reports import judging_counts
from khung.reports.jobs import check_judging_counts
from khung.reports.models import JudgingCount
from tests.cast import Cast


def test_counts_that_went_wrong_are_made_anew_and_told(cast: Cast) -> None:
    cast.send(cast.scene.assignment("east1", 2))
    assert check_judging_counts.func("2025-03-03") == 0
    JudgingCount.objects.update(n=7)
    assert check_judging_counts.func("2025-03-04") == 1
    assert judging_counts.differences() == {}
    (told,) = AuditEvent.objects.filter(verb="judging_counts.rebuilt")
    assert told.data == {"day": "2025-03-04", "cells": 1}
