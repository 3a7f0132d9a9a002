"""The documents that allow progress by unit to be published."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from khung.assignments import actions
from khung.assignments.models import ProgressDisclosure
from khung.base import clock
from khung.desk.forms_coordination import RecordDisclosure
from khung.desk.permissions import DeskRequest, requires
from khung.frameworks import queries as frameworks
from khung.rules.permissions import Permission

PAGE_SIZE = 50
INVALID = 422


@requires(Permission.VIEW_FRAMEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
def disclosures(request: DeskRequest) -> HttpResponse:
    """The documents that allow progress by unit to be published; a coordinator records one here."""
    framework = frameworks.in_force_on(clock.today())
    may = request.acting.may(Permission.RECORD_DISCLOSURE)
    form = RecordDisclosure(request.POST or None)
    status = 200
    if request.method == "POST":
        if not may or framework is None:
            raise PermissionDenied
        status = INVALID
        if form.is_valid():
            try:
                actions.record_disclosure(
                    framework=framework, **form.cleaned_data, by=request.user, now=clock.now()
                )
            except actions.NotYetIssued as why:
                form.add_error("issued_on", str(why))
            else:
                messages.success(
                    request, gettext("Đã ghi văn bản; tiến độ từng đơn vị được công khai.")
                )
                return redirect("disclosures")
    found = ProgressDisclosure.objects.select_related("recorded_by").order_by("-recorded_at", "-id")
    return render(
        request,
        "desk/coordination/disclosures.html",
        {
            "form": form,
            "may_record": may and framework is not None,
            "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
            "in_force": found.filter(withdrawn_at__isnull=True).count(),
        },
        status=status,
    )


@requires(Permission.RECORD_DISCLOSURE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_disclosure(request: DeskRequest, disclosure_id: int) -> HttpResponse:
    """Asks once more, then ends the publication that one document allowed."""
    in_force = ProgressDisclosure.objects.filter(withdrawn_at__isnull=True)
    found = get_object_or_404(in_force, pk=disclosure_id)
    if request.method != "POST":
        others = in_force.filter(framework=found.framework_id).exclude(pk=found.pk)
        return render(
            request,
            "desk/coordination/disclosure_withdraw.html",
            {"disclosure": found, "others": others.count()},
        )
    actions.withdraw_disclosure(disclosure=found, by=request.user, now=clock.now())
    messages.success(request, gettext("Đã dừng công khai theo văn bản này."))
    return redirect("disclosures")
