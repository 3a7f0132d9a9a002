"""Who may be urged for a period, in which words and through whom: what a letter is made from."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from khung.assignments.models import OPEN_STATES, Assignment, Period
from khung.assignments.queries import of_period
from khung.frameworks.queries import province_on
from khung.orgs.models import PEOPLE_COMMITTEE, Unit
from khung.orgs.queries import named_on, on, units_on
from khung.reminders.models import Letter, LetterRecipient
from khung.rules import letters as rules

DEPARTMENT = "specialised_agency"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which overdue work letters are about; empty fields ask for everything."""

    period: Period
    level: str = ""
    dimension: int | None = None
    guide: int | None = None
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Planned:
    """A unit a letter is to be written to, and the overdue work it lists.

    `through_unknown` says that the company's managing department is not known.
    """

    unit: Unit
    form: str
    through: Unit | None
    items: tuple[Assignment, ...]
    through_unknown: bool = False

    @property
    def is_company(self) -> bool:
        return self.unit.kind == rules.COMPANY

    @property
    def name(self) -> str:
        return rules.formal_name(self.unit.day_name, self.unit.kind)

    @property
    def through_name(self) -> str:
        if self.through is None:
            return ""
        return rules.formal_name(self.through.day_name, self.through.kind)

    @property
    def locks_on(self) -> dt.date:
        """The first day after which some of the work can no longer be reported."""
        return min(item.locks_on for item in self.items)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A unit that was chosen and gets no letter, and why (a key of `rules.letters.DROPPED`)."""

    unit: Unit
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of a choice of units, before any letter is written."""

    planned: tuple[Planned, ...]
    dropped: tuple[Dropped, ...]


def overdue(selection: Selection) -> QuerySet[Assignment]:
    """Work past its deadline that was not reported; a village's is its commune's matter."""
    found = of_period(Assignment.objects.all(), selection.period).filter(
        is_late=True, state__in=OPEN_STATES
    )
    found = found.exclude(unit__level="village")
    if selection.level:
        found = found.filter(unit__level=selection.level)
    if selection.dimension is not None:
        found = found.filter(task_version__dimension=selection.dimension)
    if selection.guide is not None:
        found = found.filter(guide_id=selection.guide)
    return found


def late_units(selection: Selection, day: dt.date) -> QuerySet[Any, dict[str, Any]]:
    """The units still there on a day with overdue work, those with most first.

    Rows have unit_id, unit__name, unit__level, unit__kind, n (how much is overdue) and oldest (its
    first deadline).
    """
    rows: QuerySet[Any, Any] = overdue(selection).filter(on(day, "unit__")).order_by()
    found: QuerySet[Any, dict[str, Any]] = (
        rows.values("unit_id", "unit__name", "unit__level", "unit__kind")
        .annotate(n=Count("pk"), oldest=Min("due_on"), key=Max("unit__sort_key"))
        .filter(n__gte=selection.at_least)
        .order_by("-n", "key", "unit_id")
    )
    return found


def newest_late_period() -> str:
    """The code of the newest period with overdue work that was not reported, or ""."""
    late = Assignment.objects.filter(is_late=True, state__in=OPEN_STATES)
    codes = late.order_by("-counts_in__starts_on").values_list("counts_in__code", flat=True)
    return codes.first() or ""


def ended_late(selection: Selection, day: dt.date) -> int:
    """How many units with overdue work are gone on a day: nobody is left to write to."""
    gone = overdue(selection).exclude(on(day, "unit__"))
    return gone.order_by().values("unit").distinct().count()


def plan(
    selection: Selection,
    chosen: Iterable[int],
    *,
    signed_by: str,
    from_unit: Unit,
    day: dt.date,
    throughs: Mapping[int, int] | None = None,
) -> Plan:
    """What letters to the chosen units (ids) would be, as their work stands now.

    `throughs` are managing departments a person named, by the company's id. Queries do not grow
    with the number of units.
    """
    ids = set(chosen)
    units = named_on(Unit.objects.filter(pk__in=ids), day).in_bulk()
    items: dict[int, list[Assignment]] = {}
    work = overdue(selection).filter(unit__in=ids).select_related("task_version")
    for assignment in work.order_by("due_on", "task_version__no", "id"):
        items.setdefault(assignment.unit_id, []).append(assignment)
    waiting = set(
        LetterRecipient.objects.filter(
            unit__in=ids,
            letter__period=selection.period,
            letter__signed_by=signed_by,
            letter__number="",
            letter__withdrawn_at__isnull=True,
        ).values_list("unit_id", flat=True)
    )
    province = province_on(day)
    ways = _Ways.of(units.values(), items, day, throughs or {})
    planned, dropped = [], []
    for unit in sorted(units.values(), key=lambda one: (one.sort_key, one.pk)):
        form = rules.form_for(signed_by, unit.level, unit.kind)
        issuer = from_unit if signed_by == Letter.SignedBy.COORDINATOR else province
        why = _refused(unit, form, issuer, day, waiting)
        owed = items.get(unit.pk, [])
        if why is None and len(owed) < selection.at_least:
            why = "reported"
        if why or form is None:
            dropped.append(Dropped(unit, why or "village"))
            continue
        through = ways.through(unit)
        unknown = unit.kind == rules.COMPANY and through is None
        planned.append(Planned(unit, form, through, tuple(owed), unknown))
    return Plan(tuple(planned), tuple(dropped))


def _refused(
    unit: Unit, form: str | None, issuer: Unit | None, day: dt.date, waiting: Collection[int]
) -> str | None:
    """Why no letter may be written to a unit at all, or None."""
    if form is None:
        return "village"
    if not unit.is_valid_on(day):
        return "ended"
    if issuer is not None and unit.pk == issuer.pk:
        return "itself"
    return "waiting" if unit.pk in waiting else None


@dataclass(frozen=True, slots=True)
class _Ways:
    """Who stands between the issuing body and the units, read at once for all of them."""

    above: dict[int, Unit]
    vertical: dict[str, Unit]
    managing: dict[int, Unit]

    @classmethod
    def of(
        cls,
        units: Iterable[Unit],
        items: Mapping[int, list[Assignment]],
        day: dt.date,
        throughs: Mapping[int, int],
    ) -> "_Ways":
        every = list(units)
        ids = {pk for unit in every for pk in _ancestors(unit)}
        there = units_on(day)
        above = there.filter(pk__in=ids, kind=PEOPLE_COMMITTEE, parent__isnull=False).in_bulk()
        vertical = there.filter(kind__in=rules.VERTICAL, level="province")
        companies = [unit.pk for unit in every if unit.kind == rules.COMPANY]
        return cls(
            above,
            {unit.kind: unit for unit in vertical.order_by("-id")},
            _managing(companies, items, day, throughs) if companies else {},
        )

    def through(self, unit: Unit) -> Unit | None:
        """A company's department; a vertical agency's own body of the province; for the rest the
        highest People's Committee between it and the province, which is a commune's district while
        there are districts."""
        if unit.kind == rules.COMPANY:
            return self.managing.get(unit.pk)
        if unit.kind in rules.VERTICAL:
            return self.vertical.get(unit.kind) if unit.level != "province" else None
        if not rules.is_directed(unit.kind):
            return None
        return next((self.above[pk] for pk in _ancestors(unit) if pk in self.above), None)


def _ancestors(unit: Unit) -> list[int]:
    return [int(pk) for pk in unit.path.strip("/").split("/")[:-1]]


def _managing(
    companies: Collection[int],
    items: Mapping[int, list[Assignment]],
    day: dt.date,
    throughs: Mapping[int, int],
) -> dict[int, Unit]:
    """The department each company answers through.

    What a person says; else what the last letter to it said; else the one department that guides
    all its overdue work.
    """
    earlier = LetterRecipient.objects.filter(unit__in=companies, through__isnull=False)
    known = dict(earlier.order_by("letter__made_at", "id").values_list("unit_id", "through_id"))
    guides = {pk: {item.guide_id for item in items.get(pk, [])} for pk in companies}
    guided = {pk: next(iter(found)) for pk, found in guides.items() if len(found) == 1}
    named = {**guided, **known, **{pk: throughs[pk] for pk in companies if pk in throughs}}
    departments = units_on(day).filter(pk__in=[pk for pk in named.values() if pk])
    found = departments.filter(Q(kind=DEPARTMENT) | Q(pk__in=throughs.values())).in_bulk()
    return {company: found[pk] for company, pk in named.items() if pk in found}


def departments_on(day: dt.date) -> QuerySet[Unit]:
    """The departments of a day, for a person to name a company's."""
    return units_on(day).filter(kind=DEPARTMENT, level="province").order_by("sort_key", "id")
