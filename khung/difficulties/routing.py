"""Who would hold a difficulty at each stage on a day: the units behind `rules.routing`."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from khung.difficulties.models import Difficulty
from khung.frameworks.queries import coordinators, in_force_on
from khung.orgs.models import Unit
from khung.orgs.queries import ancestors
from khung.rules import routing
from khung.rules.routing import Stop


@dataclass(frozen=True, slots=True)
class Ladder:
    """The stops of one unit's difficulties on a day, and the units by their id."""

    stops: tuple[Stop, ...]
    units: Mapping[int, Unit]

    def unit(self, stop: Stop) -> Unit:
        return self.units[stop.unit]

    def at(self, stage: str) -> Stop | None:
        return next((stop for stop in self.stops if stop.stage == stage), None)


def ladder_on(day: dt.date, unit: Unit, guide: Unit | None) -> Ladder:
    """The direct superior of the day, the guide, the coordinator, the province: three queries.

    A unit that had ended by that day holds nothing: its difficulties climb past it, because who
    follows it is for a person to say.
    """
    above = [one for one in ancestors(unit, day) if one.is_valid_on(day)]
    root = above[0] if above else unit
    found = {
        routing.SUPERIOR: above[-1] if above else None,
        routing.GUIDE: guide if guide and guide.is_valid_on(day) else None,
        routing.COORDINATOR: coordinator_on(day),
        routing.PROVINCE: root,
    }
    held = {stage: one.pk for stage, one in found.items() if one}
    return Ladder(
        routing.ladder(unit.pk, held), {one.pk: one for one in found.values() if one is not None}
    )


def ladder_of(difficulty: Difficulty, day: dt.date) -> Ladder:
    """The ladder of a difficulty read with its unit and its guide."""
    return ladder_on(day, difficulty.unit, difficulty.guide)


def coordinator_on(day: dt.date) -> Unit | None:
    """The unit that follows, urges and sums up the framework of a day; None where none is named."""
    framework = in_force_on(day)
    if framework is None:
        return None
    units = (one.unit for one in coordinators(framework))
    return next((unit for unit in units if unit.is_valid_on(day)), None)


def held_by(difficulty: Difficulty) -> set[int]:
    """The units that have been asked so far."""
    asked = difficulty.steps.exclude(stage="")
    return set(asked.values_list("unit_id", flat=True))


def later_stops(difficulty: Difficulty, ladder: Ladder) -> tuple[Stop, ...]:
    """Whom the difficulty may still be sent on to."""
    return routing.later(ladder.stops, difficulty.stage, held_by(difficulty))


def stop_after_dispute(difficulty: Difficulty, ladder: Ladder) -> Stop:
    """Who is asked next where an answer or a decision did not help."""
    last = difficulty.steps.exclude(stage="").order_by("-arrived_at", "-id")[0]
    answered = Stop(last.stage, last.unit_id)
    return routing.after_dispute(ladder.stops, answered, held_by(difficulty))
