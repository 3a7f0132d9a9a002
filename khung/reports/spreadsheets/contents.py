"""What the rows of the spreadsheet say as things stand: all that a unit owes in a period."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from khung.assignments.models import OPEN_STATES, Assignment, Period
from khung.assignments.work import for_page, owed_by
from khung.frameworks.tasks import WordedTask, in_columns
from khung.orgs.models import Unit
from khung.reports.models import Evidence, EvidenceUse, Occurrence, Report
from khung.reports.spreadsheets.sheet_format import Key, Said, key_of


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment as a row of the file; `pieces` counts the evidence its draft holds."""

    assignment: Assignment
    task: WordedTask
    newest: Report | None
    said: Said
    pieces: int
    is_open: bool

    @property
    def key(self) -> Key:
        return key_of(self.assignment.pk, self.said)

    @property
    def draft(self) -> Report | None:
        return self.newest if self.newest and self.newest.sent_at is None else None


def lines_of(unit: Unit, period: Period, today: dt.date) -> list[Line]:
    """The rows of a unit's period by the number of the task: six queries, whatever the number.

    A line is open while it may be written: neither sent, let off, nor locked.
    """
    owed = for_page(owed_by(unit, period)).select_related(
        "task_version", "occasion", "unit", "period", "counts_in"
    )
    found = list(owed.order_by("task_version__no", "id"))
    ids = [one.pk for one in found]
    newest = {
        one.assignment_id: one
        for one in Report.objects.filter(assignment__in=ids).order_by("assignment", "number")
    }
    links, pieces = _links([report.pk for report in newest.values()])
    times = _times(ids)
    tasks: dict[int, WordedTask] = {}
    lines = []
    for one in found:
        if one.task_version_id not in tasks:
            tasks[one.task_version_id] = in_columns(one.task_version)
        task, report = tasks[one.task_version_id], newest.get(one.pk)
        said = _said(task, report, links, times.get(one.pk, ()))
        held = pieces.get(report.pk, 0) if report else 0
        is_open = one.state in OPEN_STATES and today <= one.locks_on
        lines.append(Line(one, task, report, said, held, is_open))
    return lines


def _links(reports: Sequence[int]) -> tuple[dict[int, list[str]], dict[int, int]]:
    """The addresses under each report in the order they were added, and how many pieces it has."""
    links: dict[int, list[str]] = {}
    pieces: dict[int, int] = {}
    uses = EvidenceUse.objects.filter(report__in=reports).order_by("id")
    for report, kind, url in uses.values_list("report", "evidence__kind", "evidence__url"):
        pieces[report] = pieces.get(report, 0) + 1
        if kind == Evidence.Kind.LINK and url not in links.setdefault(report, []):
            links[report].append(url)
    return links, pieces


def _times(assignments: Sequence[int]) -> dict[int, list[tuple[dt.date, str]]]:
    found: dict[int, list[tuple[dt.date, str]]] = {}
    stand = Occurrence.objects.filter(assignment__in=assignments, withdrawn_at__isnull=True)
    for one, day, text in stand.values_list("assignment", "happened_on", "text"):
        found.setdefault(one, []).append((day, text))
    return found


def _said(
    task: WordedTask,
    report: Report | None,
    links: dict[int, list[str]],
    times: Sequence[tuple[dt.date, str]],
) -> Said:
    if report is None:
        return Said(occurrences=tuple(times))
    done = set(report.methods_done)
    return Said(
        outcome=report.outcome,
        text=report.text.strip(),
        reason=report.reason.strip(),
        quantity=report.quantity,
        quantity_of=report.quantity_of.strip(),
        methods_done=tuple(n for n, item in enumerate(task.methods, 1) if item.pk in done),
        links=tuple(links.get(report.pk, ())),
        occurrences=tuple(times),
    )
