"""The clock of judging: how long turns took, what waits, and turns nobody could take."""

import datetime as dt

from khung.assignments.models import Assignment
from khung.orgs.models import Unit
from khung.reports import judging_counts, judging_times, turns
from khung.reports.actions import accept_reports, return_reports
from khung.reports.models import JudgingCount, ReviewTurn
from tests.assignments.scene import person
from tests.cast import TODAY, Cast
from tests.reports.test_judging import plan, send_as


def later(days: int) -> dt.datetime:
    return TODAY + dt.timedelta(days=days)


def test_median_and_return_rate_are_of_the_judging_unit(cast: Cast) -> None:
    first, second = cast.send(cast.scene.assignment("east1", 2)), send_as(cast, "west1", 2)
    third, fourth = send_as(cast, "east2", 2), send_as(cast, "west2", 2)
    # Monday 03/03: two working days to Wednesday, six to the Tuesday after.
    accept_reports(judged=[first.pk, second.pk], by=cast["guide"], now=later(2))
    return_reports(
        judged=[third.pk], points=[], text="Thiếu", redo_by=None, by=cast["guide"], now=later(8)
    )
    health = cast.scene.units["health"].pk
    for _ in range(2):
        found = judging_times.times(first.period, [health], today=fourth.due_on)[health]
        assert (found.waiting, found.overdue, found.judged) == (1, 0, 3)
        assert (found.median_days, found.return_rate) == (2.0, 1 / 3)
        assert judging_counts.differences() == {}
        judging_counts.fold()  # says the same folded
    after = fourth.due_on + dt.timedelta(days=1)
    assert judging_times.times(first.period, [health], today=after)[health].overdue == 1


def test_a_median_of_an_even_number_lies_between() -> None:
    found = judging_times.JudgingTimes()
    for days, n in ((1, 2), (4, 1), (9, 1)):
        found.add("accepted", None, days, n, TODAY.date())
    assert found.median_days == 2.5
    assert judging_times.JudgingTimes().median_days is None
    both = judging_times.together([found, found])
    assert (both.accepted, both.median_days) == (8, 2.5)


def test_folding_leaves_one_row_a_key_and_nothing_that_is_over(cast: Cast) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2))
    send_as(cast, "west1", 2)
    assert judging_counts.fold() == 2
    assert [(one.kind, one.n) for one in JudgingCount.objects.all()] == [("waiting", 2)]
    other = ReviewTurn.objects.exclude(pk=turn.pk).get()
    accept_reports(judged=[turn.pk, other.pk], by=cast["guide"], now=TODAY)
    judging_counts.fold()
    assert [(one.kind, one.n) for one in JudgingCount.objects.all()] == [("accepted", 2)]
    JudgingCount.objects.update(n=7)
    assert len(judging_counts.differences()) == 1
    judging_counts.rebuild()
    assert judging_counts.differences() == {}


def test_a_turn_of_nobody_goes_to_the_judge_found_since(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 6)
    turn = cast.send(assignment)
    assert turn.unit is None
    assert turns.follow_judges(now=later(1)) == 0
    Assignment.objects.filter(pk=assignment.pk).update(judge=cast.scene.units["health"])
    assert turns.follow_judges(now=later(7)) == 1
    turn.refresh_from_db()
    assert turn.unit == cast.scene.units["health"]
    assert turn.opened_at == later(7)  # the judge's own clock
    assert turn.due_on > later(7).date()
    assert judging_counts.differences() == {}


def test_a_district_that_ended_holds_nothing_back(cast: Cast) -> None:
    plan(cast, 2, superior_first=True)
    first = cast.send(cast.scene.assignment("east1", 2))
    own = cast.send(cast.scene.assignment("east1", 1))  # judged by the district itself
    district = cast.scene.units["east"]
    assert (first.unit, own.unit) == (district, district)
    Unit.objects.filter(pk=district.pk).update(valid_to=later(1).date())
    assert turns.follow_judges(now=later(2)) == 2
    for turn in (first, own):
        turn.refresh_from_db()
    assert (first.unit, first.stage) == (cast.scene.units["health"], "judge")
    assert own.unit is None
    # The coordinator judges what nobody can.
    accept_reports(judged=[own.pk], by=cast["coordinator"], now=later(2))
    assert cast.scene.assignment("east1", 1).state == "accepted"


def test_after_the_districts_end_reports_go_to_the_judge_at_once(cast: Cast) -> None:
    plan(cast, 2, superior_first=True)
    ended = TODAY.date() - dt.timedelta(days=1)
    Unit.objects.filter(pk=cast.scene.units["east"].pk).update(valid_to=ended)
    turn = cast.send(cast.scene.assignment("east1", 2))
    assert (turn.unit, turn.stage) == (cast.scene.units["health"], "judge")


def test_a_plan_says_how_many_days_a_turn_has(cast: Cast) -> None:
    plan(cast, 2, working_days=3)
    assert cast.send(cast.scene.assignment("east1", 2)).due_on == dt.date(2025, 3, 6)
    person("guide", cast.scene.units["west"])
    assert send_as(cast, "west1", 1).due_on == dt.date(2025, 3, 17)
