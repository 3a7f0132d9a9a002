"""Working days, reporting periods and their dates."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from khung.rules.norms import norm_on

QUARTER = "quarter"
HALF = "half"
YEAR = "year"
# The reporting cycles a framework may have, and how many of its periods make a year.
PERIODS_A_YEAR: Mapping[str, int] = {QUARTER: 4, HALF: 2, YEAR: 1}
_KIND_OF_LETTER = {"Q": QUARTER, "H": HALF, None: YEAR}
_LETTER_OF_KIND = {kind: letter for letter, kind in _KIND_OF_LETTER.items()}
_CODE = re.compile(r"(\d{4})(?:-([QH])([1-4]))?")
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

    def back(self, day: dt.date, working_days: int) -> dt.date:
        """The worked day that lies so many (0 or more) worked days before `day`."""
        while working_days or not self.is_working(day):
            day -= dt.timedelta(days=1)
            working_days -= self.is_working(day) and working_days > 0
        return day

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


def _code(year: int, kind: str, number: int) -> str:
    letter = _LETTER_OF_KIND[kind]
    return f"{year:04d}-{letter}{number}" if letter else f"{year:04d}"


def _parts(code: str) -> tuple[int, str, int]:
    """Year, kind and number in the year of a code. Raises ValueError for what is none."""
    match = _CODE.fullmatch(code)
    if match is None:
        raise ValueError(code)
    kind, number = _KIND_OF_LETTER[match[2]], int(match[3] or 1)
    if number > PERIODS_A_YEAR[kind]:
        raise ValueError(code)
    return int(match[1]), kind, number


def period_on(day: dt.date, cycle: str) -> str:
    """The code of the period of a cycle (a key of PERIODS_A_YEAR) that `day` lies in."""
    return _code(day.year, cycle, (day.month - 1) * PERIODS_A_YEAR[cycle] // 12 + 1)


def period_dates(code: str) -> PeriodDates:
    """The dates of a quarter ("2025-Q1"), a half ("2025-H1") or a year ("2025").

    The data of a period run from the cut-off day of the month before it to the day before the
    cut-off in its last month (norm "data_cut_off": NĐ 09/2019/NĐ-CP). Raises ValueError for any
    other code.
    """
    year, kind, number = _parts(code)
    months = 12 // PERIODS_A_YEAR[kind]
    last_month = number * months
    starts_on = _month_start(year, last_month - months + 1)
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


def period_codes(first: dt.date, last: dt.date, cycle: str) -> Iterator[str]:
    """Codes of the periods of a cycle from the one `first` lies in to the one `last` lies in."""
    day = first
    while day <= last:
        code = period_on(day, cycle)
        yield code
        day = period_dates(code).ends_on + dt.timedelta(days=1)


def year_code(code: str) -> str:
    """The code of the year a period belongs to: "2025-Q3" → "2025"."""
    return code.partition("-")[0]


def last_of_year(code: str) -> str:
    """The code of the last period of the same cycle in the year: "2025-Q1" → "2025-Q4"."""
    year, kind, _ = _parts(code)
    return _code(year, kind, PERIODS_A_YEAR[kind])


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
