"""What of the work is published: provincial totals always, progress by unit only when allowed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from khung.assignments import queries
from khung.assignments.board import Board, Tally, board
from khung.assignments.models import Period, ProgressDisclosure
from khung.orgs.models import Unit


@dataclass(frozen=True, slots=True)
class PublicPeriod:
    """A quarter put into work."""

    code: str
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True, slots=True)
class Progress:
    """Work by the official classes (keys of `khung.rules.workflow.OFFICIAL_CLASSES`)."""

    classes: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.classes.values())

    @property
    def done(self) -> int:
        return self.classes["done_on_time"] + self.classes["done_late"]

    @property
    def share(self) -> float:
        return self.done / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """A unit's work, everything below it included."""

    unit_id: int
    name: str
    level: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class AreaProgress:
    """A unit's whole work, and by dimension, as of the last tick of the schedule."""

    as_of: dt.datetime | None
    total: Progress
    dimensions: Mapping[int, Progress]


@dataclass(frozen=True, slots=True)
class PublicDisclosure:
    """The document that allows progress by unit to be published."""

    number: str
    issued_on: dt.date
    note: str


def current_period(day: dt.date) -> PublicPeriod | None:
    """The quarter the public is shown: that of the day, else the newest put into work."""
    period = queries.current_period(day)
    return PublicPeriod(period.code, period.starts_on, period.ends_on) if period else None


def provincial_progress(province_id: int, period: PublicPeriod) -> AreaProgress:
    """The totals of a whole province, which are always published."""
    return _by_dimension(_board(province_id, period))


def disclosure(framework_id: int) -> PublicDisclosure | None:
    """The document in force for this framework, or None while none allows publishing by unit."""
    found = (
        ProgressDisclosure.objects.filter(framework=framework_id, withdrawn_at__isnull=True)
        .order_by("-issued_on", "-id")
        .first()
    )
    return PublicDisclosure(found.document_number, found.issued_on, found.note) if found else None


def progress_by_unit(
    framework_id: int, province_id: int, period: PublicPeriod
) -> list[UnitProgress]:
    """Every unit's work, in the Vietnamese order of names; never ranked.

    Empty while no document allows it to be published.
    """
    if disclosure(framework_id) is None:
        return []
    return [
        UnitProgress(row.unit.pk, row.unit.name, row.unit.level, _progress(row.total))
        for row in _board(province_id, period).rows
    ]


def progress_of_unit(framework_id: int, unit_id: int, period: PublicPeriod) -> AreaProgress | None:
    """One unit's work by dimension; None while no document allows it to be published."""
    if disclosure(framework_id) is None:
        return None
    return _by_dimension(_board(unit_id, period))


def _board(unit_id: int, period: PublicPeriod) -> Board:
    return board(Unit.objects.get(pk=unit_id), Period.objects.get(code=period.code))


def _by_dimension(found: Board) -> AreaProgress:
    return AreaProgress(
        found.as_of,
        _progress(found.total),
        {int(area): _progress(tally) for area, tally in sorted(found.areas.items())},
    )


def _progress(tally: Tally) -> Progress:
    return Progress(tally.classes)
