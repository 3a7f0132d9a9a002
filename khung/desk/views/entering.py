"""Entering for a unit that cannot: which units, and how far each has come."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from khung.assignments.board import Tally
from khung.assignments.calendar import working_calendar
from khung.assignments.models import Assignment, Period
from khung.assignments.queries import of_period
from khung.base import clock
from khung.desk import asked
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import rows
from khung.desk.sent_words import tell_sent
from khung.orgs.models import Unit
from khung.reports.actions import send_reports
from khung.reports.unit_side import enterable_units, lines_of, may_enter_for
from khung.rules.permissions import Permission
from khung.rules.text import fold, squeeze

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit to enter for, and how its work of the period stands."""

    unit: Unit
    tally: Tally


@requires(Permission.ENTER_FOR_UNIT)
@require_safe
def enter_for(request: DeskRequest) -> HttpResponse:
    """The units one may enter for, with work in the period; the sheet itself is "my work"."""
    period, words = asked.period(request), squeeze(request.GET.get("q", ""))[:100]
    if period is None:
        return render(request, "desk/my_work_empty.html", {"unit": request.acting.unit})
    found = enterable_units(request.acting, period)
    for word in fold(words).split():
        found = found.filter(folded_name__contains=word)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    tallies = _tallies(list(page), period)
    return render(
        request,
        "desk/unit_side/enter_for.html",
        {
            "period": period,
            "periods": asked.opened(request),
            "words": words,
            "page": page,
            "choices": [Choice(unit, tallies.get(unit.pk, Tally())) for unit in page],
        },
    )


def _tallies(units: list[Unit], period: Period) -> dict[int, Tally]:
    """How the work of the units on this page stands, in one query."""
    found: dict[int, Tally] = {}
    owed = of_period(Assignment.objects.filter(unit__in=units), period)
    counted = owed.order_by().values_list("unit", "state", "is_late").annotate(n=Count("pk"))
    for unit_id, state, is_late, n in counted:
        found.setdefault(unit_id, Tally()).add(state, is_late, n)
    return found


@requires(Permission.ENTER_FOR_UNIT)
@require_http_methods(["GET", "HEAD", "POST"])
def enter_for_unit(request: DeskRequest, pk: int) -> HttpResponse:
    """A unit's work of the period, each task leading to its report; a post sends what is complete.

    What is written here is marked as entered by the person's own unit.
    """
    period, today = asked.period(request), clock.today()
    if period is None:
        return render(request, "desk/my_work_empty.html", {"unit": request.acting.unit})
    unit = get_object_or_404(Unit, pk=pk)
    if not may_enter_for(request.acting, unit):
        raise PermissionDenied(Permission.ENTER_FOR_UNIT)
    lines = lines_of(unit, period)
    if request.method == "POST":
        drafts = [line.draft.pk for line in lines if line.draft and line.is_complete]
        tell_sent(request, send_reports(drafts=drafts, by=request.user, now=clock.now()))
        return redirect(f"{reverse('enter_for_unit', args=[pk])}?period={period.code}")
    words = rows([line.assignment for line in lines], working_calendar(), today)
    return render(
        request,
        "desk/unit_side/enter_for_unit.html",
        {
            "for_unit": unit,
            "period": period,
            "periods": asked.opened(request),
            "lines": list(zip(lines, words, strict=True)),
            "complete": sum(line.is_complete for line in lines),
            "lacking": sum(line.is_lacking for line in lines),
        },
    )
