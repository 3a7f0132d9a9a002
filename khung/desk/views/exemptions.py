"""Asking for an exemption, and the list where the coordinator answers."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khung.assignments.calendar import working_calendar
from khung.assignments.models import Assignment
from khung.base import clock
from khung.base.versions import StaleRecord
from khung.desk.exports import exported
from khung.desk.forms_unit_side import Again, AnswerExemption, ProposeExemption
from khung.desk.list_words import proposal_cells, proposal_columns
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import Row, rows
from khung.orgs.acting import Acting
from khung.reports.actions.exemptions import (
    NotProposed,
    answer_exemption,
    propose_exemption,
    restore_exempted,
    withdraw_proposal,
)
from khung.reports.models import ExemptionProposal
from khung.reports.reach import assignments_visible
from khung.reports.unit_side import not_exempted, proposals_visible, proposing_unit
from khung.rules.permissions import Permission
from khung.rules.workflow import NotAllowed

PAGE_SIZE = 50
CONFLICT, INVALID = 409, 422
WHO_READS = (
    Permission.PROPOSE_EXEMPTION,
    Permission.EXEMPT_WORK,
    Permission.VIEW_ALL_WORK,
)


def _visible(acting: Acting) -> QuerySet[Assignment]:
    return (
        assignments_visible(acting)
        .select_related("task_version", "unit", "period", "occasion", "counts_in")
        .prefetch_related("task_version__items")
    )


def _row(found: Assignment) -> Row:
    (row,) = rows([found], working_calendar(), clock.today())
    return row


@requires(Permission.PROPOSE_EXEMPTION)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: DeskRequest, pk: int) -> HttpResponse:
    """Asks the coordinator to let a unit off one assignment."""
    found = get_object_or_404(_visible(request.acting), pk=pk)
    proposing_unit(request.user, found, clock.today())
    form = ProposeExemption(request.POST or None)
    closed = not_exempted(found)
    status, refused = 200, closed
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                propose_exemption(
                    assignment=found, **form.cleaned_data, by=request.user, now=clock.now()
                )
            except NotProposed as why:
                refused, status = str(why), CONFLICT
            else:
                messages.success(
                    request,
                    gettext(
                        "Đã gửi đề nghị miễn. Nhiệm vụ vẫn phải báo cáo cho đến khi được miễn."
                    ),
                )
                return redirect("exemptions")
    return render(
        request,
        "desk/unit_side/propose_exemption.html",
        {
            "it": found,
            "row": _row(found),
            "form": form,
            "refused": refused,
            "closed": closed,
            "earlier": found.exemption_proposals.select_related(
                "by_unit", "proposed_by", "answered_by"
            ).order_by("-proposed_at"),
        },
        status=status,
    )


@requires(*WHO_READS)
@require_safe
def exemptions(request: DeskRequest) -> HttpResponse:
    """The proposals somebody may see, those waiting for an answer first, the oldest before.

    `?export=xlsx|csv` gives them as a file.
    """
    found = proposals_visible(request.acting)
    if file := exported(request, found, "de-nghi-mien", proposal_columns(), proposal_cells):
        return file
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    words = rows([one.assignment for one in page], working_calendar(), clock.today())
    unit = request.acting.unit
    return render(
        request,
        "desk/unit_side/exemptions.html",
        {
            "page": page,
            "proposals": list(zip(page, words, strict=True)),
            "waiting": found.filter(answered_at__isnull=True).count(),
            "answers": request.acting.may(Permission.EXEMPT_WORK),
            "proposes": request.acting.may(Permission.PROPOSE_EXEMPTION),
            "unit_id": unit.pk if unit else None,
        },
    )


@requires(Permission.EXEMPT_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: DeskRequest, pk: int) -> HttpResponse:
    """The coordinator reads one proposal and answers it."""
    found = get_object_or_404(proposals_visible(request.acting), pk=pk)
    form = AnswerExemption(request.POST or None, initial={"version": found.version})
    status, refused = 200, ""
    if request.method == "POST":
        status, refused = _answered(request, found, form)
        if not status:
            return redirect("exemptions")
    return render(
        request,
        "desk/unit_side/answer_exemption.html",
        {
            "proposal": found,
            "it": found.assignment,
            "row": _row(found.assignment),
            "form": form,
            "refused": refused,
        },
        status=status,
    )


def _answered(
    request: DeskRequest, found: ExemptionProposal, form: AnswerExemption
) -> tuple[int, str]:
    """Answers; (0, "") or the status of the page shown again and what was in the way."""
    if not form.is_valid():
        return INVALID, ""
    try:
        answer_exemption(proposal=found, **form.cleaned_data, by=request.user, now=clock.now())
    except (NotProposed, NotAllowed) as why:
        return CONFLICT, str(why)
    except StaleRecord as stale:
        found.refresh_from_db()
        theirs = cast(ExemptionProposal, stale.current)
        who = theirs.answered_by.full_name if theirs.answered_by else gettext("người khác")
        return CONFLICT, gettext(
            "%(who)s vừa trả lời đề nghị này. Ý kiến của bạn chưa được ghi."
        ) % {"who": who}
    granted = form.cleaned_data["is_granted"]
    messages.success(
        request,
        gettext("Đã miễn nhiệm vụ.") if granted else gettext("Đã trả lời không đồng ý miễn."),
    )
    return 0, ""


@requires(Permission.PROPOSE_EXEMPTION)
@require_POST
def withdraw(request: DeskRequest, pk: int) -> HttpResponse:
    """The unit that asked takes its proposal back."""
    found = get_object_or_404(proposals_visible(request.acting), pk=pk)
    form = Again(request.POST)
    if form.is_valid():
        try:
            withdraw_proposal(proposal=found, **form.cleaned_data, by=request.user, now=clock.now())
        except StaleRecord:
            messages.error(request, gettext("Đề nghị này vừa được trả lời, không rút được nữa."))
        else:
            messages.success(request, gettext("Đã rút đề nghị miễn."))
    return redirect("exemptions")


@requires(Permission.EXEMPT_WORK)
@require_POST
def restore(request: DeskRequest, pk: int) -> HttpResponse:
    """The coordinator takes an exemption back."""
    found = get_object_or_404(_visible(request.acting), pk=pk)
    form = Again(request.POST)
    if not form.is_valid():
        return redirect("exemptions")
    try:
        restore_exempted(assignment=found, **form.cleaned_data, by=request.user, now=clock.now())
    except (StaleRecord, NotAllowed):
        messages.error(request, gettext("Nhiệm vụ vừa được người khác sửa; hãy xem lại."))
    else:
        messages.success(request, gettext("Đã bỏ miễn: đơn vị lại phải báo cáo nhiệm vụ này."))
    return redirect("exemptions")
