"""The coordinator's periods: listed, put into work, and what each holds."""

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khung.assignments import actions, expanding, mid_period, queries
from khung.assignments.calendar import working_calendar
from khung.assignments.missing import OutsidePeriod, day_of_units, missing
from khung.assignments.models import Period
from khung.base import audit, clock
from khung.base.models import AuditEvent
from khung.base.wording import number, period_name
from khung.desk.forms_coordination import PutIntoWork
from khung.desk.permissions import DeskRequest, requires
from khung.frameworks import queries as frameworks
from khung.frameworks.models import Framework
from khung.orgs.queries import levels_between, province_root
from khung.rules.calendar import (
    PeriodDates,
    deadlines,
    last_of_year,
    period_codes,
    period_dates,
    period_on,
)
from khung.rules.expansion import LEVELS
from khung.rules.permissions import Permission

PAGE_SIZE = 40
HISTORY = 20


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
@require_http_methods(["GET", "HEAD", "POST"])
def put_into_work(request: DeskRequest) -> HttpResponse:
    """Says how much work a period still misses; sent in, makes it and shows what that did."""
    said = request.POST if request.method == "POST" else request.GET
    form = PutIntoWork(said, codes=_codes(clock.today()))
    if not form.is_valid():
        messages.error(request, gettext("Hãy chọn một kỳ trong danh sách và một ngày có thật."))
        return redirect("periods")
    dates = period_dates(form.cleaned_data["code"])
    try:
        day = day_of_units(dates, form.cleaned_data["as_of"])
        framework = frameworks.giving_work(day, dates.ends_on)
        if framework is None:
            raise actions.NotInForce(gettext("Ngày này chưa có bộ khung nào có hiệu lực."))
        if province_root(framework.decision.province_code, day) is None:
            raise OutsidePeriod(gettext("Khung không biết đơn vị nào của ngày này."))
        if request.method != "POST":
            return _preview(request, framework, dates, day)
        outcome = actions.put_period_into_work(
            framework=framework, code=dates.code, by=request.user, now=clock.now(), as_of=day
        )
    except (actions.NotInForce, actions.WrongCycle, OutsidePeriod) as why:
        messages.error(request, str(why))
        return redirect("periods")
    messages.success(
        request,
        gettext("%(period)s: tạo mới %(made)s nhiệm vụ được giao, %(there)s đã có từ trước.")
        % {
            "period": period_name(dates.code),
            "made": number(outcome.made),
            "there": number(outcome.total - outcome.made),
        },
    )
    return redirect("period", dates.code)


def _preview(
    request: DeskRequest, framework: Framework, dates: PeriodDates, day: dt.date
) -> HttpResponse:
    return render(
        request,
        "desk/coordination/put_into_work.html",
        {"dates": dates, "day": day, "missing": missing(framework, dates, day)},
    )


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
    by_verb, changes = audit.sentences(), mid_period.changes(found)
    return render(
        request,
        "desk/coordination/period.html",
        {
            "period": found,
            "is_of_cycle": framework is None or found.kind == framework.cycle,
            "deadlines": _deadlines(found),
            "count": queries.work_counts([found.pk])[found.pk],
            "last_of_year": last_of_year(code),
            "changes": changes,
            "open_work": sum(change.open_work for change in changes),
            "may_exempt": request.acting.may(Permission.EXEMPT_WORK),
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


@requires(Permission.EXEMPT_WORK)
@require_POST
def exempt_ended(request: DeskRequest, code: str) -> HttpResponse:
    """Lets off what units that ended before the due date still had open in a period."""
    found = get_object_or_404(Period, code=code)
    closed = actions.exempt_ended_units(
        period=found, today=clock.today(), by=request.user, now=clock.now()
    )
    messages.success(
        request,
        gettext("Đã miễn %(n)s nhiệm vụ của đơn vị kết thúc hoạt động trước hạn.")
        % {"n": number(closed)},
    )
    return redirect("period", code)


def _unresolved(outcome: expanding.Outcome) -> dict[str, list[int]]:
    """Phrase that named nobody → numbers of its tasks."""
    found: dict[str, list[int]] = {}
    for task in outcome.tasks:
        for phrase in task.unresolved:
            found.setdefault(phrase, []).append(task.no)
    return found


@dataclass(frozen=True, slots=True)
class LevelDeadline:
    """The two dates of a level, and what the calendar as it is now would propose instead."""

    level: str
    timely_on: dt.date
    locks_on: dt.date
    proposed: tuple[dt.date, dt.date] | None


def _deadlines(period: Period) -> list[LevelDeadline]:
    """Those of the levels that have units in the period, from the highest level down."""
    levels = levels_between(period.starts_on, period.ends_on)
    calendar, dates = working_calendar(), period_dates(period.code)
    found = []
    for one in period.deadlines.all():
        if one.level in levels:
            stands = (one.timely_on, one.locks_on)
            proposed = deadlines(dates, one.level, calendar)
            differs = proposed if proposed != stands else None
            found.append(LevelDeadline(one.level, *stands, differs))
    return sorted(found, key=lambda deadline: LEVELS.index(deadline.level))
