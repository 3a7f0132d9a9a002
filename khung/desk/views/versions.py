"""Every version of a report: who and when, what changed, how it was judged."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from khung.assignments.calendar import working_calendar
from khung.base import clock
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import rows
from khung.reports.reach import assignments_visible, reports_visible
from khung.reports.versions import versions_of
from khung.rules.permissions import Permission

WHO_READS = (
    Permission.VIEW_OWN_UNIT_WORK,
    Permission.VIEW_SUBTREE_WORK,
    Permission.VIEW_JUDGED_WORK,
    Permission.VIEW_ALL_WORK,
)


@requires(*WHO_READS)
@require_safe
def versions(request: DeskRequest, pk: int) -> HttpResponse:
    """The versions of one assignment's report, for those who may see it."""
    found = get_object_or_404(
        assignments_visible(request.acting)
        .select_related("task_version", "unit", "period", "occasion")
        .prefetch_related("task_version__items"),
        pk=pk,
    )
    (row,) = rows([found], working_calendar(), clock.today())
    return render(
        request,
        "desk/unit_side/versions.html",
        {
            "it": found,
            "row": row,
            "versions": versions_of(found, reports_visible(request.acting)),
            "methods": row.task.methods,
        },
    )
