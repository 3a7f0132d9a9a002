"""When a task's timing makes work: which period's assignment, how many times, due when."""

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass

from khung.rules.calendar import (
    PERIODS_A_YEAR,
    QUARTER,
    YEAR,
    PeriodDates,
    last_of_year,
    period_dates,
    year_code,
)
from khung.rules.timing import SEASONS, Timing, TimingPart

OCCASION = "occasion"
# How often each cycle comes round in a year.
_TIMES_A_YEAR = {"week": 52, "month": 12, "quarter": 4, "half": 2, "year": 1}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a task's timing asks for, all its items together.

    `kind` is the deciding kind; `occasions` the occasion kinds that open further work.
    `waits_for_occasion` is true where nothing is owed until an occasion is opened.
    """

    kind: str
    parts: tuple[TimingPart, ...]
    occasions: tuple[str, ...]
    waits_for_occasion: bool
    may_await_funds: bool


@dataclass(frozen=True, slots=True)
class Instance:
    """One assignment's place in time: its period, quota, and its own due date where it has one."""

    period: str
    counts_in: str
    quota: int
    due_on: dt.date | None


def plan(timings: Sequence[Timing]) -> Plan:
    """Sums up a task's timing items; an empty list is unknown timing, owed each period."""
    parts = tuple(part for timing in timings for part in timing.parts)
    standing = [part for part in parts if part.kind != OCCASION]
    occasions = tuple(
        dict.fromkeys(part.occasion for part in parts if part.occasion and part.kind == OCCASION)
    )
    waits = bool(parts) and not standing
    deciding = (standing or list(parts))[:1]
    kind = deciding[0].kind if deciding else "unknown"
    return Plan(kind, parts, occasions, waits, any(part.kind == "on_funding" for part in standing))


def instance(plan: Plan, period: PeriodDates) -> Instance | None:
    """What a period asks of a unit under this plan, or None where it asks nothing.

    A yearly duty belongs to its year, is opened with the year's first period put into work, and
    counts in the year's last period, where it falls due.
    """
    if plan.waits_for_occasion:
        return None
    part = next((part for part in plan.parts if part.kind != OCCASION), None)
    if part is None:
        return Instance(period.code, period.code, 0, None)
    if part.kind == "counted":
        return _counted(part, period)
    if part.kind == "seasonal" and not _in_season(part.season, period):
        return None
    if part.kind == "recurring":
        return _recurring(part, period)
    if part.kind == "dated":
        return _dated(plan.parts, period)
    return Instance(period.code, period.code, 0, None)


def _counted(part: TimingPart, period: PeriodDates) -> Instance | None:
    return _so_often(part.per or YEAR, part.count or 1, period)


def _recurring(part: TimingPart, period: PeriodDates) -> Instance | None:
    per = part.per or QUARTER
    if _TIMES_A_YEAR[per] == PERIODS_A_YEAR[period.kind]:
        # Once a period is what every duty is: no quota to count.
        return Instance(period.code, period.code, 0, None)
    return _so_often(per, 1, period)


def _so_often(per: str, count: int, period: PeriodDates) -> Instance | None:
    """`count` times in each `per`, as a share of the period, or where the longer cycle ends."""
    times, periods = _TIMES_A_YEAR[per], PERIODS_A_YEAR[period.kind]
    if times >= periods:
        return Instance(period.code, period.code, count * times // periods, None)
    if per == YEAR:
        return Instance(year_code(period.code), last_of_year(period.code), count, None)
    ends_cycle = period.ends_on.month % (12 // times) == 0
    return Instance(period.code, period.code, count, None) if ends_cycle else None


def _in_season(season: str | None, period: PeriodDates) -> bool:
    """Whether any day of the period's data lies in the season."""
    if season is None or season not in SEASONS:
        return True
    first_month, first_day, last_month, last_day = SEASONS[season]
    for year in range(period.data_from.year - 1, period.data_to.year + 1):
        starts = dt.date(year, first_month, first_day)
        wraps = (last_month, last_day) < (first_month, first_day)
        ends = dt.date(year + wraps, last_month, last_day)
        if starts <= period.data_to and ends >= period.data_from:
            return True
    return False


def _dated(parts: Sequence[TimingPart], period: PeriodDates) -> Instance | None:
    """The first of the dates that falls in the period."""
    dates = (due_date(part, period.starts_on.year) for part in parts if part.kind == "dated")
    due = min(
        (due for due in dates if due and period.starts_on <= due <= period.ends_on), default=None
    )
    return Instance(period.code, period.code, 0, due) if due else None


def due_date(part: TimingPart, year: int) -> dt.date | None:
    """The day a dated part falls due in a year, or None where it does not fall in that year.

    29 February of a plan without a year is the last of February where the year has none.
    """
    if part.due_year is not None and part.due_year != year:
        return None
    if part.due_quarter is not None:
        return period_dates(f"{year:04d}-Q{part.due_quarter}").ends_on
    month = part.due_month or 12
    last = monthrange(year, month)[1]
    return dt.date(year, month, min(part.due_day or last, last))
