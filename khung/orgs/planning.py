"""From what a province's files say to the units and successions they mean. Pure, no database."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from khung.orgs.datafile import DataFileError
from khung.orgs.importing import BodyEnd, BodyRule, ProvinceFiles, SuccessionRow, TerritoryRow
from khung.orgs.models import PEOPLE_COMMITTEE
from khung.rules.expansion import LEVELS

DERIVED = "suy ra từ việc sắp xếp đơn vị hành chính"
ONE_DAY = dt.timedelta(days=1)

Key = tuple[str, dt.date]


@dataclass(frozen=True, slots=True)
class PlannedName:
    name: str
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit to be: (code, valid_from) is its key, its names stand in order of time."""

    code: str
    valid_from: dt.date
    valid_to: dt.date | None
    level: str
    kind: str
    names: tuple[PlannedName, ...]
    parent: Key | None
    aliases: tuple[str, ...] = ()
    source: str = ""
    is_verified: bool = True
    latitude: float | None = None
    longitude: float | None = None

    @property
    def key(self) -> Key:
        return self.code, self.valid_from

    def is_valid_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class PlannedSuccession:
    predecessor: Key
    successor: Key
    effective_on: dt.date
    is_whole: bool
    source: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """Units, each after its parent, and successions between them."""

    units: tuple[PlannedUnit, ...]
    successions: tuple[PlannedSuccession, ...]


class _Calendar:
    """Finds a unit by its code on a day."""

    def __init__(self, units: Iterable[PlannedUnit]) -> None:
        self._by_code: dict[str, list[PlannedUnit]] = defaultdict(list)
        for unit in units:
            self._by_code[unit.code].append(unit)

    def on(self, code: str, day: dt.date) -> PlannedUnit | None:
        return next((unit for unit in self._by_code[code] if unit.is_valid_on(day)), None)

    def needed(self, code: str, day: dt.date, where: str) -> PlannedUnit:
        unit = self.on(code, day)
        if unit is None:
            raise DataFileError(f"{where}: không có đơn vị mã “{code}” vào ngày {day:%d/%m/%Y}")
        return unit


def plan_units(files: ProvinceFiles) -> UnitPlan:
    """What to load. Raises DataFileError naming the row that cannot be right."""
    territories = _territories(files)
    bodies = _bodies(files, territories)
    reforms = _territory_successions(files, territories)
    settled = _body_successions(files, territories, bodies)
    # A settled succession takes the place of the same one derived.
    successions = {
        (it.predecessor, it.successor, it.effective_on): it
        for it in (*reforms, *_derived(reforms, bodies), *settled)
    }
    refuse_cycles((it.predecessor, it.successor) for it in successions.values())
    return UnitPlan((*territories, *bodies), tuple(successions.values()))


def refuse_cycles(pairs: Iterable[tuple[Key, Key]]) -> None:
    """Raises DataFileError where a unit would come to be its own successor."""
    graph: dict[Key, set[Key]] = defaultdict(set)
    for predecessor, successor in pairs:
        graph[successor].add(predecessor)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        codes = " → ".join(code for code, _ in error.args[1])
        raise DataFileError(f"Đơn vị kế thừa vòng tròn: {codes}") from None


def _territories(files: ProvinceFiles) -> tuple[PlannedUnit, ...]:
    reformed = {(row.from_code, row.effective_on) for row in files.successions}
    units: list[PlannedUnit] = []
    rows = sorted(
        files.territories, key=lambda it: (LEVELS.index(it.level), it.code, it.valid_from)
    )
    for run in _runs(rows, reformed):
        above = _Calendar(units)
        units.append(_territory(run, above, files.source))
    return tuple(units)


def _runs(
    rows: Iterable[TerritoryRow], reformed: set[tuple[str, dt.date]]
) -> Iterator[list[TerritoryRow]]:
    """Rows that are one unit: same code, one right after the other, and no succession between."""
    run: list[TerritoryRow] = []
    for row in rows:
        last = run[-1] if run else None
        if last is not None and last.code == row.code:
            if last.valid_to is None or last.valid_to >= row.valid_from:
                raise DataFileError(f"{row.where}: thời gian trùng với {last.where}")
            follows = last.valid_to + ONE_DAY == row.valid_from
            if follows and (row.code, row.valid_from) not in reformed:
                if last.parent_code != row.parent_code:
                    raise DataFileError(
                        f"{row.where}: đổi đơn vị cấp trên mà không có dòng kế thừa"
                    )
                run.append(row)
                continue
        if run:
            yield run
        run = [row]
    if run:
        yield run


def _territory(run: list[TerritoryRow], above: _Calendar, source: str) -> PlannedUnit:
    first, last = run[0], run[-1]
    parent = None
    if first.parent_code:
        parent = above.needed(first.parent_code, last.valid_to or last.valid_from, first.where)
        _refuse_outliving(last.valid_to, parent, last.where)
        if parent.valid_from > first.valid_from:
            raise DataFileError(f"{first.where}: bắt đầu trước đơn vị cấp trên “{parent.code}”")
    return PlannedUnit(
        code=first.code,
        valid_from=first.valid_from,
        valid_to=last.valid_to,
        level=first.level,
        kind=PEOPLE_COMMITTEE,
        names=tuple(PlannedName(row.name, row.valid_from, row.valid_to) for row in run),
        parent=parent.key if parent else None,
        source=source,
        latitude=last.latitude,
        longitude=last.longitude,
    )


def _refuse_outliving(last_day: dt.date | None, parent: PlannedUnit, where: str) -> None:
    if parent.valid_to is not None and (last_day is None or last_day > parent.valid_to):
        raise DataFileError(f"{where}: kéo dài hơn đơn vị cấp trên “{parent.code}”")


def _bodies(files: ProvinceFiles, territories: Sequence[PlannedUnit]) -> tuple[PlannedUnit, ...]:
    """Each rule once for each territory it stands beside, as long as both last."""
    ends = {(end.level, end.code): end for end in files.ends}
    bodies: dict[Key, PlannedUnit] = {}
    for rule in files.bodies:
        beside = [
            territory
            for territory in territories
            if territory.level == rule.level and rule.parent_code in ("", territory.code)
        ]
        if not beside:
            raise DataFileError(f"{rule.where}: không có đơn vị cấp “{rule.level}” nào")
        for territory in beside:
            # An end closes the body that had begun by then, not its later namesake.
            end = ends.get((rule.level, rule.code))
            body = _body(rule, territory, end if end and rule.valid_from <= end.on else None)
            if body is None:
                continue
            if body.key in bodies:
                raise DataFileError(f"{rule.where}: mã “{rule.code}” đã có")
            bodies[body.key] = body
    return tuple(bodies.values())


def _body(rule: BodyRule, territory: PlannedUnit, end: BodyEnd | None) -> PlannedUnit | None:
    """The body beside this territory; None where their times do not meet."""
    first = max(rule.valid_from, territory.valid_from)
    lasts = [day for day in (rule.valid_to, territory.valid_to, end.on if end else None) if day]
    last = min(lasts, default=None)
    if last is not None and last < first:
        return None
    name = territory.names[-1].name
    source, is_verified = rule.source, rule.is_verified
    if end is not None and last == end.on:
        source = f"{source}; kết thúc {end.on:%d/%m/%Y}: {end.source}"
        is_verified = is_verified and end.is_verified
    return PlannedUnit(
        code=f"{territory.code}.{rule.code}",
        valid_from=first,
        valid_to=last,
        level=rule.level,
        kind=rule.kind,
        names=tuple(_body_names(rule, territory, first, last)),
        parent=territory.key,
        aliases=tuple(_fill(alias, name) for alias in rule.aliases),
        source=source,
        is_verified=is_verified,
    )


def _body_names(
    rule: BodyRule, territory: PlannedUnit, first: dt.date, last: dt.date | None
) -> Iterator[PlannedName]:
    """A body named after its territory is renamed with it."""
    if "{name}" not in rule.name:
        yield PlannedName(rule.name, first, last)
        return
    for dated in territory.names:
        begins = max(first, dated.valid_from)
        ends = min((day for day in (last, dated.valid_to) if day), default=None)
        if ends is None or begins <= ends:
            yield PlannedName(_fill(rule.name, dated.name), begins, ends)


def _fill(pattern: str, name: str) -> str:
    """ "Công an {name}" of "Xã Ninh Ích" is "Công an xã Ninh Ích"."""
    return pattern.replace("{name}", name[0].lower() + name[1:])


def _territory_successions(
    files: ProvinceFiles, territories: Sequence[PlannedUnit]
) -> list[PlannedSuccession]:
    calendar = _Calendar(territories)
    return [
        _planned(
            row,
            calendar.needed(row.from_code, row.effective_on - ONE_DAY, row.where),
            calendar.needed(row.to_code, row.effective_on, row.where),
        )
        for row in files.successions
    ]


def _planned(
    row: SuccessionRow, predecessor: PlannedUnit, successor: PlannedUnit
) -> PlannedSuccession:
    return PlannedSuccession(
        predecessor.key,
        successor.key,
        row.effective_on,
        row.is_whole,
        row.source,
        row.is_verified,
    )


def _derived(
    successions: Iterable[PlannedSuccession],
    bodies: Sequence[PlannedUnit],
) -> Iterator[PlannedSuccession]:
    """A body is followed by its namesake beside each territory that followed its own."""
    beside: dict[Key | None, list[PlannedUnit]] = defaultdict(list)
    for body in bodies:
        beside[body.parent].append(body)
    for it in successions:
        heirs = {
            _within(heir): heir
            for heir in beside[it.successor]
            if heir.valid_from == it.effective_on
        }
        for body in beside[it.predecessor]:
            heir = heirs.get(_within(body))
            if heir is not None and body.valid_to == it.effective_on - ONE_DAY:
                yield replace(
                    it, predecessor=body.key, successor=heir.key, source=DERIVED, is_verified=False
                )


def _within(body: PlannedUnit) -> str:
    """A body's code within its territory: "police" of "568.police"."""
    return body.code.partition(".")[2]


def _body_successions(
    files: ProvinceFiles, territories: Sequence[PlannedUnit], bodies: Sequence[PlannedUnit]
) -> Iterator[PlannedSuccession]:
    """The settled ones: from each body of the rule to the province's body, where there is one."""
    provinces = {unit.key: unit for unit in territories if unit.level == LEVELS[0]}
    parents = {unit.key: unit.parent for unit in territories}
    calendar = _Calendar(bodies)
    for row in files.body_successions:
        eve = row.effective_on - ONE_DAY
        found = False
        for body in bodies:
            if body.level != row.from_level or _within(body) != row.from_code:
                continue
            if not body.is_valid_on(eve):
                continue
            root = body.parent
            while root is not None and root not in provinces:
                root = parents[root]
            heir = calendar.on(f"{root[0]}.{row.to_code}", row.effective_on) if root else None
            if heir is not None:
                found = True
                yield _planned(row, body, heir)
        if not found:
            raise DataFileError(
                f"{row.where}: không có “{row.from_code}” hoặc “{row.to_code}”"
                f" vào ngày {row.effective_on:%d/%m/%Y}"
            )
