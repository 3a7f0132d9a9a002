"""The freshness light: the age of the last update, measured from a fair beginning."""

import datetime as dt

import pytest

from khung.rules.freshness import FRESHNESS, MOST_DAYS, freshness, measured_on, oldest_days

BEGUN = dt.date(2024, 12, 15)
TODAY = dt.date(2025, 3, 31)


@pytest.mark.parametrize(
    ("age", "code"),
    [
        (0, "optimal"),
        (31, "optimal"),
        (32, "acceptable"),
        (61, "acceptable"),
        (62, "late"),
        (92, "late"),
        (93, "stale"),
        (106, "stale"),
    ],
)
def test_classes_by_the_age_of_the_last_update(age: int, code: str) -> None:
    assert freshness(TODAY - dt.timedelta(days=age), BEGUN, TODAY) == code


def test_what_nobody_wrote_about_is_as_old_as_its_beginning() -> None:
    assert freshness(None, BEGUN, BEGUN) == "optimal"
    assert freshness(None, BEGUN, BEGUN + dt.timedelta(days=40)) == "acceptable"
    assert freshness(None, BEGUN, TODAY) == "stale"


def test_an_update_from_before_the_period_counts_as_its_beginning() -> None:
    before = BEGUN - dt.timedelta(days=60)
    assert freshness(before, BEGUN, BEGUN + dt.timedelta(days=5)) == "optimal"


def test_there_is_no_light_before_the_duty_has_begun() -> None:
    assert freshness(None, BEGUN, BEGUN - dt.timedelta(days=1)) is None


def test_after_the_period_the_light_stands_still() -> None:
    ends = dt.date(2025, 3, 31)
    assert measured_on(ends + dt.timedelta(days=200), ends) == ends
    assert measured_on(ends - dt.timedelta(days=3), ends) == ends - dt.timedelta(days=3)
    assert freshness(ends + dt.timedelta(days=9), BEGUN, ends) == "optimal"


def test_the_days_for_queries_agree_with_the_rule() -> None:
    for code, oldest in oldest_days(TODAY).items():
        assert freshness(oldest, BEGUN - dt.timedelta(days=400), TODAY) == code
        one_older = freshness(oldest - dt.timedelta(days=1), dt.date(2020, 1, 1), TODAY)
        assert one_older != code
    assert [*MOST_DAYS, "stale"] == list(FRESHNESS)
