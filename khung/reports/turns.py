"""Whose turn it is to judge a report, and by when."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from khung.assignments.calendar import working_calendar
from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.orgs.models import Unit
from khung.reports import judging_counts
from khung.reports.models import JudgingPlan, Report, ReviewTurn
from khung.rules import sampling
from khung.rules.calendar import WorkingCalendar

# Proposed by this project, to be changed per task and level by the coordinator; no norm says it.
WORKING_DAYS = 10
REDO_WORKING_DAYS = 5
# A turn left open longer ago than this is timed by weekdays alone before that.
_DAYS_BACK, _DAYS_AHEAD = 400, 200
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Desk:
    """What every turn opened in one go needs, read once.

    `ended` are the judges and superiors that are no more; `reported` the (task, unit) pairs of
    sampled tasks that were reported before.
    """

    calendar: WorkingCalendar
    plans: dict[tuple[int, str], JudgingPlan]
    ended: frozenset[int]
    reported: frozenset[tuple[int, int]]

    def plan_of(self, assignment: Assignment) -> JudgingPlan | None:
        return self.plans.get((assignment.task_id, assignment.unit.level))

    def alive(self, unit_id: int | None) -> int | None:
        """The unit, unless it has ended: nobody can judge in its name."""
        return None if unit_id in self.ended else unit_id


def desk_for(assignments: Sequence[Assignment], today: dt.date) -> Desk:
    """Four queries, whatever the number of assignments; they come with their unit."""
    calendar = working_calendar(
        today - dt.timedelta(days=_DAYS_BACK), today + dt.timedelta(days=_DAYS_AHEAD)
    )
    plans = newest_plans({one.task_id for one in assignments})
    named = {one.judge_id for one in assignments} | {_superior(one) for one in assignments}
    gone = Unit.objects.filter(pk__in=[pk for pk in named if pk], valid_to__lt=today)
    return Desk(
        calendar, plans, frozenset(gone.values_list("pk", flat=True)), _reported(assignments, plans)
    )


def newest_plans(tasks: Collection[int]) -> dict[tuple[int, str], JudgingPlan]:
    """The plan in force of each of these tasks (ids) at each level that has one; one query."""
    plans = JudgingPlan.objects.filter(task__in=tasks).select_related("set_by").order_by("id")
    return {(plan.task_id, plan.level): plan for plan in plans}


def newest_plan_id() -> int:
    """The id of the newest plan, to be handed back as `seen`; 0 before the first."""
    newest = JudgingPlan.objects.order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def _reported(
    assignments: Sequence[Assignment], plans: dict[tuple[int, str], JudgingPlan]
) -> frozenset[tuple[int, int]]:
    """The (task, unit) pairs of sampled tasks that have a sent report; no query for none."""
    sampled = [
        one
        for one in assignments
        if (plan := plans.get((one.task_id, one.unit.level))) and plan.way == plan.Way.SAMPLED
    ]
    if not sampled:
        return frozenset()
    earlier = Report.objects.filter(
        assignment__task__in={one.task_id for one in sampled},
        assignment__unit__in={one.unit_id for one in sampled},
        sent_at__isnull=False,
    )
    return frozenset(earlier.values_list("assignment__task", "assignment__unit").distinct())


def open_turn(
    desk: Desk, report: Report, assignment: Assignment, *, now: dt.datetime, today: dt.date
) -> ReviewTurn:
    """Opens the first turn of a report just sent."""
    plan = desk.plan_of(assignment)
    judge = desk.alive(assignment.judge_id)
    superior = desk.alive(_superior(assignment)) if plan and plan.superior_first else None
    first = superior is not None and superior != judge
    return _open(
        ReviewTurn(
            report=report,
            assignment=assignment,
            unit_id=superior if first else judge,
            stage=ReviewTurn.Stage.FIRST if first else ReviewTurn.Stage.JUDGE,
            way=plan.way if plan else JudgingPlan.Way.FULL,
            is_in_sample=is_read(desk, report, assignment),
            period_id=assignment.counts_in_id,
            opened_at=now,
            due_on=_due(desk, assignment, today),
        )
    )


def next_turn(desk: Desk, turn: ReviewTurn, *, now: dt.datetime, today: dt.date) -> ReviewTurn:
    """Opens the judge's turn after a first review passed the report on."""
    return _open(
        ReviewTurn(
            report=turn.report,
            assignment=turn.assignment,
            unit_id=desk.alive(turn.assignment.judge_id),
            way=turn.way,
            is_in_sample=turn.is_in_sample,
            period_id=turn.period_id,
            opened_at=now,
            due_on=_due(desk, turn.assignment, today),
        )
    )


def _open(turn: ReviewTurn) -> ReviewTurn:
    turn.save()
    judging_counts.append([(judging_counts.open_key(turn), 1)])
    return turn


def hold(found: QuerySet[ReviewTurn]) -> None:
    """Locks turns, always in one order; read them afterwards, as they then stand.

    A row waited for keeps what was joined to it before the wait, so that a unit read with it may
    be another than its id says.
    """
    held = found.select_for_update(of=("self",)).order_by("assignment_id", "id")
    list(held.values_list("pk"))


def withdraw(report: Report, *, now: dt.datetime) -> None:
    """Closes the turn of a report its unit takes back; nobody judged it.

    For use inside an audited action only.
    """
    still_open = ReviewTurn.objects.filter(report=report, closed_at__isnull=True)
    for turn in still_open.select_for_update(of=("self",)):
        ReviewTurn.objects.filter(pk=turn.pk).update(closed_at=now)
        judging_counts.append([(judging_counts.open_key(turn), -1)])


@transaction.atomic
def follow_judges(*, now: dt.datetime) -> int:
    """Hands on open turns nobody can judge: to the judge found since, or from a unit that ended.

    The new judge's clock starts now. What has no judge left waits for the coordinator. Part of
    the schedule; returns how many turns moved.
    """
    today = timezone.localdate(now)
    moved = 0
    while found := _stranded(today):
        desk = desk_for([turn.assignment for turn in found], today)
        changes = []
        for turn in found:
            changes.append((judging_counts.open_key(turn), -1))
            turn.unit_id = desk.alive(turn.assignment.judge_id)
            turn.stage, turn.reviewer = ReviewTurn.Stage.JUDGE, None
            turn.opened_at, turn.due_on = now, _due(desk, turn.assignment, today)
            changes.append((judging_counts.open_key(turn), 1))
        ReviewTurn.objects.bulk_update(
            found, ["unit", "stage", "reviewer", "opened_at", "due_on"], batch_size=_BATCH
        )
        judging_counts.append(changes)
        moved += len(found)
    if moved:
        record(
            by="system:tick", now=now, verb="turns.followed", subject="turns", data={"turns": moved}
        )
    return moved


def _stranded(today: dt.date) -> list[ReviewTurn]:
    """Open turns of nobody whose assignment has a living judge, and those of ended units."""
    judge = Q(assignment__judge__isnull=False) & (
        Q(assignment__judge__valid_to__isnull=True) | Q(assignment__judge__valid_to__gte=today)
    )
    ended = Unit.objects.filter(valid_to__lt=today).values("pk")
    still_open = ReviewTurn.objects.filter(closed_at__isnull=True)
    for asked in (Q(unit__isnull=True) & judge, Q(unit__in=ended)):
        found = list(
            still_open.filter(asked)
            .select_for_update(of=("self",))
            .select_related("assignment__unit")
            .order_by("assignment_id")[:_BATCH]
        )
        if found:
            return found
    return []


def _due(desk: Desk, assignment: Assignment, today: dt.date) -> dt.date:
    plan = desk.plan_of(assignment)
    return desk.calendar.add(today, plan.working_days if plan else WORKING_DAYS)


def _superior(assignment: Assignment) -> int | None:
    """The unit directly above when the work was given, unless it is the province itself."""
    ids = assignment.path.strip("/").split("/")
    return int(ids[-2]) if len(ids) > 2 else None


def is_read(desk: Desk, report: Report, assignment: Assignment) -> bool:
    """Whether somebody is to read a report just sent, or it waits outside the sample."""
    plan = desk.plan_of(assignment)
    if plan is None or plan.way != JudgingPlan.Way.SAMPLED:
        return True
    return sampling.is_read(
        plan.seed,
        f"{assignment.pk}",
        plan.share,
        is_first_ever=(assignment.task_id, assignment.unit_id) not in desk.reported,
        is_late=assignment.is_late,
        is_changed=report.number > 1,
    )
