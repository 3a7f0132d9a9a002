"""Working days, reporting periods and their dates."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from khung.rules.norms import norm_on

QUARTER = "quarter"
YEAR = "year"
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked. `exceptions` maps a day to True (worked) or False (off).

    Without an exception, Monday to Friday are worked.
    """

    exceptions: Mapping[dt.date, bool]

    def is_working(self, day: dt.date) -> bool:
        worked = self.exceptions.get(day)
        return day.weekday() < _SATURDAY if worked is None else worked

    def on_or_after(self, day: dt.date) -> dt.date:
        """The first working day that is not before `day`."""
        while not self.is_working(day):
            day += dt.timedelta(days=1)
        return day

    def add(self, day: dt.date, working_days: int) -> dt.date:
        """The day that comes `working_days` (0 or more) worked days after `day`."""
        for _ in range(working_days):
            day = self.on_or_after(day + dt.timedelta(days=1))
        return self.on_or_after(day)

    def left(self, today: dt.date, due: dt.date) -> int:
        """Worked days after `today` up to and with `due`; negative where `due` has passed."""
        if due < today:
            return -self.left(due, today)
        return sum(
            self.is_working(today + dt.timedelta(days=n)) for n in range(1, (due - today).days + 1)
        )


@dataclass(frozen=True, slots=True)
class PeriodDates:
    """A period's code ("2025-Q1" or "2025"), its span, and the span its data are counted in."""

    code: str
    kind: str
    starts_on: dt.date
    ends_on: dt.date
    data_from: dt.date
    data_to: dt.date


def _month_start(year: int, month: int) -> dt.date:
    return dt.date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def quarter_of(day: dt.date) -> tuple[int, int]:
    """The calendar year and quarter (1–4) `day` lies in."""
    return day.year, (day.month - 1) // 3 + 1


def period_dates(code: str) -> PeriodDates:
    """The dates of a quarter ("2025-Q1") or a year ("2025").

    The data of a period run from the cut-off day of the month before it to the day before the
    cut-off in its last month (norm "data_cut_off": NĐ 09/2019/NĐ-CP). Raises ValueError for any
    other code.
    """
    year_text, _, quarter_text = code.partition("-Q")
    year = int(year_text)
    if not quarter_text:
        kind, first_month, last_month = YEAR, 1, 12
        if code != f"{year:04d}":
            raise ValueError(code)
    else:
        quarter = int(quarter_text)
        if not 1 <= quarter <= 4 or code != f"{year:04d}-Q{quarter}":
            raise ValueError(code)
        kind, first_month, last_month = QUARTER, 3 * quarter - 2, 3 * quarter
    starts_on = _month_start(year, first_month)
    ends_on = _month_start(year, last_month + 1) - dt.timedelta(days=1)
    cut_off = norm_on("data_cut_off", starts_on).value
    before = starts_on - dt.timedelta(days=1)
    return PeriodDates(
        code,
        kind,
        starts_on,
        ends_on,
        data_from=before.replace(day=cut_off),
        data_to=ends_on.replace(day=cut_off) - dt.timedelta(days=1),
    )


def quarters(first: dt.date, last: dt.date) -> Iterator[str]:
    """Codes of the quarters from the one `first` lies in to the one `last` lies in."""
    year, quarter = quarter_of(first)
    while (year, quarter) <= quarter_of(last):
        yield f"{year:04d}-Q{quarter}"
        year, quarter = (year, quarter + 1) if quarter < 4 else (year + 1, 1)


def year_code(code: str) -> str:
    """The code of the year a period belongs to: "2025-Q3" → "2025"."""
    return code.partition("-")[0]


# Working days after the end of the data: (timely, lock), by level. Nothing in the Decision or
# the law sets them; they are what Khung proposes, and a coordinator changes them period by period.
PROPOSED_DEADLINES: Mapping[str, tuple[int, int]] = {
    "village": (2, 10),
    "commune": (3, 10),
    "district": (5, 10),
    "province": (5, 10),
}


def deadlines(dates: PeriodDates, level: str, calendar: WorkingCalendar) -> tuple[dt.date, dt.date]:
    """The proposed (timely, lock) dates of a period for units of a level."""
    timely, lock = PROPOSED_DEADLINES[level]
    return calendar.add(dates.data_to, timely), calendar.add(dates.data_to, lock)
