"""Taking a filled-in spreadsheet: all of its rows, or none."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from khung.assignments.models import Assignment, Period
from khung.base.audit import record
from khung.orgs.models import Person, Unit
from khung.reports.actions.drafts import Written, save_draft
from khung.reports.actions.evidence import Said, add_evidence, reuse_evidence
from khung.reports.actions.occurrences import record_occurrence
from khung.reports.models import Evidence
from khung.reports.spreadsheets.checking import Change, Plan, plan
from khung.reports.spreadsheets.reading import ReadRow


class NotTaken(Exception):
    """Nothing was saved: `plan` has the problems, and the rows two people wrote."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(f"{len(plan.problems)} problems, {len(plan.conflicts)} conflicts")


@dataclass(frozen=True, slots=True)
class Taken:
    """How many rows were saved and how many stand as they did."""

    saved: int
    unchanged: int


@transaction.atomic
def take_spreadsheet(
    *,
    unit: Unit,
    period: Period,
    rows: Sequence[ReadRow],
    name: str,
    by: Person,
    now: dt.datetime,
) -> Taken:
    """Saves the rows of a file named `name` into the drafts of a unit's period.

    Links and occurrences are added, never taken out. Raises NotTaken if one row cannot be saved
    as it is, PermissionDenied for other units' people; what else the verbs of a report raise
    cannot happen while the rows are held.
    """
    asked = [row.key.assignment for row in rows]
    held = Assignment.objects.select_for_update(of=("self",)).filter(pk__in=asked, unit=unit)
    list(held.order_by("pk").values_list("pk"))
    found = plan(unit, period, rows, timezone.localdate(now))
    if not found.may_be_taken:
        raise NotTaken(found)
    for change in found.changes:
        _save(change, by=by, now=now)
    if found.changes:
        record(
            by=by,
            now=now,
            verb="spreadsheet.taken",
            subject=f"unit:{unit.pk}",
            data={"tasks": len(found.changes), "code": period.code, "file": name},
        )
    return Taken(len(found.changes), found.unchanged)


def _save(change: Change, *, by: Person, now: dt.datetime) -> None:
    line, said = change.line, change.said
    if change.differences:
        save_draft(
            assignment=line.assignment,
            written=Written(
                outcome=said.outcome,
                text=said.text,
                reason=said.reason,
                quantity=said.quantity,
                quantity_of=said.quantity_of,
                methods_done=tuple(line.task.methods[n - 1].pk for n in said.methods_done),
                is_ready=line.draft is not None and line.draft.is_ready,
            ),
            # The marks of the row were compared with what stands there, and it is held.
            version=None,
            by=by,
            now=now,
        )
    _add_links(change, by=by, now=now)
    for day, text in change.new_occurrences:
        record_occurrence(assignment=line.assignment, happened_on=day, text=text, by=by, now=now)


def _add_links(change: Change, *, by: Person, now: dt.datetime) -> None:
    """Adds the new addresses; one the unit keeps already is used again, not kept twice."""
    it = change.line.assignment
    kept = Evidence.objects.filter(
        unit=it.unit, kind=Evidence.Kind.LINK, url__in=change.new_links
    ).order_by("-pk")
    by_url = {piece.url: piece.pk for piece in kept}
    for url in change.new_links:
        known = by_url.get(url)
        if known and reuse_evidence(assignment=it, method=None, evidence=[known], by=by, now=now):
            continue
        add_evidence(assignment=it, method=None, handed_in=(), said=Said(url=url), by=by, now=now)
