"""Occasions: opened in the units they touch, and closed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from khung.assignments import expanding
from khung.assignments.actions.periods import make_period
from khung.assignments.models import OPEN_STATES, Occasion, OccasionUnit
from khung.assignments.moving import exempt_many
from khung.assignments.queries import may_change_occasion
from khung.base.audit import record
from khung.base.versions import StaleRecord, claim
from khung.frameworks.models import Framework
from khung.orgs.acting import By, require
from khung.orgs.models import Person, Unit
from khung.orgs.queries import roles_of
from khung.rules.calendar import period_on
from khung.rules.permissions import Permission, permissions_of


class NothingToDo(Exception):
    """No task of the framework asks anything of these units on such an occasion."""


class WrongDay(Exception):
    """The last day is over already, or before the first."""


@dataclass(frozen=True, slots=True)
class _Limits:
    """In whose name an occasion is opened, and whose guided tasks it is limited to."""

    unit: Unit | None = None
    guided_by: int | None = None


def _limits(by: By, units: Sequence[Unit], day: dt.date) -> _Limits:
    """What somebody may open in these units. Raises PermissionDenied."""
    if not isinstance(by, Person):
        require(by, Permission.OPEN_OCCASION, day)
        return _Limits()
    held = [(role.unit, permissions_of([role.role])) for role in roles_of(by, day)]
    held = [(unit, may) for unit, may in held if Permission.OPEN_OCCASION in may]
    if any(Permission.VIEW_ALL_WORK in may for _, may in held):
        return _Limits()
    for own, may in held:
        if Permission.REPORT_WORK in may and all(one.path.startswith(own.path) for one in units):
            return _Limits(own)
    for own, may in held:
        if Permission.JUDGE_WORK in may:
            return _Limits(own, guided_by=own.pk)
    raise PermissionDenied(Permission.OPEN_OCCASION)


def _require_own(by: By, occasion: Occasion, day: dt.date) -> None:
    """Refuses whoever neither coordinates nor works where the occasion was opened."""
    if not isinstance(by, Person):
        require(by, Permission.OPEN_OCCASION, day)
        return
    if not may_change_occasion(by, occasion, day):
        raise PermissionDenied(Permission.OPEN_OCCASION)


@transaction.atomic
def open_occasion(
    *,
    framework: Framework,
    kind: str,
    title: str,
    starts_on: dt.date,
    ends_on: dt.date,
    units: Sequence[Unit],
    by: Person,
    now: dt.datetime,
    phases: Sequence[Mapping[str, str]] = (),
    is_illustrative: bool = False,
) -> tuple[Occasion, int]:
    """Opens an occasion in the units it touches; returns it and how many assignments it made.

    The coordinator opens it anywhere, a unit in itself and below, a guiding agency anywhere, but
    only for the tasks it guides. Raises PermissionDenied, NothingToDo where no task of the
    framework asks for anything in these units.
    """
    limits = _limits(by, units, timezone.localdate(now))
    # A unit may not open periods; the one its occasion falls in is made by the system.
    maker = by if limits.unit is None else "system:occasion"
    counts_in = make_period(code=period_on(ends_on, framework.cycle), by=maker, now=now)
    occasion = Occasion.objects.create(
        kind=kind,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        phases=list(phases),
        counts_in=counts_in,
        opened_by=by,
        opened_for=limits.unit,
        opened_at=now,
        is_illustrative=is_illustrative,
    )
    OccasionUnit.objects.bulk_create(OccasionUnit(occasion=occasion, unit=unit) for unit in units)
    due = {
        deadline.level: (ends_on, max(deadline.locks_on, ends_on))
        for deadline in counts_in.deadlines.all()
    }
    made = expanding.write_occasion(
        framework, occasion, [unit.path for unit in units], due, guided_by=limits.guided_by
    )
    if not made and limits.unit is not None:
        raise NothingToDo
    record(
        by=by,
        now=now,
        verb="occasion.opened",
        subject=f"occasion:{occasion.pk}",
        data={"kind": kind, "title": title, "units": len(units), "made": made},
    )
    return occasion, made


@transaction.atomic
def extend_occasion(
    *, occasion: Occasion, version: int, ends_on: dt.date, by: Person, now: dt.datetime
) -> Occasion:
    """Moves the last day of an open occasion; open work of it falls due with the new day.

    Its figures stay in the period it was opened for. Work stamped late stays so. Raises
    StaleRecord, PermissionDenied, WrongDay where the day is over or before the first.
    """
    _require_own(by, occasion, timezone.localdate(now))
    if ends_on < max(occasion.starts_on, timezone.localdate(now)):
        raise WrongDay
    current = _claimed(occasion, version)
    before, current.ends_on = current.ends_on, ends_on
    current.save(update_fields=["ends_on"])
    open_work = current.assignments.filter(state__in=OPEN_STATES)
    open_work.update(due_on=ends_on, locks_on=Greatest(F("locks_on"), Value(ends_on)))
    record(
        by=by,
        now=now,
        verb="occasion.extended",
        subject=f"occasion:{current.pk}",
        data={
            "title": current.title,
            "before": before.isoformat(),
            "ends_on": ends_on.isoformat(),
        },
    )
    return current


def _claimed(occasion: Occasion, version: int) -> Occasion:
    """The occasion taken for writing; one that is closed was closed by somebody else before."""
    current = claim(occasion, version)
    if current.closed_at is not None:
        raise StaleRecord(current)
    return current


@transaction.atomic
def close_occasion(
    *, occasion: Occasion, version: int, by: Person, now: dt.datetime
) -> tuple[Occasion, int]:
    """Ends an occasion: what nobody began is closed as exempt; returns it and how many those were.

    Raises StaleRecord, PermissionDenied for an occasion opened in another unit's name.
    """
    _require_own(by, occasion, timezone.localdate(now))
    current = _claimed(occasion, version)
    current.closed_at = now
    current.save(update_fields=["closed_at"])
    closed = exempt_many(
        current.assignments.filter(state="not_started"),
        reason=f"Kết thúc: {current.title}",
        by=by,
        now=now,
    )
    record(
        by=by,
        now=now,
        verb="occasion.closed",
        subject=f"occasion:{current.pk}",
        data={"title": current.title, "closed": closed},
    )
    return current, closed
