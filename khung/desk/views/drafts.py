"""A draft before it holds: earlier answers taken over into it, or the draft taken away."""

from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from khung.base import clock
from khung.base.versions import StaleRecord
from khung.desk.forms_versioned import VersionedForm
from khung.desk.permissions import DeskRequest, requires
from khung.desk.views.frameworks import framework_context, needed_framework
from khung.frameworks import actions
from khung.frameworks.models import Framework
from khung.rules.permissions import Permission


@requires(Permission.SETTLE_DOUBT)
@require_POST
def reuse_settlements(request: DeskRequest) -> HttpResponse:
    """Settles a draft's doubts as the same ones were settled before."""
    framework = needed_framework(request)
    try:
        found = actions.reuse_settlements(framework=framework, by=request.user, now=clock.now())
    except actions.NotADraft as why:
        messages.error(request, str(why))
    except StaleRecord:
        messages.error(request, gettext("Người khác vừa xử lý nghi vấn; hãy xem lại rồi làm lại."))
    else:
        messages.success(
            request,
            gettext("Đã dùng lại %(doubts)s cách xử lý và %(meanings)s cách hiểu trước.")
            % {"doubts": len(found.doubts), "meanings": len(found.meanings)},
        )
    return redirect(f"{reverse('doubts')}?version={framework.pk}")


@requires(Permission.PUT_FRAMEWORK_IN_FORCE)
@require_http_methods(["GET", "HEAD", "POST"])
def discard_draft(request: DeskRequest) -> HttpResponse:
    """Asks, then takes a draft away."""
    framework = needed_framework(request)
    form = VersionedForm(request.POST or None, initial={"version": framework.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.discard_draft(
                    framework=framework, **form.cleaned_data, by=request.user, now=clock.now()
                )
            except actions.NotADraft as why:
                form.add_error(None, str(why))
            except StaleRecord as stale:
                form.meet({}, cast(Framework, stale.current).version)
                form.add_error(None, gettext("Bộ khung vừa được người khác sửa; hãy xem lại."))
                status = 409
            else:
                messages.success(request, gettext("Đã bỏ dự thảo; tệp gốc và nhật ký vẫn giữ."))
                return redirect("framework")
    doubts = framework.doubts
    context = {
        **framework_context(request, framework),
        "form": form,
        "total": framework.tasks.count(),
        "settled": doubts.filter(settled_at__isnull=False).count(),
    }
    return render(request, "desk/framework_discard.html", context, status=status)
