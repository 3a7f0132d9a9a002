"""One result of several agencies: offering the unit's own, confirming another's."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from khung.assignments.calendar import working_calendar
from khung.assignments.models import Assignment
from khung.base import clock
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import rows
from khung.desk.sent_words import tell_sent
from khung.reports import drafting, joint
from khung.reports.actions import send_reports
from khung.reports.actions.joint import NotJoint, confirm_joint, offer_joint, withdraw_joint
from khung.reports.models import JointOffer, Report
from khung.reports.proofs import proofs_of
from khung.reports.reach import assignments_visible
from khung.rules.permissions import Permission
from khung.rules.workflow import NotAllowed

CONFLICT = 409


@requires(Permission.SUBMIT_REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def joint_result(request: DeskRequest, pk: int) -> HttpResponse:
    """What other agencies offer for the unit's assignment, or what it offers them."""
    found = get_object_or_404(
        assignments_visible(request.acting)
        .filter(unit=request.acting.unit)
        .select_related("task_version", "unit", "period", "occasion", "counts_in")
        .prefetch_related("task_version__items"),
        pk=pk,
    )
    status, refused = 200, ""
    if request.method == "POST":
        try:
            _do(request, found)
        except (NotJoint, NotAllowed, drafting.Locked) as why:
            status, refused = CONFLICT, str(why)
        else:
            return redirect("joint_result", pk)
    context = _page(found) | {"refused": refused}
    return render(request, "desk/unit_side/joint_result.html", context, status=status)


def _do(request: DeskRequest, found: Assignment) -> None:
    by, now, do = request.user, clock.now(), request.POST.get("do")
    if do == "confirm":
        offer = get_object_or_404(JointOffer, pk=_posted(request, "offer"))
        draft = confirm_joint(
            assignment=found, offer=offer, version=_posted(request, "version"), by=by, now=now
        )
        messages.success(request, gettext("Đã xác nhận kết quả chung vào báo cáo của đơn vị."))
        tell_sent(request, send_reports(drafts=[draft.pk], by=by, now=now))
        return
    last = drafting.newest(found)
    if do == "withdraw":
        offer = get_object_or_404(
            JointOffer, pk=_posted(request, "offer"), report__assignment=found
        )
        withdraw_joint(offer=offer, by=by, now=now)
        messages.success(request, gettext("Đã thôi dùng chung kết quả này."))
    elif last is not None:
        offer_joint(report=last, by=by, now=now)
        messages.success(
            request, gettext("Các cơ quan cùng thực hiện đã xác nhận được kết quả này.")
        )


def _posted(request: DeskRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _page(found: Assignment) -> dict[str, Any]:
    (row,) = rows([found], working_calendar(), clock.today())
    last = drafting.newest(found)
    offer = JointOffer.objects.filter(report=last).select_related("offered_by").first()
    confirmed = Report.objects.filter(joint_with__assignment=found).order_by("number")
    offers = joint.offers_to(found)
    proofs = proofs_of([one.report_id for one in offers])
    return {
        "it": found,
        "row": row,
        "last": last,
        "draft": last if last is not None and last.sent_at is None else None,
        "own": offer,
        "can_offer": last is not None and not offer and joint.is_standing(last),
        "peers": joint.peers(found, list(confirmed)),
        "offers": [(one, proofs[one.report_id]) for one in offers],
    }
