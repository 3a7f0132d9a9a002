"""Bringing counts of other systems in as evidence: all rows of a table, or none."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from khung.assignments.actions import change_state
from khung.assignments.models import OPEN_STATES, Assignment, Period
from khung.assignments.queries import of_period
from khung.base.audit import record
from khung.orgs.acting import require
from khung.orgs.models import Person
from khung.reports import drafting, figures_import, proofs
from khung.reports.actions.evidence import TooMany
from khung.reports.figures_import import Figure, ReadRow
from khung.reports.models import Evidence, EvidenceUse, Report
from khung.reports.spreadsheets.table import Problem
from khung.rules.figures import FIGURES
from khung.rules.permissions import Permission

RECORD_KIND = "imported_figures"


class FiguresNotTaken(Exception):
    """Nothing was taken; `problems` say why, cell by cell."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} problems")


@dataclass(frozen=True, slots=True)
class Brought:
    """How many counts were new or corrected, how many drafts they now prove, and how many reports
    were sent, let off or locked already and stay as they are."""

    counts: int
    reports: int
    closed: int


@transaction.atomic
def import_figures(
    *,
    period: Period,
    rows: Sequence[ReadRow],
    tasks: Mapping[str, Sequence[int]],
    name: str,
    by: Person,
    now: dt.datetime,
) -> Brought:
    """Makes each row of a file named `name` evidence of its unit, under the tasks of its kind.

    `tasks` are ids of task versions by kind of figure. The same count again is one piece: a
    corrected one replaces it where it was not sent yet. No report is sent by it. Raises
    FiguresNotTaken, TooMany, PermissionDenied.
    """
    today = timezone.localdate(now)
    require(by, Permission.IMPORT_FIGURES, today)
    read = figures_import.understood(rows, period, today)
    places = _places(period, read.found, tasks, by, today)
    problems = [*read.problems, *_homeless(read.found, places)]
    if problems:
        raise FiguresNotTaken(problems)
    pieces, changed = _pieces(period, read.found, name=name, by=by, now=now)
    reports, closed = 0, 0
    for assignment, figures in _by_assignment(places):
        if assignment.state not in OPEN_STATES or today > assignment.locks_on:
            closed += 1
        else:
            proved = [(pieces[one.uuid(period)], one) for one in figures]
            reports += _attach(assignment, proved, changed, by=by, now=now)
    if changed or reports:
        record(
            by=by,
            now=now,
            verb="figures.imported",
            subject=f"period:{period.pk}",
            data={
                "counts": len(changed),
                "reports": reports,
                "code": period.code,
                "file": name,
            },
        )
    return Brought(len(changed), reports, closed)


Places = list[tuple[Figure, list[Assignment]]]


def _places(
    period: Period,
    figures: Sequence[Figure],
    tasks: Mapping[str, Sequence[int]],
    by: Person,
    today: dt.date,
) -> Places:
    """Which assignments each count goes to, all of them held until the end."""
    reach = figures_import.reach_of(by, today)
    chosen = {pk for kind in tasks.values() for pk in kind}
    asked = of_period(reach, period).filter(
        unit__in={one.unit.pk for one in figures}, task_version__in=chosen
    )
    held = Assignment.objects.filter(pk__in=asked.order_by().values("pk"))
    found: dict[tuple[int, int], list[Assignment]] = {}
    for one in held.select_for_update(of=("self",)).select_related("unit").order_by("pk"):
        found.setdefault((one.unit_id, one.task_version_id), []).append(one)
    return [
        (
            one,
            [it for task in tasks.get(one.kind, ()) for it in found.get((one.unit.pk, task), ())],
        )
        for one in figures
    ]


def _homeless(figures: Sequence[Figure], places: Places) -> Iterable[Problem]:
    """A problem for each count that none of the chosen tasks of its unit can take."""
    for one, found in places:
        if not found:
            yield figures_import.homeless(one)


def _by_assignment(places: Places) -> list[tuple[Assignment, list[Figure]]]:
    """The counts of each assignment, in the order in which they are held."""
    found: dict[int, tuple[Assignment, list[Figure]]] = {}
    for figure, assignments in places:
        for one in assignments:
            found.setdefault(one.pk, (one, []))[1].append(figure)
    return [found[pk] for pk in sorted(found)]


def _pieces(
    period: Period, figures: Sequence[Figure], *, name: str, by: Person, now: dt.datetime
) -> tuple[dict[uuid.UUID, Evidence], set[int]]:
    """The evidence of each count, made or corrected; the ids of those that changed."""
    ids = [one.uuid(period) for one in figures]
    known = {
        one.record_uuid: one
        for one in Evidence.objects.filter(record_kind=RECORD_KIND, record_uuid__in=ids).order_by(
            "pk"
        )
    }
    pieces: dict[uuid.UUID, Evidence] = {}
    changed: set[int] = set()
    for figure, key in zip(figures, ids, strict=True):
        piece = known.get(key)
        if piece is None or piece.title != figure.title:
            piece = _renewed(period, figure, piece, name=name, by=by, now=now)
            changed.add(piece.pk)
        pieces[key] = piece
    return pieces, changed


def _renewed(
    period: Period,
    figure: Figure,
    before: Evidence | None,
    *,
    name: str,
    by: Person,
    now: dt.datetime,
) -> Evidence:
    """The piece that says the count as it is now; one that was sent stays as it was sent."""
    is_sent = before is not None and proofs.is_fixed(before)
    piece = before if before is not None and not is_sent else Evidence()
    piece.unit, piece.kind = figure.unit, Evidence.Kind.FIGURES
    piece.title, piece.details = figure.title, {"numbers": figure.numbers}
    piece.record_kind, piece.record_uuid = RECORD_KIND, figure.uuid(period)
    piece.snapshot = {
        "figure": figure.kind,
        "count": figure.count,
        "first": figure.first.isoformat(),
        "last": figure.last.isoformat(),
        "source": figure.source,
        "period": period.code,
        "file": name,
    }
    piece.added_by, piece.added_at = by, now
    piece.save()
    if is_sent:
        EvidenceUse.objects.filter(evidence=before, report__sent_at__isnull=True).delete()
    return piece


def _attach(
    assignment: Assignment,
    proved: Sequence[tuple[Evidence, Figure]],
    changed: set[int],
    *,
    by: Person,
    now: dt.datetime,
) -> bool:
    """Puts the pieces into the draft, begun where there is none; whether anything is new there."""
    draft = drafting.newest(assignment)
    there = set(draft.uses.values_list("evidence", flat=True)) if draft else set()
    is_draft = draft is not None and draft.sent_at is None
    fresh = [(piece, one) for piece, one in proved if piece.pk not in there or not is_draft]
    told = [piece for piece, _ in proved if piece.pk in changed] or [piece for piece, _ in fresh]
    if not told:
        return False
    report = _draft(assignment, by=by, now=now)
    there = set(report.uses.values_list("evidence", flat=True))
    new = [(piece, one) for piece, one in fresh if piece.pk not in there]
    if len(there) + len(new) > settings.EVIDENCE_PER_REPORT:
        raise TooMany
    methods = proofs.methods_of(assignment)
    for piece, figure in new:
        fits = [one for one in methods if one.kind in FIGURES[figure.kind].method_kinds]
        # Under the method it proves where that is plain, else under the whole task.
        method = fits[0] if len(fits) == 1 else None
        EvidenceUse.objects.create(report=report, evidence=piece, method=method)
    titles = ", ".join(f"“{piece.title}”" for piece in told[:3]) + (", …" if told[3:] else "")
    record(
        by=by,
        now=now,
        verb="evidence.figures_brought",
        subject=f"assignment:{assignment.pk}",
        data={"pieces": len(told), "titles": titles},
    )
    return True


def _draft(assignment: Assignment, *, by: Person, now: dt.datetime) -> Report:
    """The draft of a held assignment for somebody who may not write it otherwise.

    What the head approved before is not approved any more: it proves something else now.
    """
    if assignment.state == "in_progress":
        Assignment.objects.filter(pk=assignment.pk).update(updated_at=now)
    else:
        change_state(
            assignment=assignment,
            verb="update",
            version=None,
            by=by,
            now=now,
            under=Permission.IMPORT_FIGURES,
        )
    draft = drafting.begin(assignment, now)
    draft.approved_by = draft.approved_at = None
    draft.save(update_fields=["approved_by", "approved_at"])
    return draft
