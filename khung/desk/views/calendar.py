"""The calendar of worked days, as the coordinator keeps it."""

import datetime as dt
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khung.assignments import actions, queries
from khung.assignments.calendar import library_days
from khung.assignments.models import CalendarDay
from khung.base import clock
from khung.base.versions import StaleRecord
from khung.base.wording import number, period_name
from khung.desk.forms_coordination import ChooseDay, RemoveCalendarDay, SetCalendarDay
from khung.desk.permissions import DeskRequest, requires
from khung.rules.permissions import Permission

CONFLICT, INVALID = 409, 422


@requires(Permission.VIEW_FRAMEWORK, Permission.RUN_JOBS)
@require_safe
def calendar(request: DeskRequest) -> HttpResponse:
    """The days of a year that are not what their weekday says."""
    today = clock.today()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and 1900 < int(asked[:5]) < 3000 else today.year
    years = sorted({day.year for day in CalendarDay.objects.dates("day", "year")} | {today.year})
    days = CalendarDay.objects.filter(day__year=year).order_by("day")
    return render(
        request,
        "desk/coordination/calendar.html",
        {
            "year": year,
            "years": years,
            "next_year": today.year + 1,
            "page": Paginator(days, 100).get_page(request.GET.get("page")),
            "off": days.filter(is_working=False).count(),
            "may_edit": request.acting.may(Permission.EDIT_CALENDAR),
            "form": ChooseDay(),
        },
    )


def _of_year(year: int) -> str:
    return f"{reverse('calendar')}?year={year}"


@requires(Permission.EDIT_CALENDAR)
@require_safe
def choose_day(request: DeskRequest) -> HttpResponse:
    """From a typed day to the page of that day."""
    form = ChooseDay(request.GET)
    if not form.is_valid():
        messages.error(request, gettext("Hãy chọn một ngày có thật."))
        return redirect("calendar")
    return redirect("calendar_day", form.cleaned_data["day"].isoformat())


@requires(Permission.EDIT_CALENDAR)
@require_POST
def fill_year(request: DeskRequest, year: int) -> HttpResponse:
    """Adds the public holidays the library knows of a year; days already there stay."""
    today = clock.today()
    if not 2000 <= year <= today.year + 5:
        raise Http404
    added = actions.fill_calendar(days=library_days([year]), by=request.user, now=clock.now())
    messages.success(
        request, gettext("Đã thêm %(n)s ngày; ngày đã có không đổi.") % {"n": number(added)}
    )
    return redirect(_of_year(year))


@requires(Permission.EDIT_CALENDAR)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_day(request: DeskRequest, day: dt.date) -> HttpResponse:
    """Says whether a day is worked."""
    found = CalendarDay.objects.filter(day=day).first()
    form = SetCalendarDay(
        request.POST or None,
        initial={
            "is_working": str(found.is_working) if found else "False",
            "note": found.note if found else "",
            "version": found.version if found else 0,
        },
    )
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                actions.set_calendar_day(
                    day=day, **form.cleaned_data, by=request.user, now=clock.now()
                )
            except StaleRecord as stale:
                found = cast(CalendarDay, stale.current)
                form.meet({"is_working": found.is_working, "note": found.note}, found.version)
                status = CONFLICT
            else:
                messages.success(request, gettext("Đã lưu ngày này."))
                _tell_deadlines(request, day)
                return redirect(_of_year(day.year))
    return render(
        request,
        "desk/coordination/calendar_day.html",
        {"day": day, "found": found, "form": form},
        status=status,
    )


@requires(Permission.EDIT_CALENDAR)
@require_POST
def remove_day(request: DeskRequest, day: dt.date) -> HttpResponse:
    """Takes a day out of the calendar."""
    found = get_object_or_404(CalendarDay, day=day)
    form = RemoveCalendarDay(request.POST)
    if not form.is_valid():
        return redirect("calendar_day", day.isoformat())
    try:
        actions.remove_calendar_day(
            day=found.day, version=form.cleaned_data["version"], by=request.user, now=clock.now()
        )
    except StaleRecord:
        messages.error(request, gettext("Ngày này vừa được người khác sửa; hãy xem lại."))
        return redirect("calendar_day", day.isoformat())
    messages.success(request, gettext("Đã bỏ ngày này khỏi lịch; ngày theo lệ thường trong tuần."))
    _tell_deadlines(request, day)
    return redirect(_of_year(day.year))


def _tell_deadlines(request: DeskRequest, day: dt.date) -> None:
    """Deadlines already set stay: says which periods counted this day, for a person to look at."""
    names = [period_name(period.code) for period in queries.periods_counting(day)]
    if names:
        messages.warning(
            request,
            gettext("Hạn đã đặt không tự đổi theo lịch. Hãy xem lại hạn của: %(periods)s.")
            % {"periods": ", ".join(names)},
        )
