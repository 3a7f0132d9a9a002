"""What people do about difficulties: raise, answer, decide, send on, confirm."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from khung.base.audit import record
from khung.base.locks import named_lock
from khung.base.versions import claim
from khung.difficulties import moving, reach
from khung.difficulties.models import Difficulty
from khung.difficulties.moving import Raised, Said
from khung.difficulties.routing import ladder_on
from khung.orgs.acting import require_in
from khung.orgs.models import Person, Unit
from khung.rules.permissions import Permission
from khung.rules.routing import LastStop

# Without words these help nobody; an answer that helped needs none to be confirmed.
_NEED_WORDS = frozenset({"answer", "decide", "send_on", "carry_out", "dispute", "withdraw"})


@transaction.atomic
def raise_difficulty(
    *, raised: Raised, unit: Unit, starts_at: str = "", by: Person, now: dt.datetime
) -> Difficulty:
    """Raises a difficulty of the unit, with the stage asked for or else the nearest.

    The same form (`raised.key`) sent again returns what it raised the first time. Raises
    ValueError for an assignment of another unit or missing words, routing.LastStop where nobody
    holds that stage, PermissionDenied.
    """
    today = timezone.localdate(now)
    require_in(by, Permission.RAISE_DIFFICULTY, unit, today)
    if not raised.text.strip() or not raised.asked.strip():
        raise ValueError("a difficulty says what it is and what is asked")
    if raised.assignment is not None and raised.assignment.unit_id != unit.pk:
        raise ValueError("a difficulty is raised from a unit's own assignment")
    # One form at a time, so that of two alike the second finds the first.
    with named_lock(f"difficulties of unit {unit.pk}"):
        if raised.key is not None:
            again = Difficulty.objects.filter(key=raised.key, unit=unit).first()
            if again is not None:
                return again
        stops = ladder_on(today, unit, raised.guide).stops
        stop = next((one for one in stops if starts_at in ("", one.stage)), None)
        if stop is None:
            raise LastStop
        difficulty = moving.begin(raised, unit, stop, by=by, now=now)
        _record("difficulty.raised", difficulty, by=by, now=now)
    return difficulty


@transaction.atomic
def move_difficulty(
    *, difficulty: Difficulty, verb: str, said: Said, version: int, by: Person, now: dt.datetime
) -> Difficulty:
    """Does one of `rules.routing.VERBS` with what is said there; returns it as it then stands.

    Raises StaleRecord where somebody moved it since it was read, routing.NotNow where its state
    does not know the verb, routing.LastStop where nobody is left to send it on to, ValueError
    without the words, or the decision's unit and day, that the verb needs, PermissionDenied.
    """
    today = timezone.localdate(now)
    _check(verb, said, today)
    claim(difficulty, version)
    current = Difficulty.objects.select_related("unit", "guide", "holder").get(pk=difficulty.pk)
    unit = reach.acting_unit(by, current, verb, today)
    moving.move(current, verb, said, by=by, by_unit=unit, now=now)
    _record(f"difficulty.{verb}", current, by=by, now=now, said=said)
    return current


def _check(verb: str, said: Said, today: dt.date) -> None:
    if verb in _NEED_WORDS and not said.text.strip():
        raise ValueError(f"{verb} needs words")
    if verb != "decide":
        return
    if said.responsible_unit is None or said.resolve_by is None:
        raise ValueError("a decision names a unit and a day")
    if said.resolve_by < today:
        raise ValueError("a decision's day is still to come")


def _record(
    verb: str, difficulty: Difficulty, *, by: Person, now: dt.datetime, said: Said | None = None
) -> None:
    data = {
        "unit": difficulty.unit.name,
        "holder": Unit.objects.values_list("name", flat=True).get(pk=difficulty.holder_id),
        "due_on": difficulty.due_on.isoformat(),
    }
    if difficulty.assignment_id:
        data["assignment"] = f"assignment:{difficulty.assignment_id}"
    if said is not None and said.text:
        data["reason"] = said.text
    record(by=by, now=now, verb=verb, subject=f"difficulty:{difficulty.pk}", data=data)
