"""Which lines concern which people: by the roles they hold, in which units."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from khung.orgs.models import RoleHeld
from khung.orgs.queries import on
from khung.reminders import lines
from khung.reminders.lines import KINDS
from khung.reports.models import ReportingHabit
from khung.rules.permissions import Permission, permissions_of

# What a line is about: everybody with the permission, a unit, or a person.
Key = tuple[str, str]
EVERYBODY = "all"


def of_unit(unit_id: int | None) -> str:
    """Those who act for a unit; for what is no unit's, everybody whom it concerns."""
    return EVERYBODY if unit_id is None else f"unit:{unit_id}"


def of_person(person_id: int) -> str:
    return f"person:{person_id}"


@dataclass(frozen=True, slots=True)
class Hat:
    """What somebody may do in one unit, and the province that unit belongs to."""

    unit_id: int
    root_id: int
    permissions: frozenset[Permission]


@dataclass(frozen=True, slots=True)
class Audience:
    """People with their hats, and who alone is told of a unit's work where it has a focal person.

    Two queries, whatever the number of people.
    """

    hats: dict[int, list[Hat]]
    focal: dict[int, int]

    @property
    def units(self) -> set[int]:
        """The units their lines may be about, the provinces among them."""
        worn = [hat for hats in self.hats.values() for hat in hats]
        return {hat.unit_id for hat in worn} | {hat.root_id for hat in worn}

    def keys(self, person_id: int) -> Iterator[Key]:
        """The lines that concern a person, in the order of a digest."""
        for kind in KINDS:
            found = {about for hat in self.hats.get(person_id, ()) for about in self._of(kind, hat)}
            if kind in (lines.GIVEN, lines.JUDGING):
                found.add(of_person(person_id))
            if KINDS[kind].needs == {Permission.REPORT_WORK}:
                found = {about for about in found if self._tells(person_id, about)}
            yield from ((kind, about) for about in sorted(found))

    def _of(self, kind: str, hat: Hat) -> Iterator[str]:
        if not KINDS[kind].needs & hat.permissions:
            return
        if kind == lines.EXEMPTION:
            yield EVERYBODY
        elif kind == lines.BELOW:
            if Permission.APPROVE_REPORT in hat.permissions:
                yield of_unit(hat.unit_id)
            # Nobody heads the units of the whole province; the coordinator urges for it.
            if Permission.WRITE_LETTER in hat.permissions:
                yield of_unit(hat.root_id)
        else:
            yield of_unit(hat.unit_id)
            if kind == lines.JUDGING and Permission.VIEW_ALL_WORK in hat.permissions:
                yield EVERYBODY

    def _tells(self, person_id: int, about: str) -> bool:
        """Whether a unit's own work is this person's to hear of: all of it, if there is nobody
        who gathers it; else that person's, and the head's."""
        unit_id = int(about.partition(":")[2])
        gathers = self.focal.get(unit_id)
        return gathers in (None, person_id) or any(
            hat.unit_id == unit_id and Permission.APPROVE_REPORT in hat.permissions
            for hat in self.hats[person_id]
        )


def audience(people: Collection[int], day: dt.date) -> Audience:
    """The people with the roles they hold on a day."""
    held = (
        RoleHeld.objects.filter(on(day), person__in=people)
        .order_by("id")
        .values_list("person_id", "unit_id", "unit__path", "role")
    )
    roles: dict[tuple[int, int, str], list[str]] = {}
    for person_id, unit_id, path, role in held:
        roles.setdefault((person_id, unit_id, path), []).append(role)
    hats: dict[int, list[Hat]] = {}
    for (person_id, unit_id, path), codes in roles.items():
        root_id = int(path.strip("/").split("/")[0])
        hats.setdefault(person_id, []).append(Hat(unit_id, root_id, permissions_of(codes)))
    habits = ReportingHabit.objects.filter(
        unit__in={unit_id for _, unit_id, _ in roles}, focal_person__isnull=False
    )
    return Audience(hats, dict(habits.values_list("unit_id", "focal_person_id")))
