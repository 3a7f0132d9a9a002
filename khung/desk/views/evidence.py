"""Adding evidence to a draft, saying what it is, taking it out."""

from contextlib import ExitStack

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from khung.assignments.models import Assignment
from khung.base import clock
from khung.desk.evidence_pages import (
    WRITES,
    Told,
    answer,
    method_of,
    panel_context,
    ready_files,
    refusals,
    tell_added,
    use_written_by,
    wants_panel,
    written_by,
)
from khung.desk.forms_evidence import AddEvidence, ChangeEvidence
from khung.desk.permissions import DeskRequest, requires
from khung.frameworks.models import TaskItem
from khung.reports import actions, proofs


@requires(*WRITES)
@require_http_methods(["GET", "HEAD", "POST"])
def add_evidence(request: DeskRequest, pk: int) -> HttpResponse:
    """The page to add evidence for a method (`?method=`), and where the sheet sends files to."""
    assignment = written_by(request, pk)
    method = method_of(request, assignment)
    kind, today = method.kind if method else "", clock.today()
    form = AddEvidence(method_kind=kind, today=today)
    told = Told()
    status = 200
    if request.method == "POST":
        form = AddEvidence(request.POST, request.FILES, method_kind=kind, today=today)
        if form.is_valid():
            _add(request, assignment, method, form, told)
        elif wants_panel(request):
            told.failed = [str(error) for found in form.errors.values() for error in found]
        if wants_panel(request):
            return answer(request, assignment, told, method)
        status = 200 if form.is_valid() and not told.failed else 422
        if status == 200:
            form = AddEvidence(method_kind=kind, today=today)
    return render(
        request,
        "desk/evidence/add.html",
        {**panel_context(assignment, told, method), "method": method, "form": form},
        status=status,
    )


def _add(
    request: DeskRequest,
    assignment: Assignment,
    method: TaskItem | None,
    form: AddEvidence,
    told: Told,
) -> None:
    """Takes what can be taken of what was handed in; a file is taken whole or not at all."""
    handed_in, keep_origin = form.cleaned_data["evidence"], form.cleaned_data["keep_origin"]
    with refusals(told), ExitStack() as stack:
        ready = ready_files(stack, handed_in, told, keep_origin=keep_origin)
        if handed_in and not ready:
            # What was said is about a file that was not taken; the form keeps it.
            return
        added = actions.add_evidence(
            assignment=assignment,
            method=method,
            handed_in=ready,
            said=form.said,
            by=request.user,
            now=clock.now(),
        )
        tell_added(told, added)


@requires(*WRITES)
@require_http_methods(["GET", "HEAD", "POST"])
def change_evidence(request: DeskRequest, use_id: int) -> HttpResponse:
    """What is said of a piece in a draft, and the way to take it out."""
    use = use_written_by(request, use_id)
    form = ChangeEvidence(
        request.POST if request.method == "POST" else None,
        initial=ChangeEvidence.of(use.evidence),
        method_kind=use.method.kind if use.method else "",
        today=clock.today(),
    )
    if request.method == "POST" and form.is_valid():
        told = Told()
        with refusals(told):
            actions.change_evidence(use=use, said=form.said, by=request.user, now=clock.now())
            messages.success(request, gettext("Đã lưu thông tin của tài liệu."))
            return redirect("report_line", use.report.assignment_id)
        for words in told.failed:
            form.add_error(None, words)
    context = {
        "use": use,
        "piece": use.evidence,
        "assignment": use.report.assignment,
        "form": form,
        "is_fixed": proofs.is_fixed(use.evidence),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/evidence/change.html", context, status=status)


@requires(*WRITES)
@require_POST
def remove_evidence(request: DeskRequest, use_id: int) -> HttpResponse:
    """Takes a piece out of a draft; a file nothing else stands on is deleted."""
    use = use_written_by(request, use_id)
    told = Told()
    with refusals(told):
        went = actions.remove_evidence(use=use, by=request.user, now=clock.now())
        told.told.append(
            gettext("Đã xóa tài liệu.")
            if went
            else gettext("Đã bỏ tài liệu khỏi báo cáo này; nơi khác đang dùng thì vẫn còn.")
        )
    return answer(request, use.report.assignment, told)
