"""Dates, durations, numbers and periods as an official writes them."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import get_language, gettext, ngettext

from khung.rules import taxonomy

_SEPARATORS = str.maketrans(",.", ".,")
_QUARTERS = {"1": "I", "2": "II", "3": "III", "4": "IV"}


def _weekdays() -> tuple[str, ...]:
    return (
        gettext("thứ Hai"),
        gettext("thứ Ba"),
        gettext("thứ Tư"),
        gettext("thứ Năm"),
        gettext("thứ Sáu"),
        gettext("thứ Bảy"),
        gettext("Chủ nhật"),
    )


def long_date(day: dt.date) -> str:
    """ "thứ Tư, 15/10/2025"."""
    return f"{_weekdays()[day.weekday()]}, {day:%d/%m/%Y}"


def number(value: float | Decimal) -> str:
    """1234567 as "1.234.567"; a fraction with a decimal comma: "12,5"; in English as there.

    A Decimal was typed by somebody and keeps every place it has; other fractions keep one.
    """
    if isinstance(value, Decimal):
        text = f"{value.normalize():,f}"
    else:
        text = f"{value:,.1f}" if value % 1 else f"{value:,.0f}"
    return text if get_language() == "en" else text.translate(_SEPARATORS)


def percent(share: float) -> str:
    """0.256 as "26%"; "–" stands for no figure and is the caller's."""
    return f"{share * 100:.0f}%"


def days_left(working_days: int) -> str:
    """What is left to a date in working days: "còn 6 ngày làm việc", "hôm nay là hạn"."""
    if working_days == 0:
        return gettext("hôm nay là hạn")
    n = abs(working_days)
    if working_days > 0:
        pattern = ngettext("còn %(n)s ngày làm việc", "còn %(n)s ngày làm việc", n)
    else:
        pattern = ngettext("quá hạn %(n)s ngày làm việc", "quá hạn %(n)s ngày làm việc", n)
    return pattern % {"n": number(n)}


def period_name(code: str) -> str:
    """ "2025-Q4" as "Quý IV/2025", "2025-H1" as "6 tháng đầu năm 2025", "2025" as "Năm 2025"."""
    year, _, part = code.partition("-")
    if part == "H1":
        return gettext("6 tháng đầu năm %(year)s") % {"year": year}
    if part == "H2":
        return gettext("6 tháng cuối năm %(year)s") % {"year": year}
    if part:
        return gettext("Quý %(quarter)s/%(year)s") % {"quarter": _QUARTERS[part[1]], "year": year}
    return gettext("Năm %(year)s") % {"year": year}


def dimension_name(no: int) -> str:
    """A dimension's name in the reader's language; "" for a task not placed yet (0).

    Raises KeyError for a number that is no dimension.
    """
    return taxonomy.dimension_name(no, english=get_language() == "en") if no else ""
