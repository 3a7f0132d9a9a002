"""Turning a framework's tasks into assignments: the bulk work behind the verbs in `actions`."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from khung.assignments import rollup
from khung.assignments.mid_period import InTime
from khung.assignments.models import Assignment, Occasion, Period, PeriodDeadline
from khung.base import bulk
from khung.frameworks.models import Framework, ResponsibleUnit
from khung.frameworks.queries import PlannedTask, addressees, planned_tasks, responsible_codes
from khung.orgs.queries import facts_on, province_root
from khung.rules.calendar import PeriodDates
from khung.rules.expansion import (
    LEVELS,
    Duty,
    Implementers,
    UnitFact,
    UnitIndex,
    duties,
    implementers,
)
from khung.rules.schedule import OCCASION, Instance, instance
from khung.rules.workflow import counted_state

# When an assignment is due, and when it locks.
Due = tuple[dt.date, dt.date]


@dataclass(slots=True)
class TaskOutcome:
    """What one task came to: units by level, phrases that named nobody, rows made and met."""

    no: int
    timing: str
    implementing: dict[str, int]
    unresolved: tuple[str, ...]
    waits_for_occasion: bool
    owed: int = 0
    made: int = 0


@dataclass(slots=True)
class Outcome:
    """What putting a period into work did, task by task."""

    as_of: dt.date
    tasks: list[TaskOutcome] = field(default_factory=list)
    # Bodies of the Decision's article that were no unit that day.
    unmatched_addressees: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Assignments the period owes, made now or before."""
        return sum(task.owed for task in self.tasks)

    @property
    def made(self) -> int:
        return sum(task.made for task in self.tasks)

    @property
    def unresolved(self) -> int:
        return sum(len(task.unresolved) for task in self.tasks)


def index_on(framework: Framework, day: dt.date) -> UnitIndex:
    """The framework's province as it stood on a day, ready for the rules."""
    root = province_root(framework.decision.province_code, day)
    duty = ResponsibleUnit.Duty
    return UnitIndex(
        tuple(facts_on(root, day)) if root else (),
        addressees(framework, day),
        responsible_codes(framework, duty.COORDINATOR),
        responsible_codes(framework, duty.COORDINATOR_JUDGE),
    )


def outcome_of(planned: PlannedTask, found: Implementers, owed: Instance | None) -> TaskOutcome:
    """What a task would make, without making it."""
    return TaskOutcome(
        planned.version.no,
        planned.plan.kind,
        found.by_level(),
        found.unresolved,
        planned.plan.waits_for_occasion,
        owed=len(found.units) if owed else 0,
    )


def preview(framework: Framework, dates: PeriodDates, as_of: dt.date) -> Outcome:
    """What one period makes with the units of a day, without writing."""
    index, in_time = index_on(framework, as_of), InTime()
    outcome = Outcome(as_of, unmatched_addressees=index.unmatched_addressees)
    for planned in planned_tasks(framework, as_of):
        owed = instance(planned.plan, dates)
        found = in_time.among(implementers(planned.rule, index), owed)
        outcome.tasks.append(outcome_of(planned, found, owed))
    return outcome


class PeriodExpansion:
    """Makes the missing assignments of one period. Memory holds one task at a time."""

    def __init__(self, framework: Framework, periods: dict[str, Period], as_of: dt.date) -> None:
        self._periods = periods
        self._deadlines = {
            (deadline.period.code, deadline.level): deadline
            for deadline in PeriodDeadline.objects.filter(
                period__in=periods.values()
            ).select_related("period")
        }
        self._index = index_on(framework, as_of)
        self._tasks = planned_tasks(framework, as_of)
        self._as_of = as_of

    def run(self, dates: PeriodDates) -> Outcome:
        outcome, writer, in_time = Outcome(self._as_of), Writer(), InTime()
        outcome.unmatched_addressees = self._index.unmatched_addressees
        for planned in self._tasks:
            owed = instance(planned.plan, dates)
            found = in_time.among(implementers(planned.rule, self._index), owed)
            result = outcome_of(planned, found, owed)
            if owed:
                result.made = self._write(writer, planned, found, owed)
            outcome.tasks.append(result)
        writer.finish()
        return outcome

    def _write(
        self, writer: "Writer", planned: PlannedTask, found: Implementers, owed: Instance
    ) -> int:
        template = template_of(planned, self._periods[owed.counts_in])
        template.period = self._periods[owed.period]
        template.quota = owed.quota
        met = set(
            Assignment.objects.filter(task_id=template.task_id, period=template.period).values_list(
                "unit_id", flat=True
            )
        )
        missing = (one for one in found.units if one.unit.id not in met)
        due = {level: self._due(owed, level) for level in LEVELS}
        return writer.write(template, duties(planned.rule, self._index, missing), due)

    def _due(self, owed: Instance, level: str) -> Due:
        deadline = self._deadlines[owed.counts_in, level]
        due_on = owed.due_on or deadline.timely_on
        return due_on, max(due_on, deadline.locks_on)


def template_of(planned: PlannedTask, counts_in: Period) -> Assignment:
    """What all assignments of a task made at once have in common; not to be saved itself."""
    version = planned.version
    return Assignment(
        task_id=version.task_id,
        task_version=version,
        counts_in=counts_in,
        area=version.subdimension or str(version.dimension),
        timing=planned.plan.kind,
        may_await_funds=planned.plan.may_await_funds,
    )


def write_occasion(
    framework: Framework,
    occasion: Occasion,
    touched: Sequence[str],
    due: Mapping[str, Due],
    *,
    guided_by: int | None = None,
) -> int:
    """Makes the assignments an occasion opens in units whose path lies under a touched path.

    With `guided_by`, only those that this unit guides or judges.
    """
    index, writer, made = index_on(framework, occasion.starts_on), Writer(), 0
    for planned in planned_tasks(framework, occasion.starts_on):
        if occasion.kind not in planned.plan.occasions:
            continue
        template = template_of(planned, occasion.counts_in)
        template.occasion = occasion
        template.timing = OCCASION
        template.is_illustrative = occasion.is_illustrative
        reached = (
            one
            for one in implementers(planned.rule, index).units
            if one.unit.path.startswith(tuple(touched))
        )
        owed = duties(planned.rule, index, reached)
        if guided_by is not None:
            owed = (one for one in owed if guided_by in _ids(one.guide, one.judge))
        made += writer.write(template, owed, due)
    writer.finish()
    return made


def _ids(*units: UnitFact | None) -> set[int]:
    return {unit.id for unit in units if unit is not None}


# The columns in which the assignments of one task differ, and those they have in common.
_OWN = ("unit_id", "guide_id", "judge_id", "path", "due_on", "locks_on")
_COMMON = tuple(
    field.attname
    for field in Assignment._meta.concrete_fields
    if not field.primary_key and field.attname not in _OWN
)


class Writer:
    """Writes new assignments as rows, and at the end what they add to the roll-up."""

    def __init__(self) -> None:
        self._standings: Counter[rollup.Standing] = Counter()

    def write(self, template: Assignment, owed: Iterable[Duty], due: Mapping[str, Due]) -> int:
        """Writes one assignment like the template for each duty; returns how many."""
        common = [getattr(template, column) for column in _COMMON]
        rows = self._rows(template, common, owed, due)
        return bulk.insert(Assignment, (*_OWN, *_COMMON), rows)

    def _rows(
        self,
        template: Assignment,
        common: Sequence[bulk.Value],
        owed: Iterable[Duty],
        due: Mapping[str, Due],
    ) -> Iterator[Sequence[bulk.Value]]:
        where = (template.area, template.state, template.is_late)
        for duty in owed:
            unit = duty.unit
            self._standings[
                rollup.Standing(unit.path, template.counts_in_id, unit.level, *where)
            ] += 1
            yield (
                unit.id,
                duty.guide.id if duty.guide else None,
                duty.judge.id if duty.judge else None,
                unit.path,
                *due[unit.level],
                *common,
            )

    def finish(self) -> None:
        rollup.append(self._standings.items())


def standing(assignment: Assignment, level: str) -> rollup.Standing:
    """Where an assignment stands, as its deltas are made of."""
    return rollup.Standing(
        assignment.path,
        assignment.counts_in_id,
        level,
        assignment.area,
        counted_state(assignment.state, assignment.nothing_arose),
        assignment.is_late,
    )
