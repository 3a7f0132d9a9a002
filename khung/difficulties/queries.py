"""Reading difficulties: who may see which, what waits for whom, most urgent first."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    When,
)

from khung.assignments.models import Assignment
from khung.difficulties.models import Difficulty, DifficultyStep
from khung.orgs.acting import Acting
from khung.orgs.models import Unit
from khung.rules.permissions import Permission
from khung.rules.routing import OPEN_STATES
from khung.rules.text import fold


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks to see of a list of difficulties.

    `state` is a state, "open" or "" for all; the other empty fields ask for everything.
    """

    state: str = "open"
    kind: str = ""
    stage: str = ""
    holder: int | None = None
    is_overdue: bool = False
    words: str = ""

    @property
    def is_narrowed(self) -> bool:
        return self != Wanted()


def visible_to(acting: Acting) -> QuerySet[Difficulty]:
    """Those a person may see in the unit they act for; none without a permission.

    All, for who sees all work; else what the unit raised, guides, was asked or made responsible,
    what units below it raised, for its head, and what came from work it judges, for its judges.
    """
    if acting.may(Permission.VIEW_ALL_WORK):
        return Difficulty.objects.all()
    unit = acting.unit
    if unit is None or not acting.may(Permission.VIEW_OWN_UNIT_WORK):
        return Difficulty.objects.none()
    asked = DifficultyStep.objects.filter(difficulty=OuterRef("pk"), unit=unit)
    seen = Q(unit=unit) | Q(guide=unit) | Q(responsible_unit=unit) | Q(Exists(asked))
    if acting.may(Permission.VIEW_SUBTREE_WORK):
        seen |= Q(unit__path__startswith=unit.path)
    if acting.may(Permission.VIEW_JUDGED_WORK):
        seen |= Q(assignment__judge=unit)
    return Difficulty.objects.filter(seen)


def waiting_for(found: QuerySet[Difficulty], unit: Unit) -> QuerySet[Difficulty]:
    """Those that wait for the unit: to answer, to carry out a decision, to confirm."""
    return found.filter(holder=unit, state__in=OPEN_STATES)


def raised_by(found: QuerySet[Difficulty], unit: Unit) -> QuerySet[Difficulty]:
    """Those the unit raised."""
    return found.filter(unit=unit)


def narrowed(found: QuerySet[Difficulty], wanted: Wanted, today: dt.date) -> QuerySet[Difficulty]:
    """Those asked for. Words are looked for without marks, in unit, text and what is asked."""
    if wanted.state == "open":
        found = found.filter(state__in=OPEN_STATES)
    elif wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.stage:
        found = found.filter(stage=wanted.stage)
    if wanted.holder is not None:
        found = found.filter(holder=wanted.holder, state__in=OPEN_STATES)
    if wanted.is_overdue:
        found = found.filter(overdue(today))
    for word in fold(wanted.words).split():
        found = found.filter(folded_text__contains=word)
    return found


def overdue(today: dt.date) -> Q:
    """Whoever it waits for has let its day pass."""
    return Q(state__in=OPEN_STATES, due_on__lt=today)


@dataclass(frozen=True, slots=True)
class Held:
    """A unit difficulties wait for, how many, and how many of them too long."""

    unit: Unit
    n: int
    late: int


def by_holder(found: QuerySet[Difficulty], today: dt.date) -> list[Held]:
    """Whom the open ones wait for, those who let most days pass first; two queries."""
    late = Count("pk", filter=Q(due_on__lt=today))
    rows = found.filter(state__in=OPEN_STATES).order_by().values_list("holder")
    counted = {pk: (n, n_late) for pk, n, n_late in rows.annotate(n=Count("pk"), late=late)}
    units = Unit.objects.filter(pk__in=counted).order_by("sort_key", "id")
    held = [Held(unit, *counted[unit.pk]) for unit in units]
    return sorted(held, key=lambda one: (-one.late, -one.n))


def for_list(found: QuerySet[Difficulty]) -> QuerySet[Difficulty]:
    """Ready for a list: open ones first, the most overdue before; one query."""
    is_closed = Case(When(state__in=OPEN_STATES, then=0), default=1, output_field=IntegerField())
    return found.select_related("unit", "holder", "assignment__task_version").order_by(
        is_closed, "due_on", "raised_at", "id"
    )


def with_steps(found: QuerySet[Difficulty]) -> QuerySet[Difficulty]:
    """The same with what was said at each stop; two queries more, whatever their number."""
    steps = DifficultyStep.objects.select_related("unit", "by", "responsible_unit", "by_unit")
    return found.prefetch_related(Prefetch("steps", steps.order_by("arrived_at", "id")))


def raised_from(assignment: Assignment) -> QuerySet[Difficulty]:
    """The difficulties raised from an assignment, the newest first, for its own page."""
    found = Difficulty.objects.filter(assignment=assignment).select_related("holder")
    return found.order_by(F("raised_at").desc(), "-id")
