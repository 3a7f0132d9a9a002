"""What putting a period into work would still make, counted before anything is written."""

import datetime as dt
from dataclasses import dataclass

from khung.assignments.expanding import index_on
from khung.assignments.models import Assignment
from khung.frameworks.models import Framework
from khung.frameworks.queries import planned_tasks
from khung.rules.calendar import PeriodDates, year_code
from khung.rules.expansion import implementers
from khung.rules.schedule import instance


@dataclass(frozen=True, slots=True)
class Missing:
    """How many assignments would be made, for how many units, and how many are there."""

    made: int
    units: int
    there: int


def missing(framework: Framework, dates: PeriodDates, as_of: dt.date) -> Missing:
    """What a period lacks with the units of a day. Three queries besides the framework's."""
    index, units = index_on(framework, as_of), set[int]()
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
        for one in implementers(planned.rule, index).units:
            if (planned.version.task_id, owed.period, one.unit.id) in known:
                there += 1
            else:
                made += 1
                units.add(one.unit.id)
    return Missing(made, len(units), there)
