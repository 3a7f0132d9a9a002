"""Puts a demonstration's Decision in force, its doubts settled as its data files say."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from khung.frameworks import actions
from khung.frameworks.models import Framework
from khung.orgs import queries as orgs
from khung.orgs.datafile import DataFileError, Record, read_toml, toml_tables
from khung.orgs.models import Person, Unit
from khung.rules.actors import Actor, parse_actors

DECISION = "decision.txt"
DOUBTS = "doubts.toml"
MEANINGS = "meanings.toml"


@transaction.atomic
def load(folder: Path, *, by: Person, now: dt.datetime) -> Framework:
    """Drafts, settles and puts in force the Decision of `folder`. Raises DataFileError."""
    decision, path = folder / DECISION, folder / MEANINGS
    data = read_toml(path)
    head = Record(path.name, data)
    framework = actions.draft_framework(
        data=decision.read_bytes(),
        name=decision.name,
        province_code=head.text("province"),
        by=by,
        now=now,
    )
    # First what phrases mean, with source and reason: an answer to a doubt finds it recorded.
    for row in toml_tables(path, data, "meanings"):
        _record_meaning(framework, row, by, now)
    _settle_doubts(framework, folder / DOUBTS, by, now)
    return actions.put_in_force(
        framework=framework,
        from_day=head.needed_day("in_force_from"),
        coordinators=_units(head, "coordinators", timezone.localdate(now)),
        coordinator_judges=_units(head, "coordinator_judges", timezone.localdate(now)),
        version=framework.version,
        by=by,
        now=now,
    )


def _settle_doubts(framework: Framework, path: Path, by: Person, now: dt.datetime) -> None:
    doubts = {doubt.key: doubt for doubt in framework.doubts.all()}
    for row in toml_tables(path, read_toml(path), "doubts"):
        key = row.text("key")
        doubt = doubts.get(key)
        if doubt is None:
            raise row.fail("key", f"khi đọc Quyết định không có nghi vấn “{key}”")
        actions.settle_doubt(
            doubt=doubt,
            settlement=row.text("settlement"),
            reason=row.text("reason"),
            version=doubt.version,
            by=by,
            now=now,
        )


def _record_meaning(framework: Framework, row: Record, by: Person, now: dt.datetime) -> None:
    numbers = row.values.get("tasks") or [None]
    tasks = {task.no: task for task in framework.tasks.all()}
    column = "adds" if "adds" in row.values else "means"
    actors = list(_actors(row, column))
    for role in row.values.get("roles", []):
        for number in numbers:
            if number is not None and number not in tasks:
                raise row.fail("tasks", f"không có nhiệm vụ {number}")
            actions.record_meaning(
                framework=framework,
                task_version=tasks[number] if number is not None else None,
                role=role,
                phrase=row.text("phrase"),
                actors=actors,
                is_addition=column == "adds",
                valid_from=row.day("valid_from"),
                valid_to=row.day("valid_to"),
                reason=row.text("reason"),
                source=row.text("source", ""),
                is_assumption=bool(row.values.get("assumption")),
                by=by,
                now=now,
            )


def _actors(row: Record, column: str) -> Iterator[Actor]:
    for text in row.values.get(column, []):
        phrase = parse_actors(text)
        if phrase.doubts or not phrase.actors:
            raise row.fail(column, f"“{text}” chưa xác định được là cơ quan nào")
        yield from phrase.actors


def _units(row: Record, column: str, day: dt.date) -> list[Unit]:
    units = []
    for code in row.values.get(column, []):
        unit = orgs.unit_on(code, day)
        if unit is None:
            raise DataFileError(f"{row.where}, cột “{column}”: không có đơn vị mã “{code}”")
        units.append(unit)
    return units
