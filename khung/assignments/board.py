"""The board's figures: a unit's subtree by dimension, level and unit, for one period."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import F, Q

from khung.assignments import rollup
from khung.assignments.models import Period
from khung.base.schedule import last_ran
from khung.orgs.models import Unit
from khung.rules.workflow import NOTHING_AROSE, OFFICIAL_CLASSES, official_class

MOST_ROWS = 120
# Standings outside every share.
_APART = ("exempt", NOTHING_AROSE)


@dataclass(slots=True)
class Tally:
    """Assignments by (state, late), and what the official classes make of them."""

    standings: dict[tuple[str, bool], int] = field(default_factory=dict)

    def add(self, state: str, is_late: bool, n: int) -> None:
        key = (state, is_late)
        self.standings[key] = self.standings.get(key, 0) + n

    @property
    def total(self) -> int:
        return sum(self.standings.values())

    @property
    def counted(self) -> int:
        """Those that count in a class: not the exempt, nor those of which nothing arose."""
        return self.total - self.state("exempt") - self.state(NOTHING_AROSE)

    @property
    def accepted(self) -> int:
        return self.state("accepted")

    @property
    def reported(self) -> int:
        """Those with a result sent in, judged or not."""
        return self.state("submitted") + self.state("accepted")

    @property
    def overdue(self) -> int:
        """Late and still without an accepted report: the class "doing_late"."""
        return sum(
            n
            for (state, is_late), n in self.standings.items()
            if is_late and state not in ("accepted", *_APART)
        )

    def figures(self) -> tuple[int, int, int, int]:
        """Those that count, accepted, waiting for judgement and overdue, in one pass.

        A board asks hundreds of tallies.
        """
        counted = accepted = submitted = overdue = 0
        for (state, is_late), n in self.standings.items():
            if state in _APART:
                continue
            counted += n
            if state == "accepted":
                accepted += n
                continue
            if state == "submitted":
                submitted += n
            if is_late:
                overdue += n
        return counted, accepted, submitted, overdue

    @property
    def share(self) -> float | None:
        """Accepted among those that count, 0 to 1; None where none counts."""
        return self.accepted / self.counted if self.counted else None

    def state(self, state: str) -> int:
        return self.standings.get((state, False), 0) + self.standings.get((state, True), 0)

    @property
    def classes(self) -> dict[str, int]:
        """The four official classes, every one present."""
        found = dict.fromkeys(OFFICIAL_CLASSES, 0)
        for (state, is_late), n in self.standings.items():
            name = official_class(state, is_late)
            if name is not None:
                found[name] += n
        return found


def together(tallies: Iterable[Tally]) -> Tally:
    """All of them as one."""
    total = Tally()
    for tally in tallies:
        for (state, is_late), n in tally.standings.items():
            total.add(state, is_late, n)
    return total


@dataclass
class BoardRow:
    """The board's unit alone, or one below it with its subtree, by dimension or sub-dimension."""

    unit: Unit
    areas: dict[str, Tally] = field(default_factory=dict)

    @cached_property
    def total(self) -> Tally:
        """All areas together, once they are all counted."""
        return together(self.areas.values())


@dataclass(slots=True)
class Board:
    """Everything one board page shows."""

    unit: Unit
    period: Period
    as_of: dt.datetime | None
    total: Tally
    areas: dict[str, Tally]
    levels: dict[str, Tally]
    rows: list[BoardRow]


def _tallies(counts: Iterable[rollup.Count]) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for count in counts:
        found.setdefault(count.group, Tally()).add(count.state, count.is_late, count.n)
    return found


def board(unit: Unit, period: Period, *, dimension: int | None = None) -> Board:
    """The board of a unit's subtree; with a dimension, its sub-dimensions instead of all eight.

    Four queries, whatever the number of assignments. Rows are the unit itself, where it owes
    work of its own, and the units directly below that existed in the period, at most MOST_ROWS.
    """
    below = list(
        Unit.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=period.starts_on),
            parent=unit,
            valid_from__lte=period.ends_on,
        )
        .only("code", "name", "level", "kind", "parent", "path", "sort_key")
        .order_by(F("level").desc(), "sort_key")[:MOST_ROWS]
    )
    counts = rollup.counts(
        period.pk,
        [unit.pk, *(child.pk for child in below)],
        by="area" if dimension else "dimension",
        dimension=dimension,
    )
    rows = {it.pk: BoardRow(it) for it in (unit, *below)}
    # What the units below leave of the subtree is the unit's own work.
    rest: dict[tuple[str, str, bool], int] = defaultdict(int)
    for unit_id, area, state, is_late, n in counts:
        areas = rows[unit_id].areas
        if area not in areas:
            areas[area] = Tally()
        areas[area].standings[state, is_late] = n
        rest[area, state, is_late] += n if unit_id == unit.pk else -n
    whole = rows.pop(unit.pk)
    own = BoardRow(unit)
    for (area, state, is_late), n in rest.items():
        if n:
            own.areas.setdefault(area, Tally()).add(state, is_late, n)
    if len(below) < MOST_ROWS:
        rows = {unit.pk: own, **rows}
    levels = rollup.counts(period.pk, [unit.pk], by="level", dimension=dimension)
    return Board(
        unit=unit,
        period=period,
        as_of=last_ran("schedule"),
        total=whole.total,
        areas=dict(sorted(whole.areas.items())),
        levels=_tallies(levels),
        rows=[row for row in rows.values() if row.total.total],
    )
