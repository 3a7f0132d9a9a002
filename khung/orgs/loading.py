"""Brings a plan of units into the database in a few large statements."""

from collections.abc import Iterator
from dataclasses import dataclass

from khung.orgs.models import Succession, Unit, UnitAlias, UnitName, sort_key
from khung.orgs.planning import Key, PlannedUnit, UnitPlan
from khung.rules.text import fold


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a loading added; what was there already is left alone."""

    units: int
    successions: int


def insert(plan: UnitPlan) -> Loaded:
    """Adds what is not there yet; a unit that is there keeps its names and dates."""
    units = {(unit.code, unit.valid_from): unit for unit in Unit.objects.all()}
    new = [planned for planned in plan.units if planned.key not in units]
    for generation in _generations(new, units):
        for unit in Unit.objects.bulk_create(_unit(planned, units) for planned in generation):
            units[unit.code, unit.valid_from] = unit
    _place_in_tree([units[planned.key] for planned in new])
    UnitName.objects.bulk_create(
        UnitName(
            unit=units[planned.key],
            name=name.name,
            folded=fold(name.name),
            valid_from=name.valid_from,
            valid_to=name.valid_to,
        )
        for planned in new
        for name in planned.names
    )
    UnitAlias.objects.bulk_create(
        UnitAlias(unit=units[planned.key], text=text, folded=fold(text))
        for planned in new
        for text in planned.aliases
    )
    return Loaded(len(new), _insert_successions(plan, units))


def _generations(new: list[PlannedUnit], units: dict[Key, Unit]) -> Iterator[list[PlannedUnit]]:
    """The new units, parents before their children, so that each batch can point upward."""
    waiting = new
    while waiting:
        ready = [it for it in waiting if it.parent is None or it.parent in units]
        yield ready
        waiting = [it for it in waiting if it.key not in units]


def _unit(planned: PlannedUnit, units: dict[Key, Unit]) -> Unit:
    name = planned.names[-1].name
    return Unit(
        code=planned.code,
        valid_from=planned.valid_from,
        valid_to=planned.valid_to,
        level=planned.level,
        kind=planned.kind,
        name=name,
        folded_name=fold(name),
        sort_key=sort_key(name),
        parent=units[planned.parent] if planned.parent else None,
        source=planned.source,
        is_verified=planned.is_verified,
        latitude=planned.latitude,
        longitude=planned.longitude,
    )


def _place_in_tree(units: list[Unit]) -> None:
    """Paths hold ids, so they are known only once the rows are there."""
    for unit in units:
        unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
    Unit.objects.bulk_update(units, ["path"], batch_size=500)


def _insert_successions(plan: UnitPlan, units: dict[Key, Unit]) -> int:
    known = set(Succession.objects.values_list("predecessor_id", "successor_id", "effective_on"))
    rows = [
        Succession(
            predecessor=units[it.predecessor],
            successor=units[it.successor],
            effective_on=it.effective_on,
            is_whole=it.is_whole,
            source=it.source,
            is_verified=it.is_verified,
        )
        for it in plan.successions
    ]
    new = [it for it in rows if (it.predecessor_id, it.successor_id, it.effective_on) not in known]
    return len(Succession.objects.bulk_create(new))
