"""Whose turn it is to judge a report, and by when."""

import datetime as dt
from dataclasses import dataclass

from khung.assignments.calendar import working_calendar
from khung.assignments.models import Assignment
from khung.reports.models import JudgingPlan, Report, ReviewTurn
from khung.rules import sampling
from khung.rules.calendar import WorkingCalendar

# Proposed by this project, to be changed per task and level by the coordinator; no norm says it.
WORKING_DAYS = 10
REDO_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class Desk:
    """What every turn opened in one go needs, read once."""

    calendar: WorkingCalendar
    plans: dict[tuple[int, str], JudgingPlan]


def desk_for(assignments: list[Assignment], today: dt.date) -> Desk:
    """Two queries, whatever the number of assignments; they come with their unit."""
    calendar = working_calendar(today, today + dt.timedelta(days=200))
    plans = JudgingPlan.objects.filter(task__in={one.task_id for one in assignments})
    newest = {(plan.task_id, plan.level): plan for plan in plans.order_by("id")}
    return Desk(calendar, newest)


def open_turn(
    desk: Desk, report: Report, assignment: Assignment, *, now: dt.datetime, today: dt.date
) -> ReviewTurn:
    """Opens the first turn of a report just sent."""
    plan = desk.plans.get((assignment.task_id, assignment.unit.level))
    superior = _superior(assignment) if plan and plan.superior_first else None
    first = superior is not None and superior != assignment.judge_id
    return ReviewTurn.objects.create(
        report=report,
        assignment=assignment,
        unit_id=superior if first else assignment.judge_id,
        stage=ReviewTurn.Stage.FIRST if first else ReviewTurn.Stage.JUDGE,
        way=plan.way if plan else JudgingPlan.Way.FULL,
        is_in_sample=_is_read(plan, report, assignment),
        period_id=assignment.counts_in_id,
        opened_at=now,
        due_on=desk.calendar.add(today, plan.working_days if plan else WORKING_DAYS),
    )


def next_turn(desk: Desk, turn: ReviewTurn, *, now: dt.datetime, today: dt.date) -> ReviewTurn:
    """Opens the judge's turn after a first review passed the report on."""
    plan = desk.plans.get((turn.assignment.task_id, turn.assignment.unit.level))
    return ReviewTurn.objects.create(
        report=turn.report,
        assignment=turn.assignment,
        unit_id=turn.assignment.judge_id,
        way=turn.way,
        is_in_sample=turn.is_in_sample,
        period_id=turn.period_id,
        opened_at=now,
        due_on=desk.calendar.add(today, plan.working_days if plan else WORKING_DAYS),
    )


def _superior(assignment: Assignment) -> int | None:
    """The unit directly above when the work was given, unless it is the province itself."""
    ids = assignment.path.strip("/").split("/")
    return int(ids[-2]) if len(ids) > 2 else None


def _is_read(plan: JudgingPlan | None, report: Report, assignment: Assignment) -> bool:
    if plan is None or plan.way != JudgingPlan.Way.SAMPLED:
        return True
    earlier = Report.objects.filter(
        assignment__task=assignment.task_id,
        assignment__unit=assignment.unit_id,
        sent_at__isnull=False,
    ).exclude(pk=report.pk)
    return sampling.is_read(
        plan.seed,
        f"{assignment.pk}",
        plan.share,
        is_first_ever=not earlier.exists(),
        is_late=assignment.is_late,
        is_changed=report.number > 1,
    )
