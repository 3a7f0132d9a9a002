"""A difficulty from stop to stop: the work behind the verbs and the demonstration."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from khung.assignments.calendar import working_calendar
from khung.assignments.models import Assignment
from khung.difficulties.models import Difficulty, DifficultyStep
from khung.difficulties.routing import ladder_of, later_stops, stop_after_dispute
from khung.orgs.models import Person, Unit
from khung.rules import routing
from khung.rules.routing import LastStop, NotNow, Stop
from khung.rules.text import fold

# Far enough for the longest clock over the longest holidays.
_REACH = dt.timedelta(days=120)
_ACTION = {
    "answer": DifficultyStep.Action.ANSWERED,
    "decide": DifficultyStep.Action.DECIDED,
    "send_on": DifficultyStep.Action.SENT_ON,
    "carry_out": DifficultyStep.Action.CARRIED_OUT,
    "confirm": DifficultyStep.Action.CONFIRMED,
    "dispute": DifficultyStep.Action.DISPUTED,
    "withdraw": DifficultyStep.Action.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Raised:
    """What a unit says when it raises a difficulty."""

    kind: str
    text: str
    asked: str
    assignment: Assignment | None = None
    guide: Unit | None = None
    key: UUID | None = None
    is_illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What is said at a stop; a decision also names who does it by when, in which document.

    `to` is the stage a difficulty is sent on to; empty for the next one.
    """

    text: str = ""
    document_number: str = ""
    responsible_unit: Unit | None = None
    resolve_by: dt.date | None = None
    to: str = ""


def begin(
    raised: Raised, unit: Unit, stop: Stop, *, by: Person | None, now: dt.datetime
) -> Difficulty:
    """Keeps a new difficulty, waiting at its first stop. For use inside a transaction only."""
    due_on = _clock(stop.stage, timezone.localdate(now))
    difficulty = Difficulty.objects.create(
        unit=unit,
        assignment=raised.assignment,
        guide=raised.guide,
        kind=raised.kind,
        text=raised.text,
        asked=raised.asked,
        folded_text=fold(f"{unit.name} {raised.text} {raised.asked}"),
        stage=stop.stage,
        holder_id=stop.unit,
        waits_since=now,
        due_on=due_on,
        raised_by=by,
        raised_at=now,
        key=raised.key,
        is_illustrative=raised.is_illustrative,
    )
    _arrive(difficulty, now)
    return difficulty


def move(
    difficulty: Difficulty,
    verb: str,
    said: Said,
    *,
    by: Person | None,
    by_unit: Unit | None,
    now: dt.datetime,
) -> Difficulty:
    """Closes the stop a difficulty waits at and opens the next one, if there is one.

    The difficulty is read with its unit and guide, and claimed. Raises routing.NotNow where its
    state or stage does not know the verb, routing.LastStop where nobody is left to ask.
    """
    state = _next_state(difficulty, verb)
    today = timezone.localdate(now)
    stop = _next_stop(difficulty, verb, said.to, today)
    difficulty.steps.filter(left_at__isnull=True).update(
        action=_ACTION[verb],
        text=said.text,
        document_number=said.document_number,
        responsible_unit=said.responsible_unit,
        resolve_by=said.resolve_by,
        by=by,
        by_unit=by_unit,
        left_at=now,
    )
    difficulty.state = state
    if verb == "decide" and said.responsible_unit and said.resolve_by:
        difficulty.responsible_unit, difficulty.resolve_by = said.responsible_unit, said.resolve_by
        _wait_for(difficulty, said.responsible_unit.pk, said.resolve_by, now)
    elif state == routing.ANSWERED:
        _wait_for(difficulty, difficulty.unit_id, _clock(routing.RAISER, today), now)
    elif stop is not None:
        difficulty.stage = stop.stage
        _wait_for(difficulty, stop.unit, _clock(stop.stage, today), now)
    difficulty.save()
    if difficulty.is_open:
        _arrive(difficulty, now, is_asked=stop is not None)
    return difficulty


def _next_state(difficulty: Difficulty, verb: str) -> str:
    if verb == "decide" and difficulty.stage not in routing.DECIDING:
        raise NotNow(difficulty.state, verb)
    return routing.transition(difficulty.state, verb)


def _next_stop(difficulty: Difficulty, verb: str, to: str, today: dt.date) -> Stop | None:
    """Who is asked next; None for a verb that asks nobody."""
    if verb not in ("send_on", "dispute"):
        return None
    ladder = ladder_of(difficulty, today)
    if verb == "dispute":
        return stop_after_dispute(difficulty, ladder)
    for stop in later_stops(difficulty, ladder):
        if to in ("", stop.stage):
            return stop
    raise LastStop


def _wait_for(difficulty: Difficulty, unit_id: int, due_on: dt.date, now: dt.datetime) -> None:
    difficulty.holder_id, difficulty.due_on, difficulty.waits_since = unit_id, due_on, now


def _arrive(difficulty: Difficulty, now: dt.datetime, *, is_asked: bool = True) -> None:
    DifficultyStep.objects.create(
        difficulty=difficulty,
        stage=difficulty.stage if is_asked else "",
        unit_id=difficulty.holder_id,
        arrived_at=now,
        due_on=difficulty.due_on,
    )


def _clock(stage: str, today: dt.date) -> dt.date:
    calendar = working_calendar(today, today + _REACH)
    return calendar.add(today, routing.clock_on(stage, today))
