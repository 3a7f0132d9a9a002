"""Using again what the unit keeps: another task's file, an earlier period's proof."""

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from khung.assignments.models import Assignment
from khung.base import clock
from khung.base.wording import number
from khung.desk.evidence_pages import (
    WRITES,
    Told,
    answer,
    is_id,
    method_of,
    refusals,
    where,
    written_by,
)
from khung.desk.permissions import DeskRequest, requires
from khung.frameworks.models import TaskItem
from khung.reports import actions, proofs
from khung.reports.models import Evidence
from khung.rules.text import squeeze

PAGE_SIZE = 20


@requires(*WRITES)
@require_http_methods(["GET", "HEAD", "POST"])
def reuse_evidence(request: DeskRequest, pk: int) -> HttpResponse:
    """What the unit keeps already, for this task too; what is still valid comes first."""
    assignment = written_by(request, pk)
    method = method_of(request, assignment)
    if request.method != "POST":
        return _page(request, assignment, method)
    told = Told()
    with refusals(told):
        used = actions.reuse_evidence(
            assignment=assignment,
            method=method,
            evidence=_chosen(request),
            by=request.user,
            now=clock.now(),
        )
        _tell(told, used, gettext("Chưa chọn tài liệu nào, hoặc tài liệu đã có ở đây."))
    return answer(request, assignment, told, method)


@requires(*WRITES)
@require_POST
def carry_over(request: DeskRequest, pk: int) -> HttpResponse:
    """Takes what proved the task before, and still holds, into this draft: by one tick."""
    assignment = written_by(request, pk)
    told = Told()
    with refusals(told):
        used = actions.carry_over(
            assignment=assignment, only=_chosen(request) or None, by=request.user, now=clock.now()
        )
        nothing = gettext(
            "Không còn tài liệu kỳ trước nào để lấy: đã lấy hết, hoặc đã hết hiệu lực."
        )
        _tell(told, used, nothing)
    return answer(request, assignment, told)


def _chosen(request: DeskRequest) -> list[int]:
    ticked = request.POST.getlist("evidence")
    return [int(text) for text in ticked[:100] if is_id(text)]


def _tell(told: Told, used: Sequence[Evidence], nothing: str) -> None:
    n = len(used)
    if n:
        told.told.append(
            ngettext("Đã lấy %(n)s tài liệu.", "Đã lấy %(n)s tài liệu.", n) % {"n": number(n)}
        )
    else:
        told.failed.append(nothing)


def _page(request: DeskRequest, assignment: Assignment, method: TaskItem | None) -> HttpResponse:
    today, words = clock.today(), squeeze(request.GET.get("q", ""))[:100]
    one = request.GET.get("evidence", "")
    found = proofs.reusable(assignment.unit, words, today)
    if is_id(one):
        found = found.filter(pk=int(one))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    places = proofs.places_of([piece.pk for piece in page])
    return render(
        request,
        "desk/evidence/reuse.html",
        {
            "assignment": assignment,
            "method": method,
            "methods": proofs.methods_of(assignment),
            "words": words,
            "is_one": is_id(one),
            "page": page,
            "rows": [(piece, where(places[piece.pk])) for piece in page],
            "valid": proofs.still_valid([assignment], today)[assignment.pk],
        },
    )
