"""The focal person's table: who does which task by when, what lacks, and sending it all."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from khung.assignments.calendar import working_calendar
from khung.assignments.models import Period
from khung.base import clock
from khung.base.versions import StaleRecord
from khung.base.wording import number, period_name
from khung.desk import asked
from khung.desk.forms_unit_side import GiveWork, Habits
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import Row, rows
from khung.desk.sent_words import tell_sent
from khung.orgs.models import Person, Unit
from khung.reports.actions import send_reports
from khung.reports.actions.sharing import Sharing, set_habits, share_work, take_work_back
from khung.reports.models import ReportingHabit
from khung.reports.unit_side import Line, colleagues, gives_work, habit_of, lines_of
from khung.rules.permissions import Permission

PAGE_SIZE = 100
CONFLICT, INVALID = 409, 422


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the table is narrowed to: whose work ("none" for nobody's), and how it stands."""

    who: str = ""
    show: str = ""

    def __bool__(self) -> bool:
        return bool(self.who or self.show)

    def holds(self, line: Line, today: dt.date) -> bool:
        """Whether a line is asked for."""
        given = line.share.person_id if line.share else None
        whose = not self.who or (given is None if self.who == "none" else str(given) == self.who)
        return whose and {
            "lacking": line.is_lacking,
            "complete": line.is_complete,
            "behind": line.is_behind(today),
        }.get(self.show, True)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with its words."""

    line: Line
    row: Row
    is_behind: bool
    is_ticked: bool = False


@requires(Permission.SHARE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: DeskRequest) -> HttpResponse:
    """The table of a period; gives, takes back, and sends what is complete."""
    unit, today = request.acting.unit, clock.today()
    period = asked.period(request)
    if unit is None or period is None:
        return render(request, "desk/my_work_empty.html", {"unit": unit})
    people = list(colleagues(unit, today))
    is_giving = request.method == "POST" and request.POST.get("do") == "give"
    form = GiveWork(request.POST if is_giving else None, people=people)
    if request.method == "POST":
        if _done(request, unit, period, form):
            return redirect(_here(request))
    return render(
        request,
        "desk/unit_side/share.html",
        _page(request, unit, period, people, form),
        status=INVALID if form.errors else 200,
    )


def _here(request: DeskRequest) -> str:
    query = request.GET.urlencode()
    return f"{reverse('share_work')}?{query}" if query else reverse("share_work")


def _seen(request: DeskRequest) -> dict[int, int]:
    """The ticked assignments, each with the version of its share that the page showed."""
    seen = {}
    for ticked in request.POST.getlist("task"):
        version = request.POST.get(f"seen-{ticked}", "")
        if ticked.isdecimal() and version.isdecimal() and len(ticked + version) < 18:
            seen[int(ticked)] = int(version)
    return seen


def _done(request: DeskRequest, unit: Unit, period: Period, form: GiveWork) -> bool:
    """Does what was asked; whether it is done, so that the page may be asked for anew."""
    by, now, seen = request.user, clock.now(), _seen(request)
    do = request.POST.get("do")
    if do == "send":
        drafts = [
            line.draft.pk for line in lines_of(unit, period) if line.draft and line.is_complete
        ]
        tell_sent(request, send_reports(drafts=drafts, by=by, now=now))
        return True
    if do == "give" and not form.is_valid():
        return False
    if not seen:
        said = gettext("Chưa chọn nhiệm vụ nào. Đánh dấu nhiệm vụ ở cột đầu rồi làm lại.")
        messages.warning(request, said)
        return do != "give"
    if do == "back":
        _tell(request, take_work_back(unit=unit, seen=seen, by=by, now=now), gettext("Đã thu lại"))
        return True
    try:
        done = share_work(unit=unit, seen=seen, **form.cleaned_data, by=by, now=now)
    except ValueError as why:
        form.add_error("due_on", str(why))
        return False
    _tell(request, done, gettext("Đã giao"))
    return True


def _tell(request: DeskRequest, done: Sharing, verb: str) -> None:
    n = len(done.given)
    if n:
        said = ngettext("%(verb)s %(n)s nhiệm vụ.", "%(verb)s %(n)s nhiệm vụ.", n)
        messages.success(request, said % {"verb": verb, "n": number(n)})
    for one, why in done.refused:
        said = gettext("Nhiệm vụ %(no)s chưa đổi: %(why)s")
        messages.warning(request, said % {"no": one.task_version.no, "why": why})


def _page(
    request: DeskRequest, unit: Unit, period: Period, people: Sequence[Person], form: GiveWork
) -> dict[str, Any]:
    today = clock.today()
    wanted = Wanted(request.GET.get("who", ""), request.GET.get("show", ""))
    every = lines_of(unit, period)
    page = Paginator([line for line in every if wanted.holds(line, today)], PAGE_SIZE)
    shown = page.get_page(request.GET.get("page"))
    words = rows([line.assignment for line in shown], working_calendar(), today)
    ticked = set(request.POST.getlist("task"))
    open_lines = [line for line in every if line.is_open]
    return {
        "unit": unit,
        "period": period,
        "periods": asked.opened(request),
        "people": people,
        "wanted": wanted,
        "shows": list(shows().items()),
        "narrowed_to": _narrowed_to(period, wanted, people),
        "form": form,
        "page": shown,
        "shown": [
            Shown(line, row, line.is_behind(today), str(line.assignment.pk) in ticked)
            for line, row in zip(shown, words, strict=True)
        ],
        "open": len(open_lines),
        "complete": sum(line.is_complete for line in every),
        "lacking": sum(line.is_lacking for line in every),
        "behind": sum(line.is_behind(today) for line in every),
        "nobodys": sum(line.share is None for line in open_lines),
        "habit": habit_of(unit),
        "gives": gives_work(request.user, unit, today),
    }


def _narrowed_to(period: Period, wanted: Wanted, people: Sequence[Person]) -> list[tuple[str, str]]:
    everything = gettext("tất cả")
    names = {str(one.pk): one.full_name for one in people} | {"none": gettext("chưa giao ai")}
    return [
        (gettext("Kỳ"), period_name(period.code)),
        (gettext("Người làm"), names.get(wanted.who, everything)),
        (gettext("Tình trạng"), shows().get(wanted.show, everything)),
    ]


def shows() -> dict[str, str]:
    """How lines may be narrowed by how they stand."""
    return {
        "lacking": gettext("còn thiếu"),
        "complete": gettext("đã đủ, chờ gửi"),
        "behind": gettext("quá hẹn"),
    }


@requires(Permission.SHARE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def habits(request: DeskRequest) -> HttpResponse:
    """How the unit reports; the head or a deputy changes it here."""
    unit, today = request.acting.unit, clock.today()
    if unit is None:
        return render(request, "desk/my_work_empty.html", {"unit": unit})
    habit = habit_of(unit)
    form = Habits(
        request.POST or None,
        people=list(colleagues(unit, today)),
        initial={
            "head_approves": habit.head_approves,
            "focal_person": habit.focal_person_id or "",
            "version": habit.version,
        },
    )
    status = 200
    if request.method == "POST":
        status = _set(request, unit, form)
        if not status:
            messages.success(request, gettext("Đã lưu cách gửi báo cáo của đơn vị."))
            return redirect("unit_habits")
    return render(
        request,
        "desk/unit_side/habits.html",
        {
            "unit": unit,
            "habit": habit,
            "form": form,
            "may_change": request.acting.may(Permission.APPROVE_REPORT),
        },
        status=status,
    )


def _set(request: DeskRequest, unit: Unit, form: Habits) -> int:
    """Saves; 0, or the status of the page that shows the form again."""
    if not form.is_valid():
        return INVALID
    try:
        set_habits(unit=unit, **form.cleaned_data, by=request.user, now=clock.now())
    except ValueError as why:
        form.add_error("focal_person", str(why))
        return INVALID
    except StaleRecord as stale:
        theirs = cast(ReportingHabit, stale.current)
        form.meet(
            {
                "head_approves": theirs.head_approves,
                "focal_person": theirs.focal_person,
            },
            theirs.version,
        )
        return CONFLICT
    return 0
