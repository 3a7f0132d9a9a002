"""Judging together: one row a task, then its units side by side and one judgement for them."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from khung.assignments.calendar import working_calendar
from khung.base import clock
from khung.desk.judging_rows import rows
from khung.desk.permissions import DeskRequest, requires
from khung.desk.views.judging import tabs
from khung.frameworks.models import TaskItem, TaskVersion
from khung.reports import queue
from khung.reports.models import EvidenceUse
from khung.rules.permissions import Permission

PAGE_SIZE = 100


@require_safe
@requires(Permission.VIEW_JUDGED_WORK)
def together(request: DeskRequest) -> HttpResponse:
    """The tasks whose reports the unit judges together, the most pressing first."""
    unit = request.acting.unit
    if unit is None:
        return redirect("judging")
    calendar, today = working_calendar(), clock.today()
    found = [(row, calendar.left(today, row.due_on)) for row in queue.together(unit)]
    return render(request, "desk/judging/together.html", {"tasks": found, **tabs(request.acting)})


@require_safe
@requires(Permission.VIEW_JUDGED_WORK)
def task(request: DeskRequest, pk: int) -> HttpResponse:
    """The reports of one task side by side, all ticked: one judgement for those left ticked."""
    unit = request.acting.unit
    version = get_object_or_404(TaskVersion, pk=pk)
    if unit is None:
        return redirect("judging")
    found = queue.consolidated(unit).filter(assignment__task_version=version)
    found = queue.for_page(found).defer(None).order_by("assignment__unit__sort_key", "pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    if not page.paginator.count:
        return redirect("judge_together")
    items = TaskItem.objects.filter(task_version=version).order_by("position")
    field = TaskItem.Field
    context: dict[str, Any] = {
        "version": version,
        "content": items.filter(field=field.CONTENT),
        "methods": items.filter(field=field.METHOD),
        "page": page,
        "rows": rows(page, working_calendar(), clock.today()),
        "proofs": _proofs([turn.report_id for turn in page]),
        **tabs(request.acting),
    }
    return render(request, "desk/judging/together_task.html", context)


def _proofs(reports: list[int]) -> dict[int, int]:
    """How many pieces of evidence each report has."""
    counted = EvidenceUse.objects.filter(report__in=reports).order_by().values_list("report")
    return dict(counted.annotate(n=Count("evidence", distinct=True)))
