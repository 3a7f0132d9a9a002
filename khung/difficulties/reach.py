"""Who may do what with one difficulty: the unit it waits for, and the unit that raised it."""

import datetime as dt

from django.core.exceptions import PermissionDenied

from khung.difficulties.models import Difficulty
from khung.orgs.acting import Acting
from khung.orgs.models import Person, Unit
from khung.orgs.queries import roles_of
from khung.rules.permissions import Permission, permissions_of
from khung.rules.routing import DECIDING, PROVINCE, TRANSITIONS

_OF_THE_RAISER = ("confirm", "dispute", "withdraw")
_STANDS_IN = frozenset({Permission.ANSWER_DIFFICULTY, Permission.VIEW_ALL_WORK})


def offered(acting: Acting, difficulty: Difficulty, day: dt.date) -> tuple[str, ...]:
    """The verbs a person may do now in the unit they act for, in the order of the table."""
    if acting.unit is None:
        return ()
    return tuple(
        verb
        for state, verb in TRANSITIONS
        if state == difficulty.state
        and _may(acting.permissions, acting.unit, difficulty, verb, day)
    )


def acting_unit(by: Person, difficulty: Difficulty, verb: str, day: dt.date) -> Unit:
    """The unit in whose name a person does a verb on a day. Raises PermissionDenied."""
    roles: dict[int, list[str]] = {}
    units: dict[int, Unit] = {}
    for held in roles_of(by, day) if by.is_active else ():
        roles.setdefault(held.unit_id, []).append(held.role)
        units[held.unit_id] = held.unit
    for unit_id, codes in roles.items():
        if _may(permissions_of(codes), units[unit_id], difficulty, verb, day):
            return units[unit_id]
    raise PermissionDenied(verb)


def _may(
    permissions: frozenset[Permission],
    unit: Unit,
    difficulty: Difficulty,
    verb: str,
    day: dt.date,
) -> bool:
    if verb in _OF_THE_RAISER:
        is_own = unit.pk == difficulty.unit_id and Permission.RAISE_DIFFICULTY in permissions
        # Nobody is left to say that it is no longer needed.
        is_orphan = verb == "withdraw" and not difficulty.unit.is_valid_on(day)
        return is_own or (is_orphan and permissions >= _STANDS_IN)
    if verb == "send_on" and difficulty.stage == PROVINCE:
        return False  # nobody is left to ask
    if verb == "send_on" and permissions >= _STANDS_IN and _is_stuck(difficulty, day):
        return True
    if unit.pk != difficulty.holder_id:
        return False
    if verb == "carry_out":
        return Permission.ANSWER_DIFFICULTY in permissions
    if verb == "decide" and difficulty.stage not in DECIDING:
        return False
    needs = (
        Permission.DECIDE_DIFFICULTY
        if difficulty.stage == PROVINCE
        else Permission.ANSWER_DIFFICULTY
    )
    return needs in permissions


def _is_stuck(difficulty: Difficulty, day: dt.date) -> bool:
    """Whether the coordinator may send it on for whoever holds it: too late, or gone."""
    return difficulty.due_on < day or not difficulty.holder.is_valid_on(day)
