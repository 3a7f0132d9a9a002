"""Reads a province's units from its data files; what is wrong is told by file, row and column.

Nothing here touches the database. `units.csv` and `successions.csv` hold the territories;
`bodies.toml` the bodies at their side; `unit_settlements.toml` what was settled about the ends,
beginnings and successors of those bodies; `people.toml` demonstration accounts.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from khung.orgs.datafile import Record, csv_records, read_toml, toml_tables
from khung.orgs.models import BEGINNING
from khung.rules.expansion import LEVELS
from khung.rules.text import squeeze

UNVERIFIED = "chưa xác minh"


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """One row of units.csv: a territory under one name for a span of time."""

    where: str
    code: str
    name: str
    level: str
    parent_code: str
    valid_from: dt.date
    valid_to: dt.date | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class SuccessionRow:
    """From whom to whom on a day, by code; for bodies the code within the territory."""

    where: str
    from_code: str
    to_code: str
    effective_on: dt.date
    is_whole: bool
    source: str
    is_verified: bool
    from_level: str = ""


@dataclass(frozen=True, slots=True)
class BodyRule:
    """A body that stands at the side of one territory (`parent_code`) or of each of a level.

    `{name}` in the name is the territory's own. Without dates it begins and ends with it.
    """

    where: str
    code: str
    name: str
    kind: str
    level: str
    parent_code: str
    valid_from: dt.date
    valid_to: dt.date | None
    aliases: tuple[str, ...]
    source: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class BodyEnd:
    """The last day of a body, settled apart from its territory's."""

    where: str
    code: str
    level: str
    on: dt.date
    source: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class RoleRow:
    role: str
    unit_code: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    where: str
    username: str
    full_name: str
    roles: tuple[RoleRow, ...]


@dataclass(frozen=True, slots=True)
class ProvinceFiles:
    """All that the folder says about units."""

    source: str
    territories: tuple[TerritoryRow, ...]
    successions: tuple[SuccessionRow, ...]
    bodies: tuple[BodyRule, ...]
    ends: tuple[BodyEnd, ...]
    body_successions: tuple[SuccessionRow, ...]


def _source(record: Record) -> tuple[str, bool]:
    """The source and whether there is one; a doubtful one carries `verified = false`."""
    source = record.text("source", "")
    return source or UNVERIFIED, bool(source) and record.values.get("verified", True) is True


def _span(record: Record) -> tuple[dt.date, dt.date | None]:
    first, last = record.day("valid_from") or BEGINNING, record.day("valid_to")
    if last is not None and last < first:
        raise record.fail("valid_to", f"{last:%d/%m/%Y} trước ngày bắt đầu {first:%d/%m/%Y}")
    return first, last


def _territory(record: Record) -> TerritoryRow:
    valid_from, valid_to = _span(record)
    return TerritoryRow(
        where=record.where,
        code=record.text("code"),
        name=record.text("name"),
        level=record.choice("level", LEVELS),
        parent_code=record.text("parent_code", ""),
        valid_from=valid_from,
        valid_to=valid_to,
        latitude=record.number("lat"),
        longitude=record.number("lon"),
    )


def _succession(record: Record) -> SuccessionRow:
    source, is_verified = _source(record)
    return SuccessionRow(
        where=record.where,
        from_code=record.text("from_code"),
        to_code=record.text("to_code"),
        effective_on=record.needed_day("effective_on"),
        is_whole=record.choice("share", ("whole", "part")) == "whole",
        source=source,
        is_verified=is_verified,
    )


def _body(record: Record, parent_code: str, level: str) -> BodyRule:
    valid_from, valid_to = _span(record)
    source, is_verified = _source(record)
    return BodyRule(
        where=record.where,
        code=record.text("code"),
        name=record.text("name"),
        kind=record.text("kind"),
        level=record.choice("level", LEVELS, level),
        parent_code=parent_code,
        valid_from=valid_from,
        valid_to=valid_to,
        aliases=record.texts("aliases"),
        source=source,
        is_verified=is_verified,
    )


def _body_successions(record: Record) -> Iterator[SuccessionRow]:
    source, is_verified = _source(record)
    for from_code in record.texts("from"):
        for to_code in record.texts("to"):
            yield SuccessionRow(
                where=record.where,
                from_code=from_code,
                to_code=to_code,
                effective_on=record.needed_day("on"),
                is_whole=record.choice("share", ("whole", "part"), "whole") == "whole",
                source=source,
                is_verified=is_verified,
                from_level=record.choice("level", LEVELS, LEVELS[0]),
            )


def _end(record: Record) -> BodyEnd:
    source, is_verified = _source(record)
    return BodyEnd(
        where=record.where,
        code=record.text("code"),
        level=record.choice("level", LEVELS, LEVELS[0]),
        on=record.needed_day("on"),
        source=source,
        is_verified=is_verified,
    )


def read_province(folder: Path) -> ProvinceFiles:
    """The units of the province in `folder`. Raises DataFileError."""
    territories = csv_records(folder / "units.csv", ("code", "name", "level", "parent_code"))
    successions = csv_records(
        folder / "successions.csv", ("from_code", "to_code", "effective_on", "share")
    )
    bodies_path, settled_path = folder / "bodies.toml", folder / "unit_settlements.toml"
    bodies, settled = read_toml(bodies_path), read_toml(settled_path)
    province = str(bodies.get("province", ""))
    provincial = [
        *toml_tables(bodies_path, bodies, "bodies"),
        *toml_tables(settled_path, settled, "bodies"),
    ]
    return ProvinceFiles(
        source=squeeze(str(bodies.get("territories_source", UNVERIFIED))),
        territories=tuple(_territory(it) for it in territories),
        successions=tuple(_succession(it) for it in successions),
        bodies=(
            *(_body(it, province, LEVELS[0]) for it in provincial),
            *(_body(it, "", "") for it in toml_tables(bodies_path, bodies, "templates")),
        ),
        ends=tuple(_end(it) for it in toml_tables(settled_path, settled, "ends")),
        body_successions=tuple(
            row
            for it in toml_tables(settled_path, settled, "successions")
            for row in _body_successions(it)
        ),
    )


def read_people(path: Path) -> tuple[PersonRow, ...]:
    """The demonstration accounts of `path`; none if there is no such file. Raises DataFileError."""
    return tuple(
        PersonRow(
            where=it.where,
            username=it.text("username"),
            full_name=it.text("full_name"),
            roles=tuple(
                RoleRow(role.text("role"), role.text("unit"))
                for role in (Record(it.where, table) for table in it.values.get("roles", ()))
            ),
        )
        for it in toml_tables(path, read_toml(path), "people")
    )
