"""Everything that changes units, people and the roles they hold."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from khung.base import audit, versions
from khung.orgs.models import (
    BEGINNING,
    Person,
    RoleHeld,
    Succession,
    Unit,
    UnitAlias,
    UnitName,
    sort_key,
)
from khung.orgs.planning import Key, PlannedUnit, UnitPlan
from khung.rules.text import fold, old_style_tones, squeeze

By = Person | str | None
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a loading added; what was there already is left alone."""

    units: int
    successions: int


@transaction.atomic
def load_units(*, plan: UnitPlan, by: By, now: dt.datetime) -> Loaded:
    """Adds the units and successions of the plan that are not there yet, as one audit event.

    Doing it twice adds nothing. A unit that is there keeps its names and dates.
    """
    units = {(unit.code, unit.valid_from): unit for unit in Unit.objects.all()}
    new = [planned for planned in plan.units if planned.key not in units]
    for generation in _generations(new, units):
        for unit in Unit.objects.bulk_create(_unit(planned, units) for planned in generation):
            units[unit.code, unit.valid_from] = unit
    _place_in_tree([units[planned.key] for planned in new])
    UnitName.objects.bulk_create(
        _name(units[planned.key], name.name, name.valid_from, name.valid_to)
        for planned in new
        for name in planned.names
    )
    UnitAlias.objects.bulk_create(
        UnitAlias(unit=units[planned.key], text=text, folded=fold(text))
        for planned in new
        for text in planned.aliases
    )
    successions = _load_successions(plan, units)
    if new or successions:
        audit.record(
            by=by,
            now=now,
            verb="units.loaded",
            subject="units",
            data={"units": len(new), "successions": successions},
        )
    return Loaded(len(new), successions)


def _generations(new: list[PlannedUnit], units: dict[Key, Unit]) -> Iterator[list[PlannedUnit]]:
    """The new units, parents before their children, so that each batch can point upward."""
    waiting = new
    while waiting:
        ready = [it for it in waiting if it.parent is None or it.parent in units]
        if not ready:
            raise ValidationError(
                _("Không có đơn vị cấp trên của “%(code)s”.") % {"code": waiting[0].code}
            )
        yield ready
        waiting = [it for it in waiting if it.key not in units]


def _unit(planned: PlannedUnit, units: dict[Key, Unit]) -> Unit:
    name = planned.names[-1].name
    return Unit(
        code=planned.code,
        valid_from=planned.valid_from,
        valid_to=planned.valid_to,
        level=planned.level,
        kind=planned.kind,
        name=name,
        folded_name=fold(name),
        sort_key=sort_key(name),
        parent=units[planned.parent] if planned.parent else None,
        source=planned.source,
        is_verified=planned.is_verified,
        latitude=planned.latitude,
        longitude=planned.longitude,
    )


def _name(unit: Unit, name: str, first: dt.date, last: dt.date | None) -> UnitName:
    return UnitName(unit=unit, name=name, folded=fold(name), valid_from=first, valid_to=last)


def _place_in_tree(units: Iterable[Unit]) -> None:
    """Paths hold ids, so they are known only once the rows are there."""
    placed = []
    for unit in units:
        unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
        placed.append(unit)
    Unit.objects.bulk_update(placed, ["path"], batch_size=500)


def _load_successions(plan: UnitPlan, units: dict[Key, Unit]) -> int:
    known = set(Succession.objects.values_list("predecessor_id", "successor_id", "effective_on"))
    rows = [
        Succession(
            predecessor=units[it.predecessor],
            successor=units[it.successor],
            effective_on=it.effective_on,
            is_whole=it.is_whole,
            source=it.source,
            is_verified=it.is_verified,
        )
        for it in plan.successions
    ]
    new = [it for it in rows if (it.predecessor_id, it.successor_id, it.effective_on) not in known]
    return len(Succession.objects.bulk_create(new))


@transaction.atomic
def add_succession(
    *,
    predecessor: Unit,
    successor: Unit,
    effective_on: dt.date,
    is_whole: bool,
    source: str,
    by: By,
    now: dt.datetime,
) -> Succession:
    """Says what became of a unit; without a source it is shown as "chưa xác minh".

    Raises ValidationError where the days do not fit or a unit would come to follow itself.
    """
    if not predecessor.is_valid_on(effective_on - ONE_DAY):
        raise ValidationError(_("Đơn vị cũ không hoạt động vào ngày trước ngày kế thừa."))
    if not successor.is_valid_on(effective_on):
        raise ValidationError(_("Đơn vị kế thừa không hoạt động vào ngày kế thừa."))
    if predecessor.pk in _followers(successor):
        raise ValidationError(_("Một đơn vị không thể kế thừa chính nó."))
    succession, is_new = Succession.objects.get_or_create(
        predecessor=predecessor,
        successor=successor,
        effective_on=effective_on,
        defaults={"is_whole": is_whole, "source": source, "is_verified": bool(source)},
    )
    if is_new:
        audit.record(
            by=by,
            now=now,
            verb="unit.succeeded",
            subject=f"unit:{predecessor.pk}",
            data={"successor": successor.pk, "name": successor.name, "on": str(effective_on)},
        )
    return succession


def _followers(unit: Unit) -> set[int]:
    """The unit and all that came after it."""
    found, frontier = {unit.pk}, {unit.pk}
    while frontier:
        heirs = Succession.objects.filter(predecessor__in=frontier)
        frontier = set(heirs.values_list("successor_id", flat=True)) - found
        found |= frontier
    return found


@transaction.atomic
def rename_unit(
    *, unit: Unit, version: int, name: str, from_day: dt.date, by: By, now: dt.datetime
) -> Unit:
    """Gives the unit a new name from a day on; its earlier names stay what they were.

    Raises StaleRecord, and ValidationError for a day on which the unit is not there or that is
    not after its last change of name.
    """
    unit = versions.claim(unit, version)
    if not unit.is_valid_on(from_day):
        raise ValidationError(_("Đơn vị không hoạt động vào ngày đổi tên."))
    last = unit.names.latest("valid_from")
    if from_day <= last.valid_from:
        raise ValidationError(_("Ngày đổi tên phải sau lần đổi tên trước."))
    new_name = old_style_tones(squeeze(name))
    last.valid_to = from_day - ONE_DAY
    last.save(update_fields=["valid_to"])
    _name(unit, new_name, from_day, unit.valid_to).save()
    unit.name, unit.folded_name, unit.sort_key = new_name, fold(new_name), sort_key(new_name)
    unit.save(update_fields=["name", "folded_name", "sort_key"])
    audit.record(
        by=by,
        now=now,
        verb="unit.renamed",
        subject=f"unit:{unit.pk}",
        data={"old": last.name, "name": new_name, "on": str(from_day)},
    )
    return unit


@transaction.atomic
def end_unit(
    *, unit: Unit, version: int, last_day: dt.date, source: str, by: By, now: dt.datetime
) -> Unit:
    """Closes a unit on its last day, and its last name with it; the roles held there end too.

    Raises StaleRecord, and ValidationError while something below it lasts longer or its days do
    not fit.
    """
    unit = versions.claim(unit, version)
    last_name = unit.names.latest("valid_from")
    if last_day < max(unit.valid_from, last_name.valid_from):
        raise ValidationError(_("Ngày kết thúc phải sau ngày bắt đầu và lần đổi tên cuối."))
    if unit.valid_to is not None and last_day > unit.valid_to:
        raise ValidationError(_("Đơn vị đã kết thúc trước ngày này."))
    if unit.children.exclude(valid_to__lte=last_day).exists():
        raise ValidationError(_("Còn đơn vị trực thuộc hoạt động sau ngày này."))
    unit.valid_to, unit.source = last_day, source or unit.source
    unit.is_verified = unit.is_verified and bool(source)
    unit.save(update_fields=["valid_to", "source", "is_verified"])
    last_name.valid_to = last_day
    last_name.save(update_fields=["valid_to"])
    unit.holders.exclude(valid_to__lte=last_day).filter(valid_from__lte=last_day).update(
        valid_to=last_day
    )
    audit.record(
        by=by,
        now=now,
        verb="unit.ended",
        subject=f"unit:{unit.pk}",
        data={"name": unit.name, "on": str(last_day)},
    )
    return unit


@transaction.atomic
def create_person(
    *,
    username: str,
    full_name: str,
    by: By,
    now: dt.datetime,
    email: str = "",
    password: str | None = None,
    is_demonstration: bool = False,
) -> Person:
    """Opens an account; without a password nobody can sign in to it by password."""
    person = Person.objects.create_user(
        username,
        password,
        full_name=squeeze(full_name),
        email=email,
        joined_at=now,
        is_demonstration=is_demonstration,
    )
    audit.record(
        by=by,
        now=now,
        verb="person.created",
        subject=f"person:{person.pk}",
        data={"username": username, "full_name": person.full_name},
    )
    return person


@transaction.atomic
def grant_role(
    *,
    person: Person,
    unit: Unit,
    role: str,
    by: By,
    now: dt.datetime,
    valid_from: dt.date = BEGINNING,
    valid_to: dt.date | None = None,
) -> RoleHeld:
    """Lets a person act in a role for a unit, within that unit's time; twice is once.

    Raises ValidationError for a role that does not exist or days outside the unit's.
    """
    first = max(valid_from, unit.valid_from)
    last = min((day for day in (valid_to, unit.valid_to) if day), default=None)
    if last is not None and last < first:
        raise ValidationError(_("Đơn vị không hoạt động trong thời gian này."))
    held, is_new = RoleHeld.objects.get_or_create(
        person=person, unit=unit, role=role, valid_from=first, defaults={"valid_to": last}
    )
    if is_new:
        audit.record(
            by=by,
            now=now,
            verb="role.granted",
            subject=f"person:{person.pk}",
            data={"role": role, "unit": unit.name, "unit_id": unit.pk},
        )
    return held
