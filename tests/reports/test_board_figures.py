"""The hourly figures of the board: who never reported, what came back, how fresh, by guide."""

import datetime as dt
from collections import Counter

from django_tasks_db.models import DBTaskResult

from khung.assignments.freshness import light_of
from khung.assignments.models import Assignment
from khung.base.ticking import tick
from khung.reports import board_figures
from khung.reports.actions import Point, accept_reports, return_reports
from khung.reports.models import GuideFigures, SubtreeFigures
from khung.rules.workflow import counted_state
from tests.assignments.scene import unit
from tests.cast import TODAY, Cast


def counted(cast: Cast, code: str) -> SubtreeFigures:
    period = cast.scene.period("2025-Q1")
    board_figures.refresh(period, now=TODAY)
    pk = cast.scene.units[code].pk
    return board_figures.figures_of(period, [pk])[pk]


def test_a_unit_is_silent_until_its_first_report_ever(cast: Cast) -> None:
    province = counted(cast, "T")
    owing = Assignment.objects.filter(counts_in__code="2025-Q1").values("unit").distinct().count()
    assert (province.units, province.silent, province.reported_share) == (owing, owing, 0)
    cast.send(cast.scene.assignment("east1", 2))
    assert counted(cast, "T").silent == owing - 1
    assert (counted(cast, "east").units, counted(cast, "east").silent) == (3, 2)
    assert counted(cast, "east1").silent == 0
    # What was sent in an earlier period counts: it is the first report ever that is asked about.
    cast.scene.work("2025-Q2")
    later = cast.scene.period("2025-Q2")
    board_figures.refresh(later, now=TODAY)
    pk = cast.scene.units["east1"].pk
    assert board_figures.figures_of(later, [pk])[pk].silent == 0


def test_a_report_taken_back_was_still_the_first(cast: Cast) -> None:
    cast.send(cast.scene.assignment("east1", 2))
    Assignment.objects.update(state="in_progress")
    assert counted(cast, "east1").silent == 0


def test_villages_and_the_exempt_are_not_asked(cast: Cast) -> None:
    unit("v1", "Thôn 1", "village", parent=cast.scene.units["east1"], kind="village")
    before = counted(cast, "east").units
    Assignment.objects.filter(unit__code="east2").update(state="exempt")
    assert counted(cast, "east").units == before - 1


def test_the_rate_of_returns_is_of_judgements(cast: Cast) -> None:
    for n, no in enumerate((2, 2)):
        turn = cast.send(cast.scene.assignment("east1", no), f"Lần {n}")
        if n == 0:
            return_reports(
                judged=[turn.pk], points=[Point(text="Mờ")], text="", redo_by=None,
                by=cast["guide"], now=TODAY,
            )  # fmt: skip
        else:
            accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY)
    assert (counted(cast, "east").judged, counted(cast, "east").returned) == (2, 1)
    assert counted(cast, "T").return_rate == 0.5
    assert counted(cast, "west").return_rate is None


def test_lights_are_those_of_every_single_row(cast: Cast) -> None:
    for n, one in enumerate(Assignment.objects.filter(timing="continuous").order_by("pk")):
        at = TODAY - dt.timedelta(days=30 * (n % 4))
        Assignment.objects.filter(pk=one.pk).update(updated_at=at if n % 5 else None)
    period = cast.scene.period("2025-Q1")
    one_by_one = Counter(
        light_of(it, period, TODAY.date()) for it in Assignment.objects.filter(counts_in=period)
    )
    lights = counted(cast, "T").lights
    assert {name: n for name, n in lights.items() if n} == {
        name: n for name, n in one_by_one.items() if name
    }
    assert (
        sum(lights.values())
        == Assignment.objects.filter(counts_in=period, timing="continuous").count()
    )
    assert len([n for n in lights.values() if n]) > 1


def test_by_guide_everything_is_counted_once(cast: Cast) -> None:
    cast.move(cast.scene.assignment("east1", 2), "update", "submit", "accept")
    period = cast.scene.period("2025-Q1")
    board_figures.refresh(period, now=TODAY)
    tallies, as_of = board_figures.guide_tallies(period)
    assert as_of == TODAY
    expected: Counter[tuple[int, str, bool]] = Counter(
        (it.guide_id or 0, counted_state(it.state, it.nothing_arose), it.is_late)
        for it in Assignment.objects.filter(counts_in=period)
    )
    shown = {
        (guide, *standing): n
        for guide, tally in tallies.items()
        for standing, n in tally.standings.items()
    }
    assert shown == expected


def test_counting_again_leaves_nothing_behind(cast: Cast) -> None:
    period = cast.scene.period("2025-Q1")
    for _ in range(2):
        board_figures.refresh(period, now=TODAY)
    rows = SubtreeFigures.objects.count(), GuideFigures.objects.count()
    Assignment.objects.filter(unit__code__startswith="west").delete()
    board_figures.refresh(period, now=TODAY)
    assert (SubtreeFigures.objects.count(), GuideFigures.objects.count()) < rows
    west = cast.scene.units["west"].pk
    assert board_figures.figures_of(period, [west]) == {}


def test_only_periods_that_move_are_counted_again(cast: Cast) -> None:
    first, today = cast.scene.period("2025-Q1"), TODAY.date()
    long_after = first.ends_on + board_figures.STILL_MOVING + dt.timedelta(days=1)
    assert board_figures.moving_periods(long_after) == [first]
    board_figures.refresh(first, now=TODAY)
    assert board_figures.moving_periods(long_after) == []
    assert board_figures.moving_periods(today) == [first]


def test_the_schedule_asks_for_them_once_an_hour(cast: Cast) -> None:
    asked = DBTaskResult.objects.filter(task_path="khung.reports.jobs.refresh_board_figures")
    tick()
    tick()
    assert asked.count() == 1
