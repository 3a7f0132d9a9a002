"""Working days and reporting periods."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khung.rules.calendar import (
    PERIODS_A_YEAR,
    PROPOSED_DEADLINES,
    WorkingCalendar,
    deadlines,
    last_of_year,
    period_codes,
    period_dates,
    period_on,
    year_code,
)
from khung.rules.norms import norm_on

# Tết 2025 as worked: Monday 27/1 to Friday 31/1 off; then Friday 2/5 off against Saturday 26/4.
TET = {dt.date(2025, 1, day): False for day in range(27, 32)}
SWAP = {dt.date(2025, 5, 2): False, dt.date(2025, 4, 26): True, dt.date(2025, 5, 1): False}
CALENDAR = WorkingCalendar(TET | SWAP)
PLAIN = WorkingCalendar({})

days = st.dates(dt.date(2016, 1, 1), dt.date(2040, 12, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (dt.date(2025, 4, 25), True),  # an ordinary Friday
        (dt.date(2025, 4, 26), True),  # a Saturday worked instead of 2/5
        (dt.date(2025, 4, 27), False),  # a Sunday
        (dt.date(2025, 5, 2), False),  # the Friday swapped away
        (dt.date(2025, 1, 29), False),  # Tết
    ],
)
def test_a_day_is_what_its_weekday_says_unless_the_calendar_says_otherwise(
    day: dt.date, worked: bool
) -> None:
    assert CALENDAR.is_working(day) is worked


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (dt.date(2025, 3, 14), 3, dt.date(2025, 3, 19)),  # Friday + 3: over a week-end
        (dt.date(2025, 4, 25), 1, dt.date(2025, 4, 26)),  # the worked Saturday counts
        (dt.date(2025, 4, 30), 1, dt.date(2025, 5, 5)),  # 1/5, 2/5 and the week-end do not
        (dt.date(2025, 1, 24), 1, dt.date(2025, 2, 3)),  # all of Tết is passed over
        (dt.date(2025, 3, 15), 0, dt.date(2025, 3, 17)),  # nothing to add: the next worked day
        (dt.date(2025, 3, 14), 0, dt.date(2025, 3, 14)),
    ],
)
def test_adding_working_days(start: dt.date, count: int, end: dt.date) -> None:
    assert CALENDAR.add(start, count) == end


@pytest.mark.parametrize(
    ("today", "due", "left"),
    [
        (dt.date(2025, 3, 14), dt.date(2025, 3, 19), 3),
        (dt.date(2025, 3, 19), dt.date(2025, 3, 19), 0),
        (dt.date(2025, 3, 19), dt.date(2025, 3, 14), -3),
        (dt.date(2025, 4, 30), dt.date(2025, 5, 5), 1),
    ],
)
def test_working_days_left(today: dt.date, due: dt.date, left: int) -> None:
    assert CALENDAR.left(today, due) == left


@given(days, st.integers(0, 60))
def test_what_was_added_is_what_is_left(day: dt.date, count: int) -> None:
    start = CALENDAR.on_or_after(day)
    assert CALENDAR.left(start, CALENDAR.add(start, count)) == count


@given(day=st.dates(dt.date(2024, 6, 1), dt.date(2026, 6, 1)), count=st.integers(0, 60))
def test_what_lies_so_many_days_back_is_that_many_days_away(day: dt.date, count: int) -> None:
    today = CALENDAR.on_or_after(day)
    before = CALENDAR.back(today, count)
    assert CALENDAR.is_working(before)
    assert CALENDAR.add(before, count) == today


def test_back_from_a_day_off_is_the_worked_day_before() -> None:
    saturday = dt.date(2025, 10, 18)
    friday = dt.date(2025, 10, 17)
    assert PLAIN.back(saturday, 0) == friday
    assert PLAIN.back(saturday, 1) == friday


@pytest.mark.parametrize(
    ("code", "starts_on", "ends_on", "data_from", "data_to"),
    [
        ("2025-Q1", (2025, 1, 1), (2025, 3, 31), (2024, 12, 15), (2025, 3, 14)),
        ("2025-Q2", (2025, 4, 1), (2025, 6, 30), (2025, 3, 15), (2025, 6, 14)),
        ("2024-Q3", (2024, 7, 1), (2024, 9, 30), (2024, 6, 15), (2024, 9, 14)),
        ("2025-Q4", (2025, 10, 1), (2025, 12, 31), (2025, 9, 15), (2025, 12, 14)),
        ("2025", (2025, 1, 1), (2025, 12, 31), (2024, 12, 15), (2025, 12, 14)),
    ],
)
def test_the_data_of_a_period_run_from_cut_off_to_cut_off(
    code: str,
    starts_on: tuple[int, int, int],
    ends_on: tuple[int, int, int],
    data_from: tuple[int, int, int],
    data_to: tuple[int, int, int],
) -> None:
    found = period_dates(code)
    assert (found.starts_on, found.ends_on) == (dt.date(*starts_on), dt.date(*ends_on))
    assert (found.data_from, found.data_to) == (dt.date(*data_from), dt.date(*data_to))
    kinds = {"Q": "quarter", "H": "half"}
    assert found.kind == kinds.get(code[5:6], "year")


@pytest.mark.parametrize(
    "code",
    [
        "",
        "2025-Q0",
        "2025-Q5",
        "2025-H3",
        "2025-H",
        "2025-Q01",
        "2025-q1",
        "25",
        "2025-",
        "Q1",
        "quý 1",
    ],
)
def test_another_code_is_no_period(code: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each way to be wrong has its own message
        period_dates(code)


@given(st.dates(dt.date(2016, 1, 1), dt.date(2040, 10, 1)), st.sampled_from(list(PERIODS_A_YEAR)))
def test_periods_follow_on_one_another_without_a_gap(first: dt.date, cycle: str) -> None:
    codes = list(period_codes(first, first + dt.timedelta(days=730), cycle))
    spans = [period_dates(code) for code in codes]
    assert spans[0].starts_on <= first <= spans[0].ends_on
    for one, following in itertools.pairwise(spans):
        assert following.starts_on - one.ends_on == dt.timedelta(days=1)
        assert following.data_from - one.data_to == dt.timedelta(days=1)


def test_the_year_a_period_belongs_to() -> None:
    assert year_code("2025-Q3") == "2025"
    assert year_code("2025") == "2025"
    assert [last_of_year(code) for code in ("2025-Q3", "2025-H1", "2025")] == [
        "2025-Q4",
        "2025-H2",
        "2025",
    ]


@pytest.mark.parametrize(
    ("cycle", "code"), [("quarter", "2025-Q3"), ("half", "2025-H2"), ("year", "2025")]
)
def test_the_period_a_day_lies_in(cycle: str, code: str) -> None:
    assert period_on(dt.date(2025, 9, 30), cycle) == code
    assert period_dates(code).kind == cycle


def test_codes_from_a_day_to_another() -> None:
    first, last = dt.date(2025, 11, 2), dt.date(2026, 1, 1)
    assert list(period_codes(first, last, "quarter")) == ["2025-Q4", "2026-Q1"]
    assert list(period_codes(first, last, "half")) == ["2025-H2", "2026-H1"]
    assert list(period_codes(first, last, "year")) == ["2025", "2026"]


def test_proposed_deadlines_are_working_days_after_the_data_end() -> None:
    quarter = period_dates("2025-Q1")
    assert deadlines(quarter, "commune", PLAIN) == (dt.date(2025, 3, 19), dt.date(2025, 3, 28))
    assert deadlines(quarter, "province", PLAIN) == (dt.date(2025, 3, 21), dt.date(2025, 3, 28))


@given(st.sampled_from(sorted(PROPOSED_DEADLINES)), st.integers(2016, 2040), st.integers(1, 4))
def test_a_period_locks_no_earlier_than_it_is_timely(level: str, year: int, number: int) -> None:
    quarter = period_dates(f"{year}-Q{number}")
    timely, locks = deadlines(quarter, level, CALENDAR)
    assert quarter.data_to < timely <= locks
    assert CALENDAR.is_working(timely)
    assert CALENDAR.is_working(locks)


def test_a_norm_is_asked_for_on_a_day() -> None:
    assert norm_on("data_cut_off", dt.date(2025, 1, 1)).value == 15
    with pytest.raises(LookupError):
        norm_on("nobody_knows", dt.date(2025, 1, 1))
