"""Who of a judging unit reads what, and which methods its reports must prove one by one."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.frameworks.models import TaskItem, TaskVersion
from khung.orgs.acting import require_in
from khung.orgs.models import Person
from khung.orgs.queries import roles_of
from khung.reports import reach, turns
from khung.reports.models import CompulsoryMethod, ReviewTurn
from khung.rules.permissions import Permission, permissions_of


class NoReviewer(Exception):
    """The person chosen does not judge for the unit whose turn it is."""

    def __init__(self, reviewer: Person) -> None:
        super().__init__(
            gettext("%(who)s không có vai trò thẩm định ở cơ quan này; chưa phân công gì.")
            % {"who": reviewer.full_name}
        )


@transaction.atomic
def assign_reviewer(
    *, judged: Sequence[int], reviewer: Person | None, by: Person, now: dt.datetime
) -> int:
    """Gives open turns of the unit to one of its judges, or to nobody; returns how many.

    Raises PermissionDenied for another unit's turns, NoReviewer for somebody who doesn't judge
    there.
    """
    today = timezone.localdate(now)
    turns.hold(ReviewTurn.objects.filter(pk__in=judged))
    taken = list(
        ReviewTurn.objects.filter(pk__in=judged, closed_at__isnull=True)
        .select_related("unit")
        .order_by("assignment_id")
    )
    for turn in {turn.unit_id: turn for turn in taken}.values():
        if turn.unit is None:
            reach.require_turn(by, turn, today)
        else:
            require_in(by, Permission.ASSIGN_REVIEWER, turn.unit, today)
        if reviewer is not None:
            try:
                reach.require_turn(reviewer, turn, today)
            except PermissionDenied:
                raise NoReviewer(reviewer) from None
    held = ReviewTurn.objects.filter(pk__in=[turn.pk for turn in taken])
    changed = held.update(reviewer=reviewer)
    record(
        by=by,
        now=now,
        verb="reviews.assigned" if reviewer else "reviews.unassigned",
        subject="reviews",
        data={"reports": changed} | ({"reviewer": reviewer.full_name} if reviewer else {}),
    )
    return changed


@transaction.atomic
def mark_compulsory(
    *, version: TaskVersion, methods: Collection[int], by: Person, now: dt.datetime
) -> int:
    """Makes exactly these methods (ids) of a task compulsory; returns how many changed.

    Reports sent from now on need a piece of evidence under each. Raises PermissionDenied unless
    the person's unit guides or judges the task, or coordinates; ValueError for a strange method.
    """
    _require_guide(by, version, timezone.localdate(now))
    own = TaskItem.objects.filter(task_version=version, field=TaskItem.Field.METHOD)
    known = set(own.select_for_update().values_list("pk", flat=True))
    wanted = set(methods)
    if not wanted <= known:
        raise ValueError("a method of another task")
    marked = CompulsoryMethod.objects.filter(method__in=known)
    before = set(marked.values_list("method_id", flat=True))
    marked.filter(method__in=before - wanted).delete()
    CompulsoryMethod.objects.bulk_create(
        CompulsoryMethod(method_id=pk, marked_by=by, marked_at=now)
        for pk in sorted(wanted - before)
    )
    changed = len(before ^ wanted)
    if changed:
        record(
            by=by,
            now=now,
            verb="methods.marked",
            subject=f"task:{version.task_id}",
            data={"no": version.no, "methods": len(wanted), "added": len(wanted - before)},
        )
    return changed


def _require_guide(by: Person, version: TaskVersion, day: dt.date) -> None:
    units = []
    for held in roles_of(by, day) if by.is_active else ():
        may = permissions_of([held.role])
        if Permission.ASSIGN_REVIEWER in may:
            if Permission.VIEW_ALL_WORK in may:
                return
            units.append(held.unit_id)
    guided = Assignment.objects.filter(Q(guide__in=units) | Q(judge__in=units))
    if not guided.filter(task_version=version).exists():
        raise PermissionDenied(Permission.ASSIGN_REVIEWER)
