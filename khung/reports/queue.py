"""The review queue: the open turns of a unit, the most pressing first, and those it closed."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Prefetch, Q, QuerySet

from khung.assignments.models import Period
from khung.frameworks.models import TaskItem, TaskVersion
from khung.orgs.acting import Acting
from khung.orgs.models import Person, Unit
from khung.orgs.queries import holders_of
from khung.reports.models import JudgingPlan, ReviewTurn
from khung.rules.calendar import last_of_year, year_code
from khung.rules.permissions import Permission
from khung.rules.text import fold

WAITING, UNREAD, NOBODY, JUDGED = "waiting", "unread", "nobody", "judged"
LATE_REPORT, LATE_JUDGING = "report", "judging"
MINE, UNASSIGNED = "mine", "unassigned"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reviewer asks to see of the queue; empty fields ask for everything."""

    show: str = WAITING
    period: Period | None = None
    dimension: int | None = None
    task: int | None = None
    unit: str = ""
    late: str = ""
    whose: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(
            self.period or self.dimension or self.task or self.unit or self.late or self.whose
        )


def visible_to(acting: Acting) -> QuerySet[ReviewTurn]:
    """The turns of the unit a person acts for; a coordinator's too that are nobody's."""
    if acting.unit is None or Permission.VIEW_JUDGED_WORK not in acting.permissions:
        return ReviewTurn.objects.none()
    own = Q(unit=acting.unit)
    if sees_nobodys(acting):
        own |= Q(unit__isnull=True)
    return ReviewTurn.objects.filter(own)


def sees_nobodys(acting: Acting) -> bool:
    """Whether the reports nobody judges yet are the person's to judge (`reach.require_turn`)."""
    return {Permission.JUDGE_WORK, Permission.VIEW_ALL_WORK} <= acting.permissions


def asked_for(acting: Acting, wanted: Wanted, today: dt.date) -> QuerySet[ReviewTurn]:
    """The turns a person asks for, in their order; what is closed the newest first."""
    unit = acting.unit
    if wanted.show == NOBODY and sees_nobodys(acting):
        found = ReviewTurn.objects.filter(unit__isnull=True, closed_at__isnull=True)
    elif wanted.show == JUDGED:
        found = ReviewTurn.objects.filter(unit=unit, closed_at__isnull=False)
    else:
        found = ReviewTurn.objects.filter(unit=unit, closed_at__isnull=True)
        found = found.filter(is_in_sample=wanted.show != UNREAD)
        if wanted.show != UNREAD:
            found = found.exclude(way=JudgingPlan.Way.CONSOLIDATED)
    found = _narrowed(found, acting.person, wanted, today)
    if wanted.show == JUDGED:
        return found.order_by("-closed_at", "-id")
    return found.order_by("due_on", "opened_at", "id")


def _narrowed(
    found: QuerySet[ReviewTurn], person: Person | None, wanted: Wanted, today: dt.date
) -> QuerySet[ReviewTurn]:
    if wanted.period is not None:
        found = of_period(found, wanted.period)
    if wanted.dimension is not None:
        found = found.filter(assignment__task_version__dimension=wanted.dimension)
    if wanted.task is not None:
        found = found.filter(assignment__task_version__no=wanted.task)
    for word in fold(wanted.unit).split():
        found = found.filter(assignment__unit__folded_name__contains=word)
    if wanted.late == LATE_REPORT:
        found = found.filter(assignment__is_late=True)
    elif wanted.late == LATE_JUDGING:
        found = found.filter(due_on__lt=today)
    if wanted.whose == MINE:
        found = found.filter(reviewer=person)
    elif wanted.whose == UNASSIGNED:
        found = found.filter(reviewer__isnull=True)
    return found


def of_period(found: QuerySet[ReviewTurn], period: Period) -> QuerySet[ReviewTurn]:
    """Those of a period, and of the yearly duties whose year it lies in."""
    # A yearly duty counts in the year's last period: naming both lets the index be used.
    return found.filter(
        Q(period=period) | Q(assignment__period__code=year_code(period.code)),
        period__code__in=(period.code, last_of_year(period.code)),
    )


def for_page(found: QuerySet[ReviewTurn]) -> QuerySet[ReviewTurn]:
    """The same with what a list shows: two queries."""
    content = TaskItem.objects.filter(field=TaskItem.Field.CONTENT).order_by("position")
    return (
        found.select_related(
            "report",
            "reviewer",
            "assignment__unit",
            "assignment__task_version",
            "assignment__period",
            "assignment__occasion",
        )
        .defer("report__text", "assignment__task_version__folded_text")
        .prefetch_related(Prefetch("assignment__task_version__items", content))
    )


def alike(turn: ReviewTurn) -> int:
    """How many other open turns of the unit are about the same task."""
    same = ReviewTurn.objects.filter(
        unit=turn.unit_id, closed_at__isnull=True, assignment__task=turn.assignment.task_id
    )
    return same.exclude(pk=turn.pk).count()


@dataclass(frozen=True, slots=True)
class TogetherRow:
    """A task whose reports are judged together: how many wait, and since and until when."""

    version: TaskVersion
    waiting: int
    due_on: dt.date


def consolidated(unit: Unit) -> QuerySet[ReviewTurn]:
    """The open turns of a unit that are judged together, task by task."""
    return ReviewTurn.objects.filter(
        unit=unit,
        closed_at__isnull=True,
        is_in_sample=True,
        way=JudgingPlan.Way.CONSOLIDATED,
    )


def together(unit: Unit) -> list[TogetherRow]:
    """The tasks a unit judges together, the most pressing first: three queries."""
    counted = consolidated(unit).order_by().values("assignment__task_version")
    rows = counted.annotate(n=Count("pk"), first=Min("due_on")).order_by("first")
    found = [(row["assignment__task_version"], row["n"], row["first"]) for row in rows]
    content = TaskItem.objects.filter(field=TaskItem.Field.CONTENT).order_by("position")
    versions = TaskVersion.objects.prefetch_related(Prefetch("items", content)).in_bulk(
        [pk for pk, _, _ in found]
    )
    return [TogetherRow(versions[pk], n, first) for pk, n, first in found]


def reviewers_of(unit: Unit | None, day: dt.date) -> list[Person]:
    """Who judges for a unit on a day, by name."""
    return [] if unit is None else list(holders_of(unit, Permission.JUDGE_WORK, day))
