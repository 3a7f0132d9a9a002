"""The lines of the sheet: what each says while closed, and all that it holds once open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext

from khung.assignments.locks import lock_of
from khung.base.wording import number
from khung.desk.forms_reporting import OccurrenceForm, ReportForm
from khung.desk.permissions import DeskRequest
from khung.desk.rows import Row
from khung.frameworks.models import TaskItem
from khung.orgs.models import Unit
from khung.reports import drafting, sheet
from khung.reports.models import Remark, Share
from khung.reports.proofs import proofs_of, still_valid
from khung.reports.unit_side import sends_instead
from khung.reports.villages import Standing, standing_by_assignment
from khung.rules.methods import EVIDENCE, EVIDENCE_LABELS, KINDS
from khung.rules.permissions import Permission


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment on the sheet; `panel` is what it holds where it is open."""

    row: Row
    drafted: sheet.Drafted | None = None
    times: int = 0
    refused: Sequence[str] = ()
    panel: Mapping[str, Any] | None = None
    share: Share | None = None
    # How the villages asked about it stand; None where none is.
    villages: Standing | None = None

    @property
    def note(self) -> str:
        """How far the draft is: "Còn thiếu 2 mục"."""
        return draft_note(self.drafted) if self.drafted else ""

    @property
    def is_complete(self) -> bool:
        return self.drafted is not None and self.drafted.is_complete

    @property
    def quota(self) -> str:
        """The times done of those asked: "1/2 lần"."""
        quota = self.row.assignment.quota
        return gettext("%(done)s/%(quota)s lần") % {"done": self.times, "quota": quota}


@dataclass(frozen=True, slots=True)
class Method:
    """One way of doing the task, as a line of the checklist."""

    item: TaskItem
    is_done: bool
    is_compulsory: bool = False
    remarks: Sequence[Remark] = field(default_factory=tuple)

    @property
    def kind(self) -> str:
        return gettext(KINDS.get(self.item.kind, KINDS["other"]))

    @property
    def asked(self) -> list[str]:
        """The evidence that shows it was done."""
        return [gettext(EVIDENCE_LABELS[code]) for code in EVIDENCE.get(self.item.kind, ())]


def draft_note(drafted: sheet.Drafted) -> str:
    """The words beside the state of an assignment whose report is being written."""
    if drafted.gaps:
        return gettext("Còn thiếu %(n)s mục") % {"n": number(len(drafted.gaps))}
    if drafted.report.approved_at is not None:
        return gettext("Đã duyệt, chưa gửi")
    if drafted.report.is_ready:
        return gettext("Đã trình duyệt")
    return gettext("Đã đủ, chưa gửi")


def panel(
    request: DeskRequest,
    row: Row,
    today: date,
    *,
    form: ReportForm | None = None,
    occurrence_form: OccurrenceForm | None = None,
) -> dict[str, Any]:
    """What an open line shows; `form` is one to be shown again with what was typed.

    The assignment comes with `unit`, `counts_in` and `period`.
    """
    it = row.assignment
    writes = sheet.writes(request.acting, it)
    opened = sheet.opened(it, may_write=writes)
    lock = lock_of(it, today) if writes and row.left is not None else None
    may_edit = writes and row.left is not None and lock is None
    newest = opened.newest
    proofs = proofs_of([newest.pk])[newest.pk] if newest else []
    if may_edit and form is None:
        form = ReportForm(assignment=it, methods=row.task.methods, written=newest)
    if may_edit and it.quota and occurrence_form is None:
        occurrence_form = OccurrenceForm(assignment=it, proofs=proofs)
    ticked = form.ticked if form and may_edit else set(newest.methods_done if newest else ())
    asked = drafting.compulsory_of(it)
    methods = [
        Method(item, item.pk in ticked, item.pk in asked, opened.method_remarks.get(item.pk, ()))
        for item in row.task.methods
    ]
    return {
        "it": it,
        "row": row,
        "opened": opened,
        "writes": writes,
        "may_edit": may_edit,
        "may_withdraw": bool(writes and newest and it.state == "submitted" and today <= it.locks_on)
        and _sends(request, it.unit, today),
        "lock": lock,
        "villages": villages_of(request, [it.pk]).get(it.pk),
        "form": form if may_edit else None,
        "occurrence_form": occurrence_form,
        "counted_span": sheet.counted_span(it) if it.quota else None,
        "methods": methods,
        "ticks": {method.item.pk: method for method in methods},
        "proofs": proofs,
        "carried": still_valid([it], today)[it.pk] if may_edit else [],
        # To read, only methods with evidence of their own: the checklist names the others.
        "proved": [
            item for item in row.task.methods if any(use.method_id == item.pk for use in proofs)
        ],
        **sending_context(request, it.unit),
    }


def villages_of(request: DeskRequest, assignment_ids: Sequence[int]) -> dict[int, Standing]:
    """How villages stand with these assignments, for who handles what they send; one query."""
    unit = request.acting.unit
    if unit is None or not request.acting.may(Permission.LINK_VILLAGES):
        return {}
    return standing_by_assignment(unit, assignment_ids)


def _sends(request: DeskRequest, unit: Unit, today: date) -> bool:
    """Whether the person sends the unit's reports, and so takes them back, or enters for it."""
    enters = request.acting.unit is not None and request.acting.unit.pk != unit.pk
    return enters or sends_instead(request.user, unit, today) is None


def sending_context(request: DeskRequest, unit: Unit) -> dict[str, Any]:
    """Whether this person may send for the unit, or hands reports to its head first."""
    enters = request.acting.unit is not None and request.acting.unit.pk != unit.pk
    approves = request.acting.may(Permission.APPROVE_REPORT)
    waits = not enters and not approves and sheet.head_approves(unit)
    return {"enters": enters, "head_first": waits, "approves": approves}
