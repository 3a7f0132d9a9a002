"""How many difficulties are open and how many too long, for the board."""

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from khung.difficulties.figures import open_counts
from tests.cast import TODAY, Cast
from tests.difficulties.ways import decided, district_head, moved, raised

DAY = TODAY.date()


def test_open_and_overdue_by_stage(cast: Cast) -> None:
    raised(cast)
    raised(cast, now=TODAY - dt.timedelta(days=20))
    raised(cast, starts_at="province", task=None)
    moved(raised(cast), "withdraw", cast["officer"])
    moved(raised(cast), "answer", district_head(cast))
    decided(cast, raised(cast))
    with CaptureQueriesContext(connection) as asked:
        counts = open_counts(None, today=DAY)
    assert len(asked) == 1
    assert counts.waiting == {"superior": 2, "guide": 0, "coordinator": 0, "province": 1}
    assert counts.overdue == {"superior": 1, "guide": 0, "coordinator": 0, "province": 0}
    assert (counts.to_confirm, counts.carried_out, counts.carried_out_overdue) == (1, 1, 0)
    assert (counts.open, counts.too_long) == (4, 1)


def test_a_decision_past_its_day_is_too_long(cast: Cast) -> None:
    decided(cast, raised(cast), resolve_by=DAY)
    assert open_counts(None, today=DAY).too_long == 0
    assert open_counts(None, today=DAY + dt.timedelta(days=1)).too_long == 1


def test_of_some_units_and_of_a_period(cast: Cast) -> None:
    units = cast.scene.units
    raised(cast)
    raised(cast, task=None)
    assert open_counts([units["east1"].pk], today=DAY).open == 2
    assert open_counts([units["west1"].pk], today=DAY).open == 0
    quarter = cast.scene.period("2025-Q1")
    assert open_counts(None, quarter, today=DAY).open == 1
