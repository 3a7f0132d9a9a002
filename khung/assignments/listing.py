"""The assignments behind a figure of the board: the same conditions the roll-up counts by."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from khung.assignments import work
from khung.assignments.freshness import WITHOUT_LIGHT, light_case
from khung.assignments.models import Assignment, Period
from khung.orgs.models import Unit
from khung.rules.timing import CONTINUING
from khung.rules.workflow import NOTHING_AROSE

_ACCEPTED = Q(state="accepted", nothing_arose=False)
_APART = Q(state="exempt") | Q(state="accepted", nothing_arose=True)
_DOING = ~Q(state__in=("accepted", "exempt"))
CLASSES = {
    "done_on_time": _ACCEPTED & Q(is_late=False),
    "done_late": _ACCEPTED & Q(is_late=True),
    "doing_on_time": _DOING & Q(is_late=False),
    "doing_late": _DOING & Q(is_late=True),
}
# What a figure of several states together leads to.
GROUPS = {"counted": ~_APART, "apart": _APART}


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a period is wanted; empty fields ask for everything.

    `unit` stands for its subtree, `own` for its own work only. `state` is a state of
    `workflow.STATES` or NOTHING_AROSE, `official_class` a key of CLASSES or GROUPS, `area` a
    dimension or sub-dimension, `light` a class of freshness, `words` are looked for without marks.
    """

    unit: Unit | None = None
    own: bool = False
    level: str = ""
    dimension: int | None = None
    area: str = ""
    state: str = ""
    official_class: str = ""
    guide: Unit | None = None
    judge: Unit | None = None
    light: str = ""
    is_overdue: bool = False
    words: str = ""


def listed(
    assignments: QuerySet[Assignment], period: Period, asked: Asked, today: dt.date
) -> QuerySet[Assignment]:
    """Those that count in a period and are asked for, unordered."""
    found = assignments.filter(counts_in=period)
    for condition in _conditions(asked):
        found = found.filter(condition)
    if asked.light:
        carried_on = found.filter(timing__in=CONTINUING).exclude(state__in=WITHOUT_LIGHT)
        found = carried_on.annotate(light=light_case(period, today)).filter(light=asked.light)
    wanted = work.Wanted(asked.dimension, "", asked.is_overdue, asked.words)
    return work.narrowed(found, wanted)


def for_list(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """The same by due date, task and unit, with what a list of them shows: two queries."""
    ordered = ("due_on", "task_version__no", "unit__sort_key", "id")
    return work.for_page(assignments).select_related("unit").order_by(*ordered)


def _conditions(asked: Asked) -> list[Q]:
    found = []
    if asked.unit is not None:
        # A unit's own work has an index; a subtree is what lay below when the work was given.
        below = Q(unit=asked.unit) if asked.own else Q(path__startswith=asked.unit.path)
        found.append(below)
    if asked.level:
        found.append(Q(unit__level=asked.level))
    if asked.area:
        found.append(Q(area=asked.area))
    if asked.state == NOTHING_AROSE:
        found.append(Q(state="accepted", nothing_arose=True))
    elif asked.state == "accepted":
        found.append(_ACCEPTED)
    elif asked.state:
        found.append(Q(state=asked.state))
    if asked.official_class:
        found.append((CLASSES | GROUPS)[asked.official_class])
    if asked.guide is not None:
        found.append(Q(guide=asked.guide))
    if asked.judge is not None:
        found.append(Q(judge=asked.judge))
    return found
