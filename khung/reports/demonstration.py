"""Puts illustrative reports behind the demonstration's progress."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from khung.assignments import illustration as progress
from khung.assignments.calendar import working_calendar
from khung.assignments.models import Assignment, Period
from khung.base import files
from khung.base.audit import record
from khung.orgs.datafile import Record, read_toml, toml_tables
from khung.orgs.models import Person
from khung.reports import board_figures, demonstration_desks, judging_counts, turns
from khung.reports.actions import add_proposed_reasons
from khung.reports.illustration import Illustrator, Words, methods_by_task
from khung.reports.models import Evidence, JudgingPlan
from khung.rules.methods import KINDS

REPORTS = "reports.toml"
NOBODY = "so-lieu-minh-hoa"


@transaction.atomic
def load(folder: Path, *, now: dt.datetime) -> int:
    """Gives every illustrative assignment that moved its report; returns how many versions.

    Does nothing for those that have one. Raises DataFileError for a file it can't use.
    """
    add_proposed_reasons(by="system:demonstration", now=now)
    untouched = Assignment.objects.filter(is_illustrative=True, reports__isnull=True)
    found = untouched.exclude(updated_at__isnull=True).select_related("unit").order_by("id")
    nobody = in_nobodys_name(now)
    illustrator = Illustrator(
        words=_words(folder / REPORTS),
        nobody=nobody,
        desk=_desk(),
        evidence=_evidence(folder, nobody, now),
        methods=methods_by_task(),
    )
    made = illustrator.illustrate(list(found))
    progress.finish()
    judging_counts.rebuild()
    for period in Period.objects.filter(counted__isnull=False).distinct():
        board_figures.refresh(period, now=now)
    record(
        by="system:demonstration",
        now=now,
        verb="reports.illustrated",
        subject="reports",
        data={"reports": made},
    )
    return made


@transaction.atomic
def load_desks(folder: Path, *, now: dt.datetime) -> int:
    """Sets what each demonstration person finds first; `load` comes after it and counts anew.

    Returns how many reports. Raises DataFileError for a file it can't use.
    """
    add_proposed_reasons(by="system:demonstration", now=now)
    return demonstration_desks.load(folder, nobody=in_nobodys_name(now), now=now)


def _desk() -> turns.Desk:
    """The plans in force, and who reported their tasks in an earlier period."""
    plans = turns.newest_plans(JudgingPlan.objects.values_list("task", flat=True).distinct())
    earlier = Assignment.objects.none()
    if plans:
        begun = timezone.localdate(min(plan.set_at for plan in plans.values()))
        earlier = Assignment.objects.filter(
            task__in={task for task, _ in plans},
            state__in=("submitted", "returned", "accepted"),
            counts_in__data_to__lt=begun,
        )
    reported = frozenset(earlier.values_list("task", "unit"))
    return turns.Desk(working_calendar(), plans, frozenset(), reported)


def in_nobodys_name(now: dt.datetime) -> Person:
    """The account illustrative reports stand under: no password, no role, switched off."""
    nobody, is_new = Person.objects.get_or_create(
        username=NOBODY,
        defaults={
            "full_name": "Số liệu minh họa",
            "is_active": False,
            "is_demonstration": True,
            "joined_at": now,
        },
    )
    if is_new:
        nobody.set_unusable_password()
        nobody.save()
    return nobody


def _words(path: Path) -> Words:
    data = read_toml(path)
    by_kind = {}
    for row in toml_tables(path, data, "texts"):
        kind = row.text("kind")
        if kind not in KINDS:
            raise row.fail("kind", "không phải loại cách thức nào")
        by_kind[kind] = _needed(row)
    if "other" not in by_kind:
        raise Record(path.name, {}).fail("kind", "thiếu câu cho loại “other”")
    quiet, back = (
        [words for row in toml_tables(path, data, name) for words in _needed(row)]
        for name in ("nothing_arose", "returned")
    )
    return Words(by_kind, quiet, back)


def _needed(row: Record) -> tuple[str, ...]:
    words = row.texts("words")
    if not words:
        raise row.fail("words", "để trống")
    return words


def _evidence(folder: Path, nobody: Person, now: dt.datetime) -> dict[int, list[Evidence]]:
    """A few pieces for every unit that reported; the files are stored once for all."""
    path = folder / REPORTS
    data = read_toml(path)
    units = (
        Assignment.objects.filter(is_illustrative=True, reports__isnull=True)
        .exclude(updated_at__isnull=True)
        .order_by()
        .values_list("unit_id", flat=True)
        .distinct()
    )
    patterns: list[dict[str, Any]] = [
        {"kind": Evidence.Kind.LINK, "title": row.text("title"), "url": row.text("url")}
        for row in toml_tables(path, data, "links")
    ]
    for row in toml_tables(path, data, "files"):
        file = folder / row.text("file")
        try:
            stored = files.store(file.read_bytes(), name=file.name, now=now)
        except OSError as error:
            raise row.fail("file", f"không đọc được {file.name}: {error.strerror}") from error
        patterns.append(
            {
                "kind": Evidence.Kind.FILE,
                "title": row.text("title"),
                "file": stored,
                "content_type": row.text("content_type"),
            }
        )
    made = Evidence.objects.bulk_create(
        Evidence(unit_id=unit, added_by=nobody, added_at=now, is_illustrative=True, **pattern)
        for unit in units
        for pattern in patterns
    )
    found: dict[int, list[Evidence]] = {}
    for piece in made:
        found.setdefault(piece.unit_id, []).append(piece)
    return found
