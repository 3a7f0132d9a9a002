"""The calendar of working days: filled once from a library, edited by people after."""

import datetime as dt
from collections.abc import Iterable
from importlib.metadata import version

import holidays

from khung.assignments.models import CalendarDay
from khung.rules.calendar import WorkingCalendar


def working_calendar(*between: dt.date) -> WorkingCalendar:
    """The calendar as it stands in the table; of the days between two dates only, if given."""
    days = CalendarDay.objects.all()
    if between:
        days = days.filter(day__range=(min(between), max(between)))
    return WorkingCalendar(dict(days.values_list("day", "is_working")))


def library_days(years: Iterable[int]) -> list[CalendarDay]:
    """Public holidays and worked Saturdays of Viet Nam as the library knows them."""
    known = holidays.country_holidays("VN", years=list(years), language="vi")
    source = f"lịch nghỉ lễ của thư viện holidays {version('holidays')}"
    days = [
        CalendarDay(day=day, is_working=False, note=name[:200], source=source)
        for day, name in sorted(known.items())
    ]
    worked: Iterable[dt.date] = getattr(known, "weekend_workdays", ())
    # The library tells the worked Saturdays of every year it knows, whatever the years asked for.
    days += [
        CalendarDay(day=day, is_working=True, note="Làm bù", source=source)
        for day in sorted(worked)
        if day.year in known.years
    ]
    return days
