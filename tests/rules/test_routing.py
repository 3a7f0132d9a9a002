"""The ladder of a difficulty: who is asked, in what order, what may be done, by when."""

import datetime as dt

import pytest

from khung.rules import routing
from khung.rules.routing import COORDINATOR, GUIDE, PROVINCE, SUPERIOR, LastStop, NotNow, Stop

RAISER, DISTRICT, HEALTH, HOME, ROOT = 1, 2, 3, 4, 5
ALL = {SUPERIOR: DISTRICT, GUIDE: HEALTH, COORDINATOR: HOME, PROVINCE: ROOT}


def stages(raiser: int, **units: int | None) -> list[str]:
    return [stop.stage for stop in routing.ladder(raiser, {**ALL, **units})]


def test_the_whole_ladder_from_the_nearest_to_the_last() -> None:
    assert routing.ladder(RAISER, ALL) == (
        Stop(SUPERIOR, DISTRICT),
        Stop(GUIDE, HEALTH),
        Stop(COORDINATOR, HOME),
        Stop(PROVINCE, ROOT),
    )


@pytest.mark.parametrize(
    ("units", "left"),
    [
        # since the districts ended the province is the direct superior: asked once, last
        ({"superior": ROOT}, [GUIDE, COORDINATOR, PROVINCE]),
        ({"superior": None, "guide": None}, [COORDINATOR, PROVINCE]),
        ({"guide": DISTRICT}, [SUPERIOR, COORDINATOR, PROVINCE]),
        # who guides and coordinates is asked as coordinator, who may decide
        ({"guide": HOME}, [SUPERIOR, COORDINATOR, PROVINCE]),
        ({"superior": HOME}, [SUPERIOR, GUIDE, PROVINCE]),
        ({"guide": RAISER}, [SUPERIOR, COORDINATOR, PROVINCE]),
        ({"coordinator": RAISER, "superior": ROOT, "guide": None}, [PROVINCE]),
    ],
)
def test_a_stage_without_a_unit_of_its_own_is_left_out(
    units: dict[str, int | None], left: list[str]
) -> None:
    assert stages(RAISER, **units) == left


def test_only_later_stages_that_have_not_held_it() -> None:
    stops = routing.ladder(RAISER, ALL)
    assert [stop.stage for stop in routing.later(stops, GUIDE, {HEALTH})] == [
        COORDINATOR,
        PROVINCE,
    ]
    # the unit that held the stage passed is not asked again under another name
    assert [stop.stage for stop in routing.later(stops, SUPERIOR, {DISTRICT, HOME})] == [
        GUIDE,
        PROVINCE,
    ]
    assert routing.later(stops, PROVINCE, {ROOT}) == ()


def test_what_was_not_solved_goes_a_stage_on_and_from_the_last_back_to_it() -> None:
    stops = routing.ladder(RAISER, ALL)
    answered = Stop(COORDINATOR, HOME)
    assert routing.after_dispute(stops, answered, {HOME}) == Stop(PROVINCE, ROOT)
    last = Stop(PROVINCE, ROOT)
    assert routing.after_dispute(stops, last, {HOME, ROOT}) == last


def test_every_stage_has_a_clock_and_the_province_the_longest() -> None:
    day = dt.date(2026, 1, 5)
    days = {stage: routing.clock_on(stage, day) for stage in (*routing.STAGES, routing.RAISER)}
    assert max(days, key=lambda stage: days[stage]) == PROVINCE
    assert min(days.values()) > 0
    assert all("đề xuất" in clock.source for clock in routing.CLOCKS)
    with pytest.raises(LookupError):
        routing.clock_on("village", day)


def test_what_may_be_done_in_each_state() -> None:
    assert routing.transition("waiting", "answer") == "answered"
    assert routing.transition("answered", "dispute") == "waiting"
    for state in ("confirmed", "withdrawn"):
        for verb in routing.VERBS:
            with pytest.raises(NotNow, match="Hãy tải lại trang"):
                routing.transition(state, verb)
    assert {verb for _, verb in routing.TRANSITIONS} == set(routing.VERBS)
    assert {state for state, _ in routing.TRANSITIONS} == set(routing.OPEN_STATES)


def test_the_end_of_the_way_says_what_to_do() -> None:
    assert "Hãy trả lời hoặc quyết định" in str(LastStop())
