"""Turning a framework's tasks into assignments: the bulk work behind the verbs in `actions`."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from khung.assignments import rollup
from khung.assignments.models import Assignment, Occasion, Period, PeriodDeadline
from khung.frameworks.models import Framework, ResponsibleUnit
from khung.frameworks.queries import PlannedTask, addressees, planned_tasks, responsible_codes
from khung.orgs.queries import facts_on, province_root
from khung.rules.calendar import PeriodDates
from khung.rules.expansion import Duty, UnitIndex, duties, implementers
from khung.rules.schedule import Instance, instance

BATCH = 1_000


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
        addressees(framework),
        responsible_codes(framework, duty.COORDINATOR),
        responsible_codes(framework, duty.COORDINATOR_JUDGE),
    )


def outcome_of(planned: PlannedTask, index: UnitIndex, owed: Instance | None) -> TaskOutcome:
    """What a task would make, without making it."""
    found = implementers(planned.rule, index)
    return TaskOutcome(
        planned.version.no,
        planned.plan.kind,
        found.by_level(),
        found.unresolved,
        planned.plan.waits_for_occasion,
        owed=len(found.units) if owed else 0,
    )


def preview(framework: Framework, dates: PeriodDates, as_of: dt.date) -> Outcome:
    """What one quarter makes with the units of a day, without writing."""
    index = index_on(framework, as_of)
    outcome = Outcome(as_of)
    for planned in planned_tasks(framework, as_of):
        outcome.tasks.append(outcome_of(planned, index, instance(planned.plan, dates)))
    return outcome


class PeriodExpansion:
    """Makes the missing assignments of one quarter. Memory holds one area at a time."""

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
        outcome = Outcome(self._as_of)
        for planned in self._tasks:
            owed = instance(planned.plan, dates)
            result = outcome_of(planned, self._index, owed)
            if owed:
                period = self._periods[owed.period]
                met = set(
                    Assignment.objects.filter(
                        task_id=planned.version.task_id, period=period
                    ).values_list("unit_id", flat=True)
                )
                new = (
                    self._assignment(planned, duty, owed)
                    for duty in duties(planned.rule, self._index)
                    if duty.unit.id not in met
                )
                result.made = save_new(new, {unit.id: unit.level for unit in self._index.units})
            outcome.tasks.append(result)
        return outcome

    def _assignment(self, planned: PlannedTask, duty: Duty, owed: Instance) -> Assignment:
        counts_in = self._periods[owed.counts_in]
        deadline = self._deadlines[owed.counts_in, duty.unit.level]
        assignment = new_assignment(planned, duty, counts_in)
        assignment.period = self._periods[owed.period]
        assignment.quota = owed.quota
        assignment.due_on = owed.due_on or deadline.timely_on
        assignment.locks_on = max(assignment.due_on, deadline.locks_on)
        return assignment


def new_assignment(planned: PlannedTask, duty: Duty, counts_in: Period) -> Assignment:
    """An assignment without its dates and its period or occasion."""
    version = planned.version
    return Assignment(
        task_id=version.task_id,
        task_version=version,
        unit_id=duty.unit.id,
        counts_in=counts_in,
        guide_id=duty.guide.id if duty.guide else None,
        judge_id=duty.judge.id if duty.judge else None,
        path=duty.unit.path,
        area=version.subdimension or str(version.dimension),
        timing=planned.plan.kind,
        may_await_funds=planned.plan.may_await_funds,
    )


def occasion_assignments(
    framework: Framework,
    occasion: Occasion,
    touched: Sequence[str],
    level_deadlines: dict[str, dt.date],
) -> Iterator[tuple[Assignment, str]]:
    """The assignments an occasion opens in the units whose path lies under a touched path."""
    index = index_on(framework, occasion.starts_on)
    for planned in planned_tasks(framework, occasion.starts_on):
        if occasion.kind not in planned.plan.occasions:
            continue
        for duty in duties(planned.rule, index):
            if any(duty.unit.path.startswith(path) for path in touched):
                assignment = new_assignment(planned, duty, occasion.counts_in)
                assignment.occasion = occasion
                assignment.timing = "occasion"
                assignment.due_on = occasion.ends_on
                assignment.locks_on = level_deadlines[duty.unit.level]
                yield assignment, duty.unit.level


def save_new(assignments: Iterable[Assignment], levels: dict[int, str]) -> int:
    """Writes new assignments and their deltas in batches; returns how many."""
    made = 0
    standings: list[tuple[rollup.Standing, int]] = []
    batch: list[Assignment] = []
    for assignment in assignments:
        batch.append(assignment)
        standings.append((standing(assignment, levels[assignment.unit_id]), 1))
        if len(batch) == BATCH:
            Assignment.objects.bulk_create(batch)
            made += len(batch)
            batch = []
    Assignment.objects.bulk_create(batch)
    rollup.append(standings)
    return made + len(batch)


def standing(assignment: Assignment, level: str) -> rollup.Standing:
    """Where an assignment stands, as its deltas are made of."""
    return rollup.Standing(
        assignment.path,
        assignment.counts_in_id,
        level,
        assignment.area,
        assignment.state,
        assignment.is_late,
    )
