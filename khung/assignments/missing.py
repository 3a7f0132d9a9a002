"""What putting a period into work would still make, and with the units of which day."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext

from khung.assignments.expanding import index_on
from khung.assignments.mid_period import InTime
from khung.assignments.models import Assignment
from khung.frameworks.models import Framework
from khung.frameworks.queries import planned_tasks
from khung.rules.calendar import PeriodDates, year_code
from khung.rules.expansion import implementers
from khung.rules.schedule import instance


class OutsidePeriod(Exception):
    """The units asked for are not of the period's days; the message is for who tried."""


@dataclass(frozen=True, slots=True)
class Missing:
    """How many assignments would be made, for how many units, and how many are there."""

    made: int
    units: int
    there: int


def day_of_units(dates: PeriodDates, asked: dt.date | None) -> dt.date:
    """The day whose units owe the work of a period: its first unless another is asked for.

    Raises OutsidePeriod for a day the period does not hold.
    """
    day = asked or dates.starts_on
    if not dates.starts_on <= day <= dates.ends_on:
        raise OutsidePeriod(
            gettext("Ngày lấy đơn vị phải nằm trong kỳ: từ %(first)s đến %(last)s.")
            % {"first": f"{dates.starts_on:%d/%m/%Y}", "last": f"{dates.ends_on:%d/%m/%Y}"}
        )
    return day


def missing(framework: Framework, dates: PeriodDates, as_of: dt.date) -> Missing:
    """What a period lacks with the units of a day. Three queries besides the framework's."""
    index, in_time, units = index_on(framework, as_of), InTime(), set[int]()
    made = there = 0
    known = set(
        Assignment.objects.filter(period__code__in={dates.code, year_code(dates.code)}).values_list(
            "task_id", "period__code", "unit_id"
        )
    )
    for planned in planned_tasks(framework, as_of):
        owed = instance(planned.plan, dates)
        if owed is None:
            continue
        for one in in_time.among(implementers(planned.rule, index), owed).units:
            if (planned.version.task_id, owed.period, one.unit.id) in known:
                there += 1
            else:
                made += 1
                units.add(one.unit.id)
    return Missing(made, len(units), there)
