"""The deadline of a period for a level: asked twice where the dates are likely a slip."""

import datetime as dt
from typing import cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from khung.assignments import actions, due
from khung.assignments.calendar import working_calendar
from khung.assignments.models import Period, PeriodDeadline
from khung.base import clock
from khung.base.versions import StaleRecord
from khung.base.wording import long_date, number
from khung.desk.forms_coordination import SetDeadline
from khung.desk.permissions import DeskRequest, requires
from khung.rules.permissions import Permission

CONFLICT, INVALID = 409, 422


@requires(Permission.OPEN_PERIOD)
@require_http_methods(["GET", "HEAD", "POST"])
def deadline(request: DeskRequest, code: str, level: str) -> HttpResponse:
    """Changes the two dates of a period for a level."""
    found = get_object_or_404(
        PeriodDeadline.objects.select_related("period"), period__code=code, level=level
    )
    late = due.effect(found.period, level, found.timely_on, clock.today()).is_late
    form = SetDeadline(
        request.POST or None,
        initial={
            "timely_on": found.timely_on,
            "locks_on": found.locks_on,
            "version": found.period.version,
        },
        late=late,
    )
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            status = _set(request, found, form)
        if not status:
            messages.success(request, gettext("Đã đặt lại hạn."))
            return redirect("period", code)
    return render(
        request,
        "desk/coordination/deadline.html",
        {"period": found.period, "level": level, "form": form},
        status=status,
    )


def _set(request: DeskRequest, found: PeriodDeadline, form: SetDeadline) -> int:
    """Sets the dates; 0, or the status of the page that shows the form again and says why."""
    if form.is_to_confirm(_doubts(found, form)):
        return 200
    try:
        actions.set_deadline(
            period=found.period,
            level=found.level,
            **form.said,
            by=request.user,
            now=clock.now(),
        )
    except actions.WrongDeadline as why:
        form.add_error("timely_on", str(why))
        return INVALID
    except StaleRecord as stale:
        found.refresh_from_db()
        theirs = {"timely_on": found.timely_on, "locks_on": found.locks_on}
        form.meet(theirs, cast(Period, stale.current).version)
        return CONFLICT
    return 0


def _doubts(found: PeriodDeadline, form: SetDeadline) -> list[str]:
    """What a person should know before these dates are set."""
    timely_on: dt.date = form.said["timely_on"]
    if timely_on < found.period.data_to:
        return []  # refused anyway
    doubts = []
    effect = due.effect(found.period, found.level, timely_on, clock.today())
    if effect.becomes_late:
        doubts.append(
            gettext("Hạn này đã qua: %(n)s nhiệm vụ chưa báo cáo sẽ bị ghi quá hạn ngay.")
            % {"n": number(effect.becomes_late)}
        )
    if effect.is_late and timely_on > found.timely_on and not form.said["was_wrong"]:
        doubts.append(
            gettext("%(n)s nhiệm vụ đã ghi quá hạn theo hạn đang có vẫn là quá hạn.")
            % {"n": number(effect.is_late)}
        )
    calendar = working_calendar()
    for day in dict.fromkeys((timely_on, form.said["locks_on"])):
        if not calendar.is_working(day):
            doubts.append(
                gettext("%(day)s không phải ngày làm việc.")
                % {"day": long_date(day)[:1].upper() + long_date(day)[1:]}
            )
    return doubts
