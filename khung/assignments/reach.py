"""Whom a task reaches on a day: who owes it, who guides and who judges, for the page of a task."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from khung.assignments.expanding import index_on
from khung.frameworks.models import Framework, TaskVersion
from khung.frameworks.queries import planned_tasks
from khung.orgs.models import BEGINNING
from khung.orgs.queries import turning_days
from khung.rules.actors import Actor
from khung.rules.expansion import LEVELS, UnitFact, duties, implementers
from khung.rules.schedule import Plan
from khung.rules.text import fold

# More bodies of a level than this are counted, not named.
NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Named:
    """The part of a phrase that named units, and how many of each level."""

    phrase: str
    part: str
    levels: dict[str, int]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A body that guides or judges, or so many of a level that they go by number; for how many
    units. No body says that nobody does yet."""

    name: str
    level: str
    bodies: int
    units: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Everything the rules make of a task's actors on one day."""

    as_of: dt.date
    plan: Plan
    named: tuple[Named, ...]
    levels: dict[str, int]
    unresolved: tuple[str, ...]
    guides: tuple[Share, ...]
    judges: tuple[Share, ...]

    @property
    def total(self) -> int:
        return sum(self.levels.values())


@dataclass(frozen=True, slots=True)
class FrameworkReach:
    """How many units owe each task on a day, by its number, and the addressees that are none."""

    units: dict[int, int]
    unmatched_addressees: tuple[str, ...]


def reach(version: TaskVersion, day: dt.date) -> Reach:
    """Resolves one task with the units and the settlements of a day."""
    index = index_on(version.framework, day)
    planned = next(
        task for task in planned_tasks(version.framework, day) if task.version.pk == version.pk
    )
    found = implementers(planned.rule, index)
    by_part: dict[tuple[str, str], list[UnitFact]] = {}
    for implementer in found.units:
        part = (implementer.phrase, implementer.actor_text)
        by_part.setdefault(part, []).append(implementer.unit)
    owed = list(duties(planned.rule, index))
    return Reach(
        as_of=day,
        plan=planned.plan,
        named=tuple(
            Named(phrase, part, _levels(units), _names(units))
            for (phrase, part), units in by_part.items()
        ),
        levels=found.by_level(),
        unresolved=found.unresolved,
        guides=_shares(duty.guide for duty in owed),
        judges=_shares(duty.judge for duty in owed),
    )


def framework_reach(framework: Framework, day: dt.date) -> FrameworkReach:
    """Resolves every task of a framework with the units and the settlements of a day."""
    index = index_on(framework, day)
    units = {
        planned.version.no: len(implementers(planned.rule, index).units)
        for planned in planned_tasks(framework, day)
    }
    return FrameworkReach(units, index.unmatched_addressees)


def phrase_reach(version: TaskVersion, role: str, words: str, day: dt.date) -> dict[str, int]:
    """Units by level that a phrase of a task names on a day, after people's answers about it."""
    planned = next(
        task for task in planned_tasks(version.framework, day) if task.version.pk == version.pk
    )
    rule = planned.rule
    phrases = rule.guiding if role == "guiding" else rule.implementing
    asked = replace(
        rule,
        implementing=tuple(phrase for phrase in phrases if fold(phrase.text) == fold(words)),
        meanings=tuple(
            replace(meaning, role="implementing")
            for meaning in rule.meanings
            if meaning.role == role
        ),
    )
    found = implementers(asked, index_on(version.framework, day))
    return {level: n for level, n in found.by_level().items() if n}


def named_by(framework: Framework, actors: Sequence[Actor], day: dt.date) -> tuple[Named, ...]:
    """What each expression names on a day, in its order."""
    index = index_on(framework, day)
    matched = [(actor, list(index.match(actor))) for actor in actors]
    return tuple(
        Named(actor.text, actor.text, _levels(units), _names(units)) for actor, units in matched
    )


def name_nobody(
    framework: Framework, actors: Sequence[Actor], first: dt.date | None, last: dt.date | None
) -> tuple[str, ...]:
    """The words of expressions that name no unit on any day of a span; None leaves an end open."""
    left = list(dict.fromkeys(actors))
    begins = first or BEGINNING
    inside = (day for day in turning_days() if begins < day and (last is None or day <= last))
    for day in (*sorted(inside, reverse=True), begins):
        if not left:
            break
        index = index_on(framework, day)
        left = [actor for actor in left if not index.match(actor)]
    return tuple(actor.text for actor in left)


def _levels(units: list[UnitFact]) -> dict[str, int]:
    counted = Counter(unit.level for unit in units)
    return {level: counted[level] for level in LEVELS if counted[level]}


def _names(units: list[UnitFact]) -> tuple[str, ...]:
    return tuple(unit.name for unit in units) if len(units) <= NAMED_AT_MOST else ()


def _shares(bodies: Iterable[UnitFact | None]) -> tuple[Share, ...]:
    """Bodies of a level together; nobody last."""
    counted = Counter(bodies)
    nobody = counted.pop(None, 0)
    shares: list[Share] = []
    for level in LEVELS:
        of_level = [body for body in counted if body is not None and body.level == level]
        if len(of_level) <= NAMED_AT_MOST:
            shares += [Share(body.name, level, 1, counted[body]) for body in of_level]
        else:
            units = sum(counted[body] for body in of_level)
            shares.append(Share("", level, len(of_level), units))
    if nobody:
        shares.append(Share("", "", 0, nobody))
    return tuple(shares)
