"""The head's page: every complete draft of the unit, read at a glance, approved or sent at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from khung.assignments.calendar import working_calendar
from khung.assignments.models import Period
from khung.base import clock
from khung.desk import asked
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import Row, rows
from khung.desk.sent_words import tell_approved, tell_sent
from khung.frameworks.models import TaskItem
from khung.orgs.models import Unit
from khung.reports import drafting
from khung.reports.actions import approve_reports, send_reports
from khung.reports.models import EvidenceUse, Occurrence
from khung.reports.proofs import occurrences_of, proofs_of
from khung.reports.unit_side import Line, habit_of, lines_of
from khung.rules.permissions import Permission

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """A complete draft as the head reads it."""

    line: Line
    row: Row
    proofs: Sequence[EvidenceUse]
    mark: str
    is_ticked: bool
    occurrences: Sequence[Occurrence]

    @property
    def methods_done(self) -> list[TaskItem]:
        """The methods the draft says were used."""
        done = set(self.line.draft.methods_done) if self.line.draft else set()
        return [item for item in self.row.task.methods if item.pk in done]


@requires(Permission.APPROVE_REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: DeskRequest) -> HttpResponse:
    """What waits for the head; a post approves or sends the ticked ones as they were read."""
    unit, period = request.acting.unit, asked.period(request)
    if unit is None or period is None:
        return render(request, "desk/my_work_empty.html", {"unit": unit})
    if request.method == "POST":
        seen = _seen(request)
        if not seen:
            said = gettext("Chưa chọn báo cáo nào. Đánh dấu báo cáo rồi bấm lại.")
            messages.warning(request, said)
        elif request.POST.get("do") == "send":
            by, now = request.user, clock.now()
            tell_sent(request, send_reports(drafts=list(seen), seen=seen, by=by, now=now))
        else:
            by, now = request.user, clock.now()
            tell_approved(request, approve_reports(drafts=list(seen), seen=seen, by=by, now=now))
        query = request.GET.urlencode()
        return redirect(f"{reverse('approve')}?{query}" if query else "approve")
    return render(request, "desk/unit_side/approve.html", _page(request, unit, period))


def _seen(request: DeskRequest) -> dict[int, str]:
    """The ticked drafts, each with the mark of what the head read."""
    seen = {}
    for ticked in request.POST.getlist("draft"):
        pk, _, mark = ticked.partition(":")
        if asked.is_id(pk):
            seen[int(pk)] = mark
    return seen


def _page(request: DeskRequest, unit: Unit, period: Period) -> dict[str, Any]:
    every, today = lines_of(unit, period), clock.today()
    complete = [line for line in every if line.is_complete]
    # What nobody approved yet comes first; of those, what is due first.
    complete.sort(key=lambda line: (_is_approved(line), line.assignment.due_on))
    page = Paginator(complete, PAGE_SIZE).get_page(request.GET.get("page"))
    lacking = [line for line in every if line.is_lacking]
    calendar = working_calendar()
    words = rows([line.assignment for line in (*page, *lacking)], calendar, today)
    drafts = [line.draft for line in page if line.draft]
    # Before the evidence is read, so that what comes in between is read again.
    marks = drafting.marks_of(drafts)
    proofs = proofs_of([draft.pk for draft in drafts])
    times = occurrences_of([line.assignment for line in page if line.draft])
    shown = [
        Waiting(
            line,
            row,
            proofs[line.draft.pk],
            marks[line.draft.pk],
            not _is_approved(line),
            times.get(line.assignment.pk, ()),
        )
        for line, row in zip(page, words, strict=False)
        if line.draft
    ]
    return {
        "unit": unit,
        "period": period,
        "periods": asked.opened(request),
        "page": page,
        "waiting": shown,
        "unapproved": sum(not _is_approved(line) for line in complete),
        "approved": sum(map(_is_approved, complete)),
        "lacking": list(zip(lacking, words[len(shown) :], strict=True)),
        "sent": sum(line.assignment.state in ("submitted", "accepted") for line in every),
        "owed": sum(line.assignment.state != "exempt" for line in every),
        "habit": habit_of(unit),
    }


def _is_approved(line: Line) -> bool:
    return line.draft is not None and line.draft.approved_at is not None
