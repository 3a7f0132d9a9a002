"""A unit's work in one period: what it owes, what waits for its judgement, in order of urgency."""

from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When

from khung.assignments.board import Tally
from khung.assignments.models import OPEN_STATES, Assignment, Period
from khung.assignments.queries import of_period
from khung.frameworks.models import TaskItem
from khung.orgs.models import Unit
from khung.rules.text import fold

# Overdue, then still to do by due date, then waiting for the judge, then settled.
_URGENCY = Case(
    When(state__in=OPEN_STATES, is_late=True, then=Value(0)),
    When(state__in=OPEN_STATES, then=Value(1)),
    When(state="submitted", then=Value(2)),
    When(state="accepted", then=Value(3)),
    default=Value(4),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks to see of a list of work; empty fields ask for everything."""

    dimension: int | None = None
    state: str = ""
    is_overdue: bool = False
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.dimension or self.state or self.is_overdue or self.words)


def owed_by(unit: Unit, period: Period) -> QuerySet[Assignment]:
    """What a unit owes in a period, yearly duties of its year included."""
    return of_period(Assignment.objects.filter(unit=unit), period)


def narrowed(assignments: QuerySet[Assignment], wanted: Wanted) -> QuerySet[Assignment]:
    """Those asked for. Words are looked for without marks; a number is a task's number."""
    if wanted.dimension is not None:
        assignments = assignments.filter(task_version__dimension=wanted.dimension)
    if wanted.state:
        assignments = assignments.filter(state=wanted.state)
    if wanted.is_overdue:
        assignments = assignments.filter(overdue())
    words = fold(wanted.words).split()
    if len(words) == 1 and words[0].isdecimal():
        return assignments.filter(task_version__no=int(words[0][:4]))
    for word in words:
        assignments = assignments.filter(task_version__folded_text__contains=word)
    return assignments


def overdue() -> Q:
    """Past its deadline and still without an accepted report."""
    return Q(is_late=True) & ~Q(state__in=("accepted", "exempt"))


def by_dimension(assignments: QuerySet[Assignment]) -> dict[int, Tally]:
    """How the assignments stand, by dimension, in one query."""
    found: dict[int, Tally] = {}
    rows = assignments.order_by().values_list("task_version__dimension", "state", "is_late")
    for dimension, state, is_late, n in rows.annotate(n=Count("pk")):
        found.setdefault(dimension, Tally()).add(state, is_late, n)
    return dict(sorted(found.items()))


def by_task_and_unit(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """The same by task, then unit, with what a list of them shows: two queries."""
    content = TaskItem.objects.filter(field=TaskItem.Field.CONTENT).order_by("position")
    return (
        assignments.select_related("unit", "task_version")
        .prefetch_related(Prefetch("task_version__items", content, "content"))
        .order_by("task_version__no", "unit__sort_key", "id")
    )


def for_page(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """The same by dimension, most urgent first, with what a page shows: two queries."""
    return _shown(assignments.select_related("task_version", "occasion")).order_by(
        "task_version__dimension", _URGENCY, "due_on", "task_version__no", "id"
    )


def for_export(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """The same rows with all that a file of them says."""
    return assignments.select_related("task_version", "occasion", "period")


def _shown(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """With the words of each task that lists show; who is named stands in the assignment."""
    field = TaskItem.Field
    items = TaskItem.objects.filter(field__in=(field.CONTENT, field.METHOD, field.TIMING))
    return assignments.prefetch_related(
        Prefetch("task_version__items", items.order_by("field", "position"))
    )
