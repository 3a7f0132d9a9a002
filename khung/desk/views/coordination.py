"""The coordinator's time: periods put into work, their deadlines, the calendar of worked days."""

import datetime as dt
from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khung.assignments import actions, expanding, queries
from khung.assignments.calendar import library_days
from khung.assignments.models import CalendarDay, Period, PeriodDeadline
from khung.base import audit, clock
from khung.base.models import AuditEvent
from khung.base.versions import StaleRecord
from khung.base.wording import number, period_name
from khung.desk.forms_coordination import ChooseDay, PutIntoWork, SetCalendarDay, SetDeadline
from khung.desk.permissions import DeskRequest, requires
from khung.frameworks import queries as frameworks
from khung.orgs.queries import province_root
from khung.rules.calendar import period_codes, period_dates, period_on
from khung.rules.expansion import LEVELS
from khung.rules.permissions import Permission

PAGE_SIZE = 40
HISTORY = 20
CONFLICT, INVALID = 409, 422


def _codes(today: dt.date) -> list[str]:
    """Periods that may be put into work, newest first: since a framework holds, to the next."""
    framework, first = frameworks.shown_on(today), frameworks.first_day_in_force()
    if framework is None or first is None:
        return []
    cycle = framework.cycle
    following = period_dates(period_on(today, cycle)).ends_on + dt.timedelta(days=1)
    return list(period_codes(first, following, cycle))[::-1]


@requires(Permission.VIEW_FRAMEWORK)
@require_safe
def periods(request: DeskRequest) -> HttpResponse:
    """Every period with its dates and how much work it holds."""
    found = Period.objects.prefetch_related("deadlines").order_by("-starts_on", "code")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    today = clock.today()
    return render(
        request,
        "desk/coordination/periods.html",
        {
            "page": page,
            "counts": queries.work_counts([period.pk for period in page]),
            "may_open": request.acting.may(Permission.OPEN_PERIOD),
            "form": PutIntoWork(codes=_codes(today)),
            "today": today,
        },
    )


@requires(Permission.OPEN_PERIOD)
@require_POST
def put_into_work(request: DeskRequest) -> HttpResponse:
    """Makes the assignments a period still misses, then shows what that did."""
    form = PutIntoWork(request.POST, codes=_codes(clock.today()))
    if not form.is_valid():
        messages.error(request, gettext("Hãy chọn một kỳ trong danh sách và một ngày có thật."))
        return redirect("periods")
    code, as_of = form.cleaned_data["code"], form.cleaned_data["as_of"]
    dates = period_dates(code)
    day = as_of or dates.starts_on
    framework = frameworks.giving_work(day, dates.ends_on)
    if framework is None:
        messages.error(request, gettext("Ngày này chưa có bộ khung nào có hiệu lực."))
        return redirect("periods")
    if province_root(framework.decision.province_code, day) is None:
        messages.error(request, gettext("Khung không biết đơn vị nào của ngày này."))
        return redirect("periods")
    try:
        outcome = actions.put_period_into_work(
            framework=framework, code=code, by=request.user, now=clock.now(), as_of=as_of
        )
    except (actions.NotInForce, actions.WrongCycle) as why:
        messages.error(request, str(why))
        return redirect("periods")
    messages.success(
        request,
        gettext("%(period)s: tạo mới %(made)s nhiệm vụ được giao, %(there)s đã có từ trước.")
        % {
            "period": period_name(code),
            "made": number(outcome.made),
            "there": number(outcome.total - outcome.made),
        },
    )
    return redirect("period", code)


@requires(Permission.VIEW_FRAMEWORK)
@require_safe
def period(request: DeskRequest, code: str) -> HttpResponse:
    """One period: its dates by level, what putting it into work did, whom no phrase named."""
    found = get_object_or_404(Period, code=code)
    history = AuditEvent.objects.filter(
        subject=f"period:{code}", verb="period.put_into_work"
    ).order_by("-at", "-id")
    events = list(history[:HISTORY])
    as_of = dt.date.fromisoformat(events[0].data["as_of"]) if events else found.starts_on
    framework = frameworks.giving_work(as_of, found.ends_on)
    outcome = expanding.Outcome(as_of)
    if events and framework and found.kind == framework.cycle:
        outcome = expanding.preview(framework, period_dates(code), as_of)
    by_verb = audit.sentences()
    return render(
        request,
        "desk/coordination/period.html",
        {
            "period": found,
            "is_of_cycle": framework is None or found.kind == framework.cycle,
            "deadlines": _in_order(found),
            "count": queries.work_counts([found.pk])[found.pk],
            "history": [(event, audit.sentence(event, by_verb)) for event in events],
            "unresolved": _unresolved(outcome),
            "unmatched_addressees": outcome.unmatched_addressees,
            "as_of": as_of,
            "framework": framework,
            "may_settle": request.acting.may(Permission.SETTLE_DOUBT),
            "may_open": request.acting.may(Permission.OPEN_PERIOD)
            and code in _codes(clock.today()),
            "may_edit": request.acting.may(Permission.OPEN_PERIOD),
        },
    )


def _unresolved(outcome: expanding.Outcome) -> dict[str, list[int]]:
    """Phrase that named nobody → numbers of its tasks."""
    found: dict[str, list[int]] = {}
    for task in outcome.tasks:
        for phrase in task.unresolved:
            found.setdefault(phrase, []).append(task.no)
    return found


def _in_order(period: Period) -> list[PeriodDeadline]:
    return sorted(period.deadlines.all(), key=lambda deadline: LEVELS.index(deadline.level))


@requires(Permission.OPEN_PERIOD)
@require_http_methods(["GET", "HEAD", "POST"])
def deadline(request: DeskRequest, code: str, level: str) -> HttpResponse:
    """Changes the two dates of a period for a level."""
    found = get_object_or_404(
        PeriodDeadline.objects.select_related("period"), period__code=code, level=level
    )
    form = SetDeadline(
        request.POST or None,
        initial={
            "timely_on": found.timely_on,
            "locks_on": found.locks_on,
            "version": found.period.version,
        },
    )
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                actions.set_deadline(
                    period=found.period,
                    level=level,
                    **form.cleaned_data,
                    by=request.user,
                    now=clock.now(),
                )
            except StaleRecord as stale:
                found.refresh_from_db()
                theirs = {"timely_on": found.timely_on, "locks_on": found.locks_on}
                form.meet(theirs, cast(Period, stale.current).version)
                status = CONFLICT
            else:
                messages.success(request, gettext("Đã đặt lại hạn."))
                return redirect("period", code)
    return render(
        request,
        "desk/coordination/deadline.html",
        {"period": found.period, "level": level, "form": form},
        status=status,
    )


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
                return redirect(_of_year(day.year))
    return render(
        request,
        "desk/coordination/calendar_day.html",
        {"day": day, "found": found, "form": form},
        status=status,
    )
