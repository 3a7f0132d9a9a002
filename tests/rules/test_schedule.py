"""When a task's timing makes work."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khung.rules.calendar import period_dates
from khung.rules.schedule import Instance, due_date, instance, plan
from khung.rules.timing import SEASONS, TimingPart, parse_timing

QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")


def year_of(*wordings: str) -> dict[str, Instance]:
    """What each quarter of 2025 asks under these timing items, quarters without work left out."""
    whole = plan([parse_timing(wording) for wording in wordings])
    found = {code: instance(whole, period_dates(code)) for code in QUARTERS}
    return {code: one for code, one in found.items() if one}


@pytest.mark.parametrize(
    "wording",
    [
        "Thường xuyên",
        "Theo yêu cầu của cá nhân, tổ chức",
        "Theo quy định",
        "Theo kế hoạch hoặc đột xuất",
        "Ngay khi được bố trí nguồn vốn",
        "Theo tiến độ bố trí vốn",
        "Hằng quý",
        "lúc nào đó chưa rõ",
    ],
)
def test_one_each_period(wording: str) -> None:
    assert year_of(wording) == {code: Instance(code, code, 0, None) for code in QUARTERS}


def test_a_task_without_timing_is_owed_each_period() -> None:
    assert plan([]).kind == "unknown"
    assert year_of() == {code: Instance(code, code, 0, None) for code in QUARTERS}


@pytest.mark.parametrize(
    ("wording", "quota"),
    [("Mỗi năm ít nhất 02 lần", 2), ("Hằng năm", 1)],
)
def test_a_yearly_duty_belongs_to_its_year_and_counts_in_the_last_quarter(
    wording: str, quota: int
) -> None:
    assert year_of(wording) == {code: Instance("2025", "2025-Q4", quota, None) for code in QUARTERS}


@pytest.mark.parametrize(
    ("wording", "quotas"),
    [
        ("Mỗi tháng ít nhất 02 lần", dict.fromkeys(QUARTERS, 6)),
        ("Mỗi tuần ít nhất 01 lần", dict.fromkeys(QUARTERS, 13)),
        ("Mỗi quý ít nhất 03 lần", dict.fromkeys(QUARTERS, 3)),
        ("Hằng tuần", dict.fromkeys(QUARTERS, 13)),
        ("Hằng tháng", dict.fromkeys(QUARTERS, 3)),
        ("6 tháng/lần", {"2025-Q2": 1, "2025-Q4": 1}),
        ("Mỗi 6 tháng ít nhất 02 lần", {"2025-Q2": 2, "2025-Q4": 2}),
    ],
)
def test_a_cycle_shorter_than_the_period_is_a_quota_a_longer_one_falls_due_at_its_end(
    wording: str, quotas: dict[str, int]
) -> None:
    found = year_of(wording)
    assert {code: one.quota for code, one in found.items()} == quotas
    assert all(one.period == one.counts_in == code for code, one in found.items())


@pytest.mark.parametrize(
    ("wordings", "due"),
    [
        (["Quý III/2025"], {"2025-Q3": dt.date(2025, 9, 30)}),
        (["Quý III/2024"], {}),
        (["Trước 30/6/2025"], {"2025-Q2": dt.date(2025, 6, 30)}),
        (["Tháng 9 hằng năm"], {"2025-Q3": dt.date(2025, 9, 30)}),
        (["Trước ngày 15/02 hằng năm"], {"2025-Q1": dt.date(2025, 2, 15)}),
        (["Trước ngày 29/02 hằng năm"], {"2025-Q1": dt.date(2025, 2, 28)}),
        (["Năm 2025"], {"2025-Q4": dt.date(2025, 12, 31)}),
        (
            ["Trước 30/6/2025", "Trước 31/12/2025"],
            {"2025-Q2": dt.date(2025, 6, 30), "2025-Q4": dt.date(2025, 12, 31)},
        ),
    ],
)
def test_a_dated_duty_is_made_once_in_the_quarter_of_its_date(
    wordings: list[str], due: dict[str, dt.date]
) -> None:
    assert {code: one.due_on for code, one in year_of(*wordings).items()} == due


@given(st.integers(1, 12), st.integers(1, 31), st.integers(2016, 2040))
def test_a_yearly_date_falls_in_one_quarter_of_every_year(month: int, day: int, year: int) -> None:
    part = TimingPart("", "dated", due_month=month, due_day=day, yearly=True)
    due = due_date(part, year)
    assert due is not None
    assert (due.year, due.month) == (year, month)
    whole = plan([parse_timing(f"Trước ngày {day}/{month} hằng năm")])
    if whole.kind == "dated":
        quarters = [f"{year}-Q{number}" for number in range(1, 5)]
        assert [
            one.due_on for code in quarters if (one := instance(whole, period_dates(code)))
        ] == [due]


def test_a_season_makes_work_only_in_periods_it_overlaps(monkeypatch: pytest.MonkeyPatch) -> None:
    wording = "Thường xuyên trong năm học"
    # The school year touches the data of every quarter: 5/9 lies before 14/9, 31/5 after 15/3.
    assert set(year_of(wording)) == set(QUARTERS)
    monkeypatch.setitem(SEASONS, "school_year", (10, 1, 2, 28))
    assert set(year_of(wording)) == {"2025-Q1", "2025-Q4"}
    monkeypatch.setitem(SEASONS, "school_year", (3, 14, 6, 14))
    assert set(year_of(wording)) == {"2025-Q1", "2025-Q2"}


@pytest.mark.parametrize(
    ("wordings", "kind", "occasions", "waits", "awaits_funds"),
    [
        (["Trước, trong và sau kỳ bầu cử"], "occasion", ("election",), True, False),
        (["Theo kế hoạch hoặc đột xuất"], "planned", ("unplanned_inspection",), False, False),
        (["Thường xuyên ngay khi được bố trí nguồn vốn"], "on_funding", (), False, True),
        (
            ["Thường xuyên trong năm học và ngay khi được bố trí nguồn vốn"],
            "seasonal",
            (),
            False,
            True,
        ),
        (
            ["Khi Nhà nước thực hiện thu hồi đất", "Thường xuyên"],
            "continuous",
            ("land_recovery",),
            False,
            False,
        ),
    ],
)
def test_what_several_parts_come_to_together(
    wordings: list[str], kind: str, occasions: tuple[str, ...], waits: bool, awaits_funds: bool
) -> None:
    found = plan([parse_timing(wording) for wording in wordings])
    assert (found.kind, found.occasions) == (kind, occasions)
    assert (found.waits_for_occasion, found.may_await_funds) == (waits, awaits_funds)


def test_nothing_is_owed_before_the_occasion() -> None:
    assert year_of("Trước, trong và sau kỳ bầu cử") == {}


@pytest.mark.parametrize(
    ("wording", "half", "year"),
    [
        ("Thường xuyên", 0, 0),
        ("Hằng tuần", 26, 52),
        ("Hằng quý", 2, 4),
        ("6 tháng/lần", 0, 2),
        ("Mỗi tháng ít nhất 02 lần", 12, 24),
        ("Mỗi quý ít nhất 03 lần", 6, 12),
    ],
)
def test_longer_reporting_cycles_hold_more_of_the_same(wording: str, half: int, year: int) -> None:
    whole = plan([parse_timing(wording)])
    assert instance(whole, period_dates("2025-H1")) == Instance("2025-H1", "2025-H1", half, None)
    assert instance(whole, period_dates("2025")) == Instance("2025", "2025", year, None)


def test_a_yearly_duty_counts_in_the_last_half_or_in_its_year() -> None:
    whole = plan([parse_timing("Mỗi năm ít nhất 02 lần")])
    assert instance(whole, period_dates("2025-H1")) == Instance("2025", "2025-H2", 2, None)
    assert instance(whole, period_dates("2025")) == Instance("2025", "2025", 2, None)
