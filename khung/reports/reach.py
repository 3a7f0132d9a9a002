"""Whose reports a person may write, send and judge: the walls between units."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from khung.assignments.models import Assignment
from khung.assignments.queries import visible_to as assignments_visible_to
from khung.orgs.acting import Acting, require_in
from khung.orgs.models import Person, RoleHeld, Unit
from khung.orgs.queries import roles_of
from khung.reports.models import Report, ReviewTurn
from khung.rules.permissions import Permission, permissions_of


def assignments_visible(acting: Acting) -> QuerySet[Assignment]:
    """What `assignments` shows a person, and what came to their unit to be judged first."""
    seen = assignments_visible_to(acting)
    if Permission.VIEW_ALL_WORK in acting.permissions or acting.unit is None:
        return seen
    if Permission.VIEW_JUDGED_WORK not in acting.permissions:
        return seen
    own = seen.values("pk")
    turns = ReviewTurn.objects.filter(unit=acting.unit).values("assignment_id")
    return Assignment.objects.filter(Q(pk__in=own) | Q(pk__in=turns))


def reports_visible(acting: Acting) -> QuerySet[Report]:
    """Sent versions to all who see the assignment; drafts to the unit that writes them only."""
    seen = Report.objects.filter(assignment__in=assignments_visible(acting))
    unit = acting.unit
    if unit is None:
        return seen.filter(sent_at__isnull=False)
    writes = {Permission.REPORT_WORK, Permission.ENTER_FOR_UNIT} & acting.permissions
    own = Q(assignment__unit=unit) | Q(entered_by_unit=unit) if writes else Q(pk__in=[])
    return seen.filter(Q(sent_at__isnull=False) | own)


def held_by(by: Person, day: dt.date) -> list[RoleHeld]:
    """The roles of a person who may act at all, with their units; read once for many reports."""
    return list(roles_of(by, day)) if by.is_active else []


def writing_unit(
    by: Person,
    assignment: Assignment,
    permission: Permission,
    day: dt.date,
    held: Sequence[RoleHeld] | None = None,
) -> bool:
    """Whether the person writes for their own unit (False) or enters for another (True).

    For another unit: a unit above it on that day, or the coordinator. `held` are the roles, where
    they are known. Raises PermissionDenied.
    """
    held = held_by(by, day) if held is None else held
    own = [role.role for role in held if role.unit_id == assignment.unit_id]
    if permission in permissions_of(own):
        return False
    if _entering(held, assignment) is None:
        raise PermissionDenied(permission)
    return True


def entering_unit(by: Person, assignment: Assignment, day: dt.date) -> Unit:
    """The unit in whose name a person enters for another. Raises PermissionDenied."""
    unit = _entering(held_by(by, day), assignment)
    if unit is None:
        raise PermissionDenied(Permission.ENTER_FOR_UNIT)
    return unit


def _entering(held: Sequence[RoleHeld], assignment: Assignment) -> Unit | None:
    """The unit of the roles that enters for the one that owes the report, never that one itself:
    its own head's approval is not to be passed by."""
    for role in held:
        may = permissions_of([role.role])
        above = assignment.path.startswith(role.unit.path)
        if (
            role.unit_id != assignment.unit_id
            and Permission.ENTER_FOR_UNIT in may
            and (above or Permission.VIEW_ALL_WORK in may)
        ):
            return role.unit
    return None


def require_turn(by: Person, turn: ReviewTurn, day: dt.date) -> None:
    """Refuses whoever may not judge in the unit whose turn it is.

    Nobody's turn, and that of a unit that has ended, is anybody's who judges for the coordinator.
    Raises PermissionDenied.
    """
    if turn.unit is not None and (turn.unit.valid_to is None or turn.unit.valid_to >= day):
        require_in(by, Permission.JUDGE_WORK, turn.unit, day)
        return
    for role in roles_of(by, day):
        may = permissions_of([role.role])
        if {Permission.JUDGE_WORK, Permission.VIEW_ALL_WORK} <= may:
            return
    raise PermissionDenied(Permission.JUDGE_WORK)
