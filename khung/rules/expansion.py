"""From a task to the units that owe it: who implements, who guides, who judges.

Pure and lazy: it reads facts about units and tasks and yields duties, one at a time. Where a
phrase names nobody it says so instead of guessing (`Implementers.unresolved`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from khung.rules.actors import Actor, ActorPhrase
from khung.rules.text import fold
from khung.rules.timing import Timing

LEVELS = ("province", "district", "commune", "village")
ADDRESSEES = "addressees"


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit as it stood on one day. `path` holds its ids from the root: "/1/23/456/"."""

    id: int
    code: str
    kind: str
    level: str
    name: str
    aliases: tuple[str, ...]
    parent_id: int | None
    path: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """A person's answer to what a phrase means.

    `role` is "guiding", "implementing" or "judging" (for "judging", `phrase` is the implementing
    phrase whose units are judged, "" for all). `is_addition` adds to what the phrase names itself.
    """

    role: str
    phrase: str
    actors: tuple[Actor, ...]
    is_addition: bool = False


@dataclass(frozen=True, slots=True)
class TaskRule:
    """What the expansion needs to know of one task."""

    no: int
    guiding: tuple[ActorPhrase, ...]
    implementing: tuple[ActorPhrase, ...]
    timings: tuple[Timing, ...]
    meanings: tuple[Meaning, ...] = ()


@dataclass(frozen=True, slots=True)
class Implementer:
    """A unit that owes a task, and the words that named it."""

    unit: UnitFact
    phrase: str
    actor_text: str


@dataclass(frozen=True, slots=True)
class Implementers:
    """Each unit once, in the order of the text, and the phrases that named nobody."""

    units: tuple[Implementer, ...]
    unresolved: tuple[str, ...]

    def by_level(self) -> dict[str, int]:
        """Level → number of units, every level present."""
        counts = Counter(implementer.unit.level for implementer in self.units)
        return {level: counts[level] for level in LEVELS}


@dataclass(frozen=True, slots=True)
class Duty:
    """A unit that owes a task, its guide as written and who will judge its reports."""

    unit: UnitFact
    guide: UnitFact | None
    judge: UnitFact | None


@dataclass(slots=True)
class UnitIndex:
    """The units of one province on one day, found by what an actor expression says.

    `addressees` are the bodies of the Decision's article on who carries it out, after people's
    answers (`settled_addressees`). `coordinators` and `coordinator_judges` hold the codes of the
    units that judge where the guide may not.
    """

    units: Sequence[UnitFact]
    addressees: Sequence[Actor] = ()
    coordinators: Sequence[str] = ()
    coordinator_judges: Sequence[str] = ()
    _by_kind: dict[tuple[str, str | None], list[UnitFact]] = field(default_factory=dict)
    _by_name: dict[str, list[UnitFact]] = field(default_factory=dict)
    _by_code: dict[str, UnitFact] = field(default_factory=dict)
    _matches: dict[Actor, tuple[UnitFact, ...]] = field(default_factory=dict)
    _near: "dict[Actor, _Near]" = field(default_factory=dict)

    root_path: str = field(init=False)

    def __post_init__(self) -> None:
        self.root_path = min((unit.path for unit in self.units), key=len, default="/")
        for unit in self.units:
            self._by_code[unit.code] = unit
            for level in (unit.level, None):
                self._by_kind.setdefault((unit.kind, level), []).append(unit)
            for name in {fold(text) for text in (unit.name, *unit.aliases)}:
                self._by_name.setdefault(name, []).append(unit)

    def match(self, actor: Actor) -> tuple[UnitFact, ...]:
        """The units an expression names; none for open phrases, companies and the unknown."""
        found = self._matches.get(actor)
        if found is None:
            found = self._matches[actor] = tuple(self._find(actor))
        return found

    def nearest(self, actor: Actor, unit: UnitFact) -> UnitFact | None:
        """The one body an expression means to a unit: its own, or the only one of that name."""
        matched = self.match(actor)
        if actor.name is not None and len(matched) == 1:
            return matched[0]
        near = self._near.get(actor)
        if near is None:
            near = self._near[actor] = _Near(matched, self.root_path)
        return near.to(unit)

    @property
    def unmatched_addressees(self) -> tuple[str, ...]:
        """Words of the addressees that name no unit of that day."""
        return tuple(
            actor.text
            for actor in self.addressees
            if actor.kind != ADDRESSEES and not self.match(actor)
        )

    def _find(self, actor: Actor) -> Iterable[UnitFact]:
        if actor.kind == ADDRESSEES:
            units = {
                unit.id: unit
                for addressee in self.addressees
                if addressee.kind != ADDRESSEES
                for unit in self.match(addressee)
            }
            return units.values()
        if actor.name is not None:
            return self._by_name.get(fold(actor.name), ())
        return self._by_kind.get((actor.kind, actor.level), ())

    def first(self, codes: Sequence[str]) -> UnitFact | None:
        """The first of these codes that names a unit of that day."""
        return next((self._by_code[code] for code in codes if code in self._by_code), None)


def settled_addressees(
    addressees: Iterable[Actor], meanings: Iterable[Meaning]
) -> tuple[Actor, ...]:
    """The bodies of the Decision's article, after a person's answers to their own words.

    `meanings` are those given for all tasks; one that names nobody takes its body out.
    """
    answers = _of_role(meanings, "implementing")
    found = [
        actor
        for addressee in addressees
        for actor in _actors(ActorPhrase(addressee.text, (addressee,), ()), answers)
    ]
    return tuple(dict.fromkeys(actor for actor in found if not isinstance(actor, str)))


def _of_role(meanings: Iterable[Meaning], role: str) -> dict[str, list[Meaning]]:
    found: dict[str, list[Meaning]] = {}
    for meaning in meanings:
        if meaning.role == role:
            found.setdefault(fold(meaning.phrase), []).append(meaning)
    return found


def _actors(phrase: ActorPhrase, meanings: dict[str, list[Meaning]]) -> Iterator[Actor | str]:
    """What a phrase comes down to after a person's answers; text stands for "names nobody"."""
    whole = meanings.get(fold(phrase.text), [])
    if any(not meaning.is_addition for meaning in whole):
        for meaning in whole:
            yield from meaning.actors
        return
    for actor in phrase.actors:
        # The answer to a part; one to the whole phrase is given once, below.
        answers = (
            meanings.get(fold(actor.text), []) if fold(actor.text) != fold(phrase.text) else []
        )
        if all(meaning.is_addition for meaning in answers):
            yield actor
        for meaning in answers:
            yield from meaning.actors
    if not phrase.actors and not whole:
        yield phrase.text
    for meaning in whole:
        yield from meaning.actors


def implementers(task: TaskRule, index: UnitIndex) -> Implementers:
    """The units that owe a task, each once, and the phrases that named none of them."""
    meanings = _of_role(task.meanings, "implementing")
    units: dict[int, Implementer] = {}
    unresolved: dict[str, None] = {}
    for phrase in task.implementing:
        for actor in _actors(phrase, meanings):
            if isinstance(actor, str):
                unresolved[actor] = None
                continue
            matched = index.match(actor)
            if not matched:
                unresolved[actor.text] = None
            for unit in matched:
                units.setdefault(unit.id, Implementer(unit, phrase.text, actor.text))
    return Implementers(tuple(units.values()), tuple(unresolved))


class _Near:
    """Of the bodies an expression names, the one nearest to a unit.

    That is the one standing over the unit or being it, else one beside it, such as the police of
    its own commune's district. Provincial bodies stand beside everybody, so they are near only
    where there is just one.
    """

    def __init__(self, bodies: Sequence[UnitFact], root_path: str) -> None:
        self._over = {body.path: body for body in bodies}
        self._beside: dict[str, UnitFact] = {}
        for body in bodies:
            self._beside.setdefault(_path_above(body.path), body)
        self._beside.pop(root_path, None)
        provincial = [body for body in bodies if body.level == LEVELS[0]]
        self._provincial = provincial[0] if len(provincial) == 1 else None

    def to(self, unit: UnitFact) -> UnitFact | None:
        for places in (self._over, self._beside):
            path = unit.path
            while len(path) > 1:
                if path in places:
                    return places[path]
                path = _path_above(path)
        return self._provincial


def _path_above(path: str) -> str:
    return path[: path.rindex("/", 0, -1) + 1]


class Judging:
    """Who guides and who judges the units of one task."""

    def __init__(self, task: TaskRule, index: UnitIndex) -> None:
        self._index = index
        answers = _of_role(task.meanings, "guiding")
        self._guides = [
            actor
            for phrase in task.guiding
            for actor in _actors(phrase, answers)
            if not isinstance(actor, str)
        ]
        self._settled = _of_role(task.meanings, "judging")
        self._settled_for = cache(self._look_up)

    def duty(self, implementer: Implementer) -> Duty:
        """The guide as written, even where it is the unit itself, and the judge, who never is.

        The judge is the settled one, else the only guide; then the coordinator, and for the
        coordinator's own reports the body that judges it (docs/glossary.md, "judge"). A unit
        whose guide is open or not settled between two has no judge yet, nor has one whose settled
        judge is not there that day.
        """
        unit = implementer.unit
        guides = self._resolve(self._guides, unit)
        settled = self._settled_for(implementer.actor_text, implementer.phrase)
        judges = guides if settled is None else self._resolve(settled, unit)[:1]
        judge = judges[0] if len(judges) == 1 else None
        guide = guides[0] if guides else None
        if judge is not None and any(judge.id == other.id for other in guides):
            guide = judge
        if judge is not None and judge.id == unit.id:
            judge = self._index.first(self._index.coordinators)
            if judge is None or judge.id == unit.id:
                judge = self._index.first(self._index.coordinator_judges)
        if judge is not None and judge.id == unit.id:
            judge = None
        return Duty(unit, guide, judge)

    def _look_up(self, actor_text: str, phrase: str) -> list[Actor] | None:
        """Whom a person named to judge those whom these words name; None where nobody answered."""
        for words in (actor_text, phrase, ""):
            meanings = self._settled.get(fold(words))
            if meanings:
                return [actor for meaning in meanings for actor in meaning.actors]
        return None

    def _resolve(self, actors: Sequence[Actor], unit: UnitFact) -> list[UnitFact]:
        found: dict[int, UnitFact] = {}
        for actor in actors:
            nearest = self._index.nearest(actor, unit)
            if nearest is not None:
                found.setdefault(nearest.id, nearest)
        return list(found.values())


def duties(
    task: TaskRule, index: UnitIndex, owing: Iterable[Implementer] | None = None
) -> Iterator[Duty]:
    """One duty for each unit that owes the task on the index's day, or for those of `owing`."""
    judging = Judging(task, index)
    for implementer in implementers(task, index).units if owing is None else owing:
        yield judging.duty(implementer)
