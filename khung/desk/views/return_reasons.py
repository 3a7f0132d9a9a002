"""The managed list of reasons for which reports are returned."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from khung.base import clock
from khung.base.versions import StaleRecord
from khung.desk import asked
from khung.desk.forms_judging import AddReason, RewordReason
from khung.desk.permissions import DeskRequest, requires
from khung.reports import actions
from khung.reports.models import ReturnReason
from khung.rules.permissions import Permission

CONFLICT, INVALID = 409, 422


@requires(Permission.VIEW_JUDGED_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def return_reasons(request: DeskRequest) -> HttpResponse:
    """The list for those who judge; a coordinator adds to it here."""
    may = request.acting.may(Permission.PLAN_JUDGING)
    form, status = AddReason(request.POST or None), 200
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        status = INVALID
        if form.is_valid():
            try:
                actions.add_reason(text=form.cleaned_data["text"], by=request.user, now=clock.now())
            except actions.ReasonKnown as why:
                form.add_error("text", str(why))
            else:
                messages.success(request, gettext("Đã thêm lý do."))
                return redirect("return_reasons")
    found = list(ReturnReason.objects.all())
    context = {
        "form": form,
        "may_edit": may,
        "used": [one for one in found if one.is_active],
        "retired": [one for one in found if not one.is_active],
    }
    return render(request, "desk/judging/reasons.html", context, status=status)


@require_POST
@requires(Permission.PLAN_JUDGING)
def propose(request: DeskRequest) -> HttpResponse:
    """Fills an empty list with the proposed reasons."""
    if actions.add_proposed_reasons(by=request.user, now=clock.now()):
        messages.success(request, gettext("Đã lập danh mục gợi ý; hãy sửa cho hợp với tỉnh."))
    return redirect("return_reasons")


@requires(Permission.PLAN_JUDGING)
@require_http_methods(["GET", "HEAD", "POST"])
def reword(request: DeskRequest, pk: int) -> HttpResponse:
    """Other words for a reason; where somebody saved meanwhile, both texts are shown."""
    reason = get_object_or_404(ReturnReason, pk=pk)
    initial = {"text": reason.text, "version": reason.version}
    form, status = RewordReason(request.POST or None, initial=initial), 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                actions.reword_reason(
                    reason=reason, **form.cleaned_data, by=request.user, now=clock.now()
                )
            except actions.ReasonKnown as why:
                form.add_error("text", str(why))
            except StaleRecord:
                reason.refresh_from_db()
                form.meet({"text": reason.text}, reason.version)
                status = CONFLICT
            else:
                messages.success(request, gettext("Đã sửa lý do."))
                return redirect("return_reasons")
    return render(
        request, "desk/judging/reason.html", {"form": form, "reason": reason}, status=status
    )


@require_POST
@requires(Permission.PLAN_JUDGING)
def retire(request: DeskRequest, pk: int) -> HttpResponse:
    """Takes a reason out of the choices, or brings it back."""
    reason = get_object_or_404(ReturnReason, pk=pk)
    version = request.POST.get("version", "")
    is_active = request.POST.get("use") == "1"
    try:
        actions.retire_reason(
            reason=reason,
            version=int(version) if asked.is_id(version) else reason.version,
            is_active=is_active,
            by=request.user,
            now=clock.now(),
        )
    except StaleRecord:
        messages.error(
            request, gettext("Người khác vừa sửa lý do này; hãy xem lại danh mục rồi làm lại.")
        )
    else:
        told = gettext("Đã dùng lại lý do.") if is_active else gettext("Đã ngừng dùng lý do.")
        messages.success(request, told)
    return redirect("return_reasons")


@require_POST
@requires(Permission.PLAN_JUDGING)
def move(request: DeskRequest) -> HttpResponse:
    """Moves a reason one place up or down among those in use."""
    used = list(ReturnReason.objects.filter(is_active=True).values_list("pk", flat=True))
    moved, up = request.POST.get("reason", ""), request.POST.get("to") == "up"
    if asked.is_id(moved) and int(moved) in used:
        at = used.index(int(moved))
        to = at - 1 if up else at + 1
        if 0 <= to < len(used):
            used[at], used[to] = used[to], used[at]
            actions.order_reasons(order=used, by=request.user, now=clock.now())
    return redirect("return_reasons")
