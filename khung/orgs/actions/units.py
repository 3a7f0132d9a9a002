"""What changes units: loading, succession, renaming, ending."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from khung.base import audit, versions
from khung.orgs import loading
from khung.orgs.acting import By, require
from khung.orgs.keeping import somebody_still_keeps_people
from khung.orgs.models import Succession, Unit, sort_key
from khung.orgs.planning import UnitPlan
from khung.rules.permissions import Permission
from khung.rules.text import fold, old_style_tones, squeeze

ONE_DAY = dt.timedelta(days=1)


@transaction.atomic
def load_units(*, plan: UnitPlan, by: By, now: dt.datetime) -> loading.Loaded:
    """Adds the units and successions of the plan that are not there yet, as one audit event.

    Doing it twice adds nothing. A unit that is there keeps its names and dates.
    """
    require(by, Permission.EDIT_UNITS, timezone.localdate(now))
    loaded = loading.insert(plan)
    if loaded.units or loaded.successions:
        audit.record(
            by=by,
            now=now,
            verb="units.loaded",
            subject="units",
            data={"units": loaded.units, "successions": loaded.successions},
        )
    return loaded


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
    require(by, Permission.EDIT_UNITS, timezone.localdate(now))
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
    require(by, Permission.EDIT_UNITS, timezone.localdate(now))
    unit = versions.claim(unit, version)
    if not unit.is_valid_on(from_day):
        raise ValidationError(_("Đơn vị không hoạt động vào ngày đổi tên."))
    last = unit.names.latest("valid_from")
    if from_day <= last.valid_from:
        raise ValidationError(_("Ngày đổi tên phải sau lần đổi tên trước."))
    new_name = old_style_tones(squeeze(name))
    last.valid_to = from_day - ONE_DAY
    last.save(update_fields=["valid_to"])
    unit.names.create(
        name=new_name, folded=fold(new_name), valid_from=from_day, valid_to=unit.valid_to
    )
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

    Raises StaleRecord, and ValidationError while something below it lasts longer, its days do
    not fit, or nobody would be left to manage people.
    """
    require(by, Permission.EDIT_UNITS, timezone.localdate(now))
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
    with somebody_still_keeps_people(last_day, now):
        unit.holders.filter(valid_from__gt=last_day).delete()
        unit.holders.exclude(valid_to__lte=last_day).update(valid_to=last_day)
    audit.record(
        by=by,
        now=now,
        verb="unit.ended",
        subject=f"unit:{unit.pk}",
        data={"name": unit.name, "on": str(last_day)},
    )
    return unit
