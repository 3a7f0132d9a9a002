"""The review queue: what waits for the unit's judgement, and one report open beside it."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from khung.assignments.calendar import working_calendar
from khung.base import clock
from khung.base.wording import dimension_name
from khung.base.writers.xlsx_table import export_format, table_file
from khung.desk import asked
from khung.desk.forms_judging import ReturnReports
from khung.desk.judging_rows import (
    QueueRow,
    choices,
    export_columns,
    export_row,
    rows,
    sentence,
    wanted,
)
from khung.desk.permissions import DeskRequest, requires
from khung.orgs.acting import Acting
from khung.reports import judging_times, opened, queue, turns
from khung.reports.models import ReturnReason, ReviewTurn
from khung.rules.calendar import WorkingCalendar
from khung.rules.permissions import Permission
from khung.rules.taxonomy import DIMENSIONS

PAGE_SIZE = 50
# The header by which the page's own script asks for the report alone.
PART = "X-Part"


@require_safe
@requires(Permission.VIEW_JUDGED_WORK)
def judging(request: DeskRequest) -> HttpResponse:
    """The queue by the sentence above it, 50 to a page; `?turn=` opens one report beside it.

    `?export=` gives the rows as a file. With the header X-Part only the report comes.
    """
    unit, today = request.acting.unit, clock.today()
    if unit is None:
        return render(request, "desk/my_work_empty.html", {"unit": unit})
    asks, calendar = wanted(request), working_calendar()
    found = queue.for_page(queue.asked_for(request.acting, asks, today))
    if chosen := export_format(request.GET):
        name = f"tham-dinh-{unit.code}"
        return table_file(
            chosen, name, export_columns(), map(export_row, rows(found, calendar, today))
        )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = rows(page, calendar, today)
    context = report_beside(request, shown, calendar)
    if request.headers.get(PART):
        if context["open"] is None:
            raise Http404
        response = render(request, "desk/judging/report.html", context)
        patch_vary_headers(response, [PART])
        return response
    context |= _list(request, page, shown) | tabs(request.acting)
    response = render(request, "desk/judging/queue.html", context)
    patch_vary_headers(response, [PART])
    return response


def _list(request: DeskRequest, page: Page[ReviewTurn], shown: list[QueueRow]) -> dict[str, Any]:
    """What the list and its filters show."""
    asks = wanted(request)
    ticked = {int(pk) for pk in request.GET.getlist("tick") if asked.is_id(pk)}
    if request.GET.get("tick") == "all":
        ticked = {row.turn.pk for row in shown}
    return {
        "page": page,
        "rows": shown,
        "ticked": ticked,
        "wanted": asks,
        "narrowed_to": sentence(asks),
        "periods": asked.opened(request),
        "dimensions": [(one.no, dimension_name(one.no)) for one in DIMENSIONS],
        "reviewers": queue.reviewers_of(request.acting.unit, clock.today()),
        **choices(),
    }


def tabs(acting: Acting) -> dict[str, Any]:
    """The unit, and how much stands behind each tab, by counts kept with every change."""
    unit = acting.unit
    ids = [unit.pk] if unit else []
    times = judging_times.times(None, [*ids, 0], today=clock.today())
    return {
        "unit": unit,
        "times": times[unit.pk] if unit else judging_times.JudgingTimes(),
        "nobodys": times[0].open + times[0].unread if queue.sees_nobodys(acting) else None,
    }


def report_beside(
    request: DeskRequest, shown: list[QueueRow], calendar: WorkingCalendar
) -> dict[str, Any]:
    """The report `?turn=` asks for with what is needed to judge it; `open` is None without."""
    pk = asked.number(request, "turn")
    back = request.GET.copy()
    for name in ("turn", "tick", "export"):
        back.pop(name, None)
    around = {"open": None, "back": back.urlencode(), "turn_id": pk}
    if pk is None:
        return around
    mine = queue.visible_to(request.acting).filter(pk=pk)
    turn = queue.for_page(mine).select_related("unit").first()
    if turn is None:
        raise Http404
    it, today = opened.opened(turn), clock.today()
    (row,) = rows([turn], calendar, today)
    at = [one.turn.pk for one in shown]
    after = at[at.index(pk) + 1 :] if pk in at else []
    return around | {
        "open": it,
        "row": row,
        "next": next(iter([*after, *(one for one in at if one != pk)]), None),
        "alike": queue.alike(turn),
        "reviewers": queue.reviewers_of(turn.unit, today),
        "form": ReturnReports(
            reasons=list(ReturnReason.objects.filter(is_active=True)),
            methods=[one.item for one in it.methods],
            evidence=[use.evidence for use in it.proofs],
            initial={"redo_by": calendar.add(today, turns.REDO_WORKING_DAYS)},
        ),
    }
