"""Illustrative difficulties of the demonstration, at various stops of their way.

Nobody raised or answered them, so no person is recorded: they are written without the verbs, by
the same rules, and told in the trail as one event of the system.
"""

import datetime as dt
import uuid
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from khung.assignments.calendar import working_calendar
from khung.assignments.models import Assignment
from khung.base.audit import record
from khung.difficulties import moving
from khung.difficulties.models import Difficulty
from khung.difficulties.moving import Raised, Said
from khung.difficulties.routing import ladder_on
from khung.orgs import queries as orgs
from khung.orgs.datafile import Record, read_toml, toml_tables
from khung.orgs.models import Unit
from khung.rules.calendar import WorkingCalendar
from khung.rules.routing import VERBS, LastStop, NotNow

DIFFICULTIES = "difficulties.toml"
_KINDS = tuple(Difficulty.Kind.values)
_SPAN = dt.timedelta(days=400)


@transaction.atomic
def load(folder: Path, *, now: dt.datetime) -> int:
    """Loads the difficulties of `folder`; those already there stay as they are.

    Returns how many are new. Raises DataFileError for an unknown unit, task or step.
    """
    path, today = folder / DIFFICULTIES, timezone.localdate(now)
    calendar = working_calendar(today - _SPAN, today + _SPAN)
    made = 0
    for number, row in enumerate(toml_tables(path, read_toml(path), "difficulties"), 1):
        key = uuid.uuid5(uuid.NAMESPACE_URL, f"{folder.name}/{DIFFICULTIES}#{number}")
        if not Difficulty.objects.filter(key=key).exists():
            _load(row, key, calendar, now)
            made += 1
    if made:
        record(
            by="system:demonstration",
            now=now,
            verb="difficulties.illustrated",
            subject="difficulties",
            data={"raised": made},
        )
    return made


def _load(row: Record, key: uuid.UUID, calendar: WorkingCalendar, now: dt.datetime) -> None:
    day = calendar.back(timezone.localdate(now), int(row.number("raised") or 0))
    unit = _unit(row, "unit", day)
    assignment = _assignment(row, unit, day)
    guide = assignment.guide if assignment else None
    raised = Raised(
        kind=row.choice("kind", _KINDS),
        text=row.text("text"),
        asked=row.text("asked"),
        assignment=assignment,
        guide=guide,
        key=key,
        is_illustrative=True,
    )
    stops = ladder_on(day, unit, guide).stops
    if not stops:
        raise row.fail("unit", "không có cấp nào để hỏi")
    difficulty = moving.begin(raised, unit, stops[0], by=None, now=_at(day, now))
    for values in row.values.get("steps", ()):
        step = Record(f"{row.where}, steps", values)
        day = calendar.add(day, int(step.number("after") or 0))
        verb, said = step.choice("do", tuple(VERBS)), _said(step, day, calendar)
        try:
            moving.move(difficulty, verb, said, by=None, by_unit=None, now=_at(day, now))
        except (LastStop, NotNow) as why:
            raise step.fail("do", str(why)) from why


def _said(step: Record, day: dt.date, calendar: WorkingCalendar) -> Said:
    is_decision = step.values["do"] == "decide"
    return Said(
        text=step.text("text", ""),
        responsible_unit=_unit(step, "responsible", day) if is_decision else None,
        resolve_by=calendar.add(day, int(step.number("within") or 10)) if is_decision else None,
    )


def _unit(row: Record, column: str, day: dt.date) -> Unit:
    code = row.text(column)
    unit = orgs.unit_on(code, day)
    if unit is None:
        raise row.fail(column, f"ngày {day:%d/%m/%Y} không có đơn vị mã “{code}”")
    return unit


def _assignment(row: Record, unit: Unit, day: dt.date) -> Assignment | None:
    """The unit's newest assignment of the task that had begun by that day; None without a task."""
    number = row.number("task")
    if number is None:
        return None
    given = Assignment.objects.filter(unit=unit, task_version__no=int(number))
    begun = given.filter(counts_in__starts_on__lte=day).select_related("guide")
    found = begun.order_by("-counts_in__starts_on", "-id").first()
    if found is None:
        raise row.fail("task", f"{unit.name} không được giao nhiệm vụ {int(number)}")
    return found


def _at(day: dt.date, now: dt.datetime) -> dt.datetime:
    """The middle of a morning of that day, never after now."""
    return min(dt.datetime.combine(day, dt.time(9, 15), tzinfo=now.tzinfo), now)
