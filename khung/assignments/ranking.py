"""Units of one level side by side: how each stands in a period and stood in the last ones.

The denominator is what counts: exempt work and what did not arise stand beside it, so that a unit
neither gains nor loses by them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from khung.assignments import rollup
from khung.assignments.board import Tally
from khung.assignments.models import Period
from khung.orgs.models import PEOPLE_COMMITTEE, Unit
from khung.orgs.queries import there_between

# The periods before that tell whether a unit is often late.
LAST_PERIODS = 4
# A province has fewer units of any level that is ranked; villages never are.
MOST_UNITS = 500
# Territories and bodies of a level are ranked apart: a commune reports fifty tasks, its health
# station one.
BODIES = "-bodies"
GROUPS = tuple(
    f"{level}{kind}" for level in ("commune", "district", "province") for kind in ("", BODIES)
)


@dataclass(slots=True)
class Standing:
    """A unit with all below it: this period, and the last periods together."""

    unit: Unit
    now: Tally = field(default_factory=Tally)
    past: Tally = field(default_factory=Tally)

    @property
    def late_share(self) -> float | None:
        """The share of its past work that was late, done or not; None without a past."""
        if not self.past.counted:
            return None
        late = self.past.classes["done_late"] + self.past.classes["doing_late"]
        return late / self.past.counted


def groups_below(unit: Unit, period: Period) -> list[str]:
    """The groups that can be ranked below a unit in a period: keys of GROUPS, lowest first."""
    there = there_between(period.starts_on, period.ends_on).filter(path__startswith=unit.path)
    kinds = there.exclude(pk=unit.pk).values_list("level", "kind").distinct()
    found = {level if kind == PEOPLE_COMMITTEE else f"{level}{BODIES}" for level, kind in kinds}
    return [group for group in GROUPS if group in found]


def before(period: Period) -> list[int]:
    """The ids of the last opened periods of the same kind before one."""
    earlier = Period.objects.filter(
        kind=period.kind, starts_on__lt=period.starts_on, opened_at__isnull=False
    ).order_by("-starts_on")
    return list(earlier.values_list("pk", flat=True)[:LAST_PERIODS])


def standings(unit: Unit, period: Period, group: str) -> list[Standing]:
    """The units of a group below a unit that have work in the period, by name; three queries."""
    level = group.removesuffix(BODIES)
    units = there_between(period.starts_on, period.ends_on).filter(
        path__startswith=unit.path, level=level
    )
    is_territory = Q(kind=PEOPLE_COMMITTEE)
    units = units.filter(~is_territory if group.endswith(BODIES) else is_territory)
    found = {it.pk: Standing(it) for it in units.exclude(pk=unit.pk).order_by("sort_key", "id")
             [:MOST_UNITS]}  # fmt: skip
    counted = rollup.counts_over([period.pk, *before(period)], list(found), by="whole")
    for one in counted:
        standing = found[one.unit_id]
        tally = standing.now if one.period_id == period.pk else standing.past
        tally.add(one.state, one.is_late, one.n)
    return [standing for standing in found.values() if standing.now.total]


def ranks(found: Sequence[Standing]) -> dict[int, int]:
    """The place of each unit by its share of accepted work; equal shares share a place.

    A unit of which nothing counts has no place.
    """
    counted = [it for it in found if it.now.counted]
    counted.sort(key=lambda it: -(it.now.share or 0))
    places: dict[int, int] = {}
    for n, standing in enumerate(counted, 1):
        last = counted[n - 2] if n > 1 else None
        # Compared as fractions: 1/3 and 2/6 are one place on every machine.
        is_equal = last is not None and (
            last.now.accepted * standing.now.counted == standing.now.accepted * last.now.counted
        )
        places[standing.unit.pk] = places[last.unit.pk] if last and is_equal else n
    return places
