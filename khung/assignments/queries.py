"""Reading assignments: who may see which, a unit's work, the periods."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from khung.assignments.models import (
    Assignment,
    Occasion,
    Period,
    RollUp,
    RollUpDelta,
)
from khung.orgs.acting import Acting
from khung.orgs.models import Person, Unit
from khung.orgs.queries import roles_of
from khung.rules.calendar import last_of_year, year_code
from khung.rules.permissions import Permission, permissions_of


def visible_to(acting: Acting) -> QuerySet[Assignment]:
    """The assignments a person may see in the unit they act for; none without a permission."""
    may = acting.permissions
    if Permission.VIEW_ALL_WORK in may:
        return Assignment.objects.all()
    unit = acting.unit
    if unit is None:
        return Assignment.objects.none()
    allowed = Q(pk__in=[])
    if Permission.VIEW_SUBTREE_WORK in may:
        allowed |= Q(path__startswith=unit.path)
    if Permission.VIEW_OWN_UNIT_WORK in may:
        allowed |= Q(unit=unit)
    if Permission.VIEW_JUDGED_WORK in may:
        allowed |= Q(judge=unit) | Q(guide=unit)
    return Assignment.objects.filter(allowed)


def of_period(assignments: QuerySet[Assignment], period: Period) -> QuerySet[Assignment]:
    """Those that count in a period, and the yearly ones whose year it lies in."""
    # A yearly duty counts in the year's last period: naming both lets the index be used.
    return assignments.filter(
        Q(counts_in=period) | Q(period__code=year_code(period.code)),
        counts_in__code__in=(period.code, last_of_year(period.code)),
    )


def opened_periods() -> QuerySet[Period]:
    """The periods put into work, newest first."""
    return Period.objects.filter(opened_at__isnull=False).order_by("-starts_on")


def current_period(today: dt.date) -> Period | None:
    """The opened period today lies in, else the newest one opened."""
    opened = opened_periods()
    return opened.filter(starts_on__lte=today, ends_on__gte=today).first() or opened.first()


@dataclass(frozen=True, slots=True)
class WorkCount:
    """How much work counts in a period, as the board has it, and how much was let off."""

    counted: int = 0
    exempt: int = 0


def work_counts(period_ids: Sequence[int]) -> dict[int, WorkCount]:
    """How many assignments count in each period, by its id, as the roll-up has them."""
    roots = Unit.objects.filter(parent__isnull=True).values("pk")
    folded, waiting = (
        table._default_manager.filter(unit_id__in=roots, period_id__in=period_ids)
        .order_by()
        .values_list("period_id", "state")
        .annotate(total=Sum("n"))
        for table in (RollUp, RollUpDelta)
    )
    found: dict[int, Counter[bool]] = {period_id: Counter() for period_id in period_ids}
    for period_id, state, total in folded.union(waiting, all=True):
        found[period_id][state == "exempt"] += total
    return {period_id: WorkCount(n[False], n[True]) for period_id, n in found.items()}


def periods_counting(day: dt.date) -> QuerySet[Period]:
    """The periods whose deadlines were counted over a day, oldest first."""
    return (
        Period.objects.filter(data_to__lt=day, deadlines__locks_on__gte=day)
        .distinct()
        .order_by("starts_on")
    )


def may_change_occasion(by: Person, occasion: Occasion, day: dt.date) -> bool:
    """Whether somebody may extend or end an occasion: the coordinator, and who opened it."""
    for role in roles_of(by, day):
        may = permissions_of([role.role])
        if Permission.OPEN_OCCASION in may and (
            Permission.VIEW_ALL_WORK in may or role.unit_id == occasion.opened_for_id
        ):
            return True
    return False
