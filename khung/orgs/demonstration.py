"""Puts a demonstration province's units and accounts into the database."""

import datetime as dt
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from khung.orgs import actions, queries
from khung.orgs.datafile import DataFileError
from khung.orgs.importing import PersonRow, read_people, read_province
from khung.orgs.models import Person
from khung.orgs.planning import plan_units

BY = "system:demonstration"


@transaction.atomic
def load(folder: Path, now: dt.datetime) -> None:
    """Loads `folder`; loading it again adds only what is missing. Raises DataFileError."""
    actions.load_units(plan=plan_units(read_province(folder)), by=BY, now=now)
    for row in read_people(folder / "people.toml"):
        _load_person(row, now)


def _load_person(row: PersonRow, now: dt.datetime) -> None:
    person = Person.objects.filter(username=row.username).first()
    if person is None:
        person = actions.create_person(
            username=row.username,
            full_name=row.full_name,
            by=BY,
            now=now,
            is_demonstration=True,
        )
    for held in row.roles:
        unit = queries.unit_on(held.unit_code, timezone.localdate(now))
        if unit is None:
            raise DataFileError(f"{row.where}: không có đơn vị mã “{held.unit_code}”")
        if not person.roles.filter(unit=unit, role=held.role).exists():
            actions.grant_role(person=person, unit=unit, role=held.role, by=BY, now=now)
