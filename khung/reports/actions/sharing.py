"""The focal person gives tasks to colleagues; the head says how the unit reports."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.models import OPEN_STATES, Assignment
from khung.base.audit import record
from khung.base.versions import StaleRecord, claim
from khung.orgs.acting import require_in
from khung.orgs.models import Person, Unit
from khung.reports.models import ReportingHabit, Share
from khung.reports.unit_side import colleagues, require_focal, shares_of
from khung.rules.permissions import Permission


@dataclass(slots=True)
class Sharing:
    """What became of tasks given together: those given, and why each other one was not."""

    given: list[Assignment] = field(default_factory=list)
    refused: list[tuple[Assignment, str]] = field(default_factory=list)


@transaction.atomic
def share_work(
    *,
    unit: Unit,
    seen: Mapping[int, int],
    person: Person,
    due_on: dt.date,
    note: str,
    by: Person,
    now: dt.datetime,
) -> Sharing:
    """Gives assignments of the unit to one colleague until an internal date.

    `seen` maps each assignment's id to the version of its share that was read, 0 for none; one
    given otherwise meanwhile is refused, and so is one whose report is in or that closes before
    the date. Raises ValueError for a date already past or a person who does not report for the
    unit, PermissionDenied for whoever does not give work there.
    """
    today = timezone.localdate(now)
    require_focal(by, unit, today)
    if due_on < today:
        raise ValueError(gettext("Ngày hẹn không thể trước hôm nay."))
    if not colleagues(unit, today).filter(pk=person.pk).exists():
        raise ValueError(gettext("%(name)s không làm báo cáo của đơn vị này.") % {"name": person})
    result = Sharing()
    for one, share in _taken(unit, seen):
        why = _stale(share, seen[one.pk]) or _not_to_give(one, due_on)
        if why:
            result.refused.append((one, why))
            continue
        Share.objects.update_or_create(
            assignment=one,
            defaults={
                "person": person,
                "due_on": due_on,
                "note": note,
                "given_by": by,
                "given_at": now,
                "version": (share.version if share else 0) + 1,
            },
        )
        result.given.append(one)
    if result.given:
        record(
            by=by,
            now=now,
            verb="work.shared",
            subject=f"unit:{unit.pk}",
            data={
                "tasks": len(result.given),
                "person": person.full_name,
                "due_on": due_on.isoformat(),
                "assignments": [one.pk for one in result.given],
            },
        )
    return result


@transaction.atomic
def take_work_back(*, unit: Unit, seen: Mapping[int, int], by: Person, now: dt.datetime) -> Sharing:
    """Takes assignments back from whoever they were given to; what was written stays.

    `seen` as in `share_work`. Raises PermissionDenied.
    """
    require_focal(by, unit, timezone.localdate(now))
    result = Sharing()
    for one, share in _taken(unit, seen):
        if share is None:
            continue
        why = _stale(share, seen[one.pk])
        if why:
            result.refused.append((one, why))
            continue
        share.delete()
        result.given.append(one)
    if result.given:
        record(
            by=by,
            now=now,
            verb="work.taken_back",
            subject=f"unit:{unit.pk}",
            data={
                "tasks": len(result.given),
                "assignments": [one.pk for one in result.given],
            },
        )
    return result


def _taken(unit: Unit, seen: Mapping[int, int]) -> list[tuple[Assignment, Share | None]]:
    """The unit's assignments, locked so that two who give the same one follow each other."""
    found = list(
        Assignment.objects.select_for_update(of=("self",))
        .filter(pk__in=seen, unit=unit)
        .select_related("task_version")
        .order_by("id")
    )
    shares = shares_of([one.pk for one in found])
    return [(one, shares.get(one.pk)) for one in found]


def _stale(share: Share | None, version: int) -> str:
    if (share.version if share else 0) == version:
        return ""
    if share is None:
        return gettext("Việc này vừa được người khác thu lại; hãy xem lại bảng.")
    return gettext("Việc này vừa được giao cho %(name)s, hẹn %(day)s.") % {
        "name": share.person,
        "day": f"{share.due_on:%d/%m/%Y}",
    }


def _not_to_give(one: Assignment, due_on: dt.date) -> str:
    if one.state not in OPEN_STATES:
        return gettext("Báo cáo đã gửi hoặc nhiệm vụ đã được miễn.")
    last = max(one.due_on, one.locks_on) if one.is_late else one.due_on
    if due_on > last:
        return gettext("Ngày hẹn sau hạn %(day)s của nhiệm vụ; chọn ngày sớm hơn.") % {
            "day": f"{last:%d/%m/%Y}"
        }
    return ""


@transaction.atomic
def set_habits(
    *,
    unit: Unit,
    head_approves: bool,
    focal_person: Person | None,
    version: int,
    by: Person,
    now: dt.datetime,
) -> ReportingHabit:
    """Says whether the head approves before reports leave, and who gives work and sends.

    Only the head or a deputy decides. `version` is 0 where the unit never said. Raises
    StaleRecord, ValueError for a person who cannot send the unit's reports, PermissionDenied.
    """
    today = timezone.localdate(now)
    require_in(by, Permission.APPROVE_REPORT, unit, today)
    if focal_person and not colleagues(unit, today).filter(pk=focal_person.pk).exists():
        raise ValueError(
            gettext("%(name)s không làm báo cáo của đơn vị này.") % {"name": focal_person}
        )
    current, made = ReportingHabit.objects.get_or_create(unit=unit)
    if not made:
        current = claim(current, version)
    elif version:
        raise StaleRecord(current)
    current.head_approves, current.focal_person = head_approves, focal_person
    current.save(update_fields=["head_approves", "focal_person"])
    record(
        by=by,
        now=now,
        verb="unit.approval_on" if head_approves else "unit.approval_off",
        subject=f"unit:{unit.pk}",
        data={"focal": focal_person.full_name if focal_person else gettext("chưa cử")},
    )
    return current
