"""What waits for the unit's judgement: reading only, the longest waiting first."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from khung.assignments import work
from khung.assignments.board import together
from khung.assignments.calendar import working_calendar
from khung.base import clock
from khung.base.writers.csv_table import csv_file
from khung.desk import asked
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import export_columns, export_row, rows
from khung.desk.work_filters import work_filters
from khung.rules.permissions import Permission
from khung.rules.workflow import STATES

PAGE_SIZE = 100


@require_safe
@requires(Permission.VIEW_JUDGED_WORK)
def judging(request: DeskRequest) -> HttpResponse:
    """Work whose reports the unit judges, of every unit below, by state."""
    unit, today = request.acting.unit, clock.today()
    period = asked.period(request)
    if unit is None or period is None:
        return render(request, "desk/my_work_empty.html", {"unit": unit})
    wanted = asked.wanted(request)
    judged = work.judged_by(unit, period)
    found = work.for_judging(work.narrowed(judged, wanted))
    calendar = working_calendar()
    if request.GET.get("export") == "csv":
        exported = rows(work.for_export(found), calendar, today)
        name = f"tham-dinh-{unit.code}-{period.code}.csv"
        return csv_file(name, export_columns(), map(export_row, exported))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    total = together(work.by_dimension(judged).values())
    return render(
        request,
        "desk/judging.html",
        {
            "unit": unit,
            **work_filters(request, period, wanted),
            "page": page,
            "rows": rows(page, calendar, today),
            "waiting": total.state("submitted"),
            "counts": [(code, gettext(label), total.state(code)) for code, label in STATES.items()],
        },
    )
