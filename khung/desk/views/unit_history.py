"""Who did what when to a unit and to its work, page by page."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from khung.desk import asked, history
from khung.desk.permissions import DeskRequest, requires
from khung.orgs import queries
from khung.rules.permissions import Permission

PAGE_SIZE = 50


@require_safe
@requires(Permission.VIEW_FRAMEWORK)
def unit_history(request: DeskRequest, pk: int) -> HttpResponse:
    """What happened to the unit itself, for everybody who may look it up; and to its work of a
    period, as far as the reader may see that work."""
    unit = get_object_or_404(queries.visible_to(request.acting), pk=pk)
    period = asked.period(request)
    events = history.of_unit(unit, period, request.acting)
    page = Paginator(events, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/units/history.html",
        {
            "unit": unit,
            "period": period,
            "periods": asked.opened(request),
            "page": page,
            "told": history.told_of_unit(page.object_list),
        },
    )
