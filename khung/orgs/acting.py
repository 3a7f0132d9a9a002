"""On whose behalf a person acts: the unit, the roles held there, and all that they allow."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from khung.orgs import queries
from khung.orgs.models import Person, Unit
from khung.rules.permissions import Permission, permissions_of

# Whoever does something: a person, a part of the system by its name, or the system (None).
By = Person | str | None


@dataclass(frozen=True, slots=True)
class Acting:
    """A person in a unit on a day. Nobody signed in has no unit, no roles and no permissions.

    `units` are all the units the person could act for.
    """

    person: Person | None = None
    unit: Unit | None = None
    roles: tuple[str, ...] = ()
    permissions: frozenset[Permission] = frozenset()
    units: tuple[Unit, ...] = ()

    def may(self, permission: Permission | str) -> bool:
        return permission in self.permissions


NOBODY = Acting()


def acting(person: Person | None, day: dt.date, unit_id: int | None = None) -> Acting:
    """What a person is on a day in one unit: the chosen one, else where the oldest role is held.

    Roles held in other units do not count, so that a choice of unit is a choice of hat.
    """
    if person is None or not person.is_active:
        return NOBODY
    held = list(queries.roles_of(person, day))
    units = {role.unit_id: role.unit for role in held}
    if not units:
        return Acting(person)
    unit = units.get(unit_id or 0) or held[0].unit
    roles = tuple(sorted({role.role for role in held if role.unit_id == unit.pk}))
    return Acting(person, unit, roles, permissions_of(roles), tuple(units.values()))


def require(by: By, permission: Permission, day: dt.date) -> None:
    """Refuses whoever no role of that day allows it; the system itself (a name or None) may.

    Raises PermissionDenied, also for somebody who is not signed in.
    """
    if by is None or isinstance(by, str):
        return
    if not isinstance(by, Person) or not by.is_active:
        raise PermissionDenied(permission)
    if permission not in permissions_of(queries.roles_of(by, day).values_list("role", flat=True)):
        raise PermissionDenied(permission)


def require_in(by: By, permission: Permission, unit: Unit, day: dt.date) -> None:
    """Refuses whoever does not hold a role with the permission in this very unit on that day.

    Raises PermissionDenied. The system itself may.
    """
    if by is None or isinstance(by, str):
        return
    if not isinstance(by, Person) or not by.is_active:
        raise PermissionDenied(permission)
    held = queries.roles_of(by, day).filter(unit_id=unit.pk).values_list("role", flat=True)
    if permission not in permissions_of(held):
        raise PermissionDenied(permission)
