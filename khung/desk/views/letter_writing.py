"""Writing letters of urging: choosing late units, seeing what becomes of it, writing drafts."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from khung.assignments.calendar import working_calendar
from khung.assignments.models import Period
from khung.base import clock
from khung.base.wording import dimension_name, number, period_name
from khung.desk import asked
from khung.desk.forms_letters import (
    LETTER_LEVELS,
    MOST_UNITS,
    WriteLetters,
    chosen_units,
    named_throughs,
    selection_from,
)
from khung.desk.permissions import DeskRequest, requires
from khung.frameworks.models import TaskItem, TaskVersion
from khung.orgs.models import Unit
from khung.reminders.actions import letters as actions
from khung.reminders.letters import checks, reading, recipients
from khung.reminders.letters.recipients import Dropped, Planned, Selection
from khung.rules import letters as rules
from khung.rules.permissions import Permission
from khung.rules.taxonomy import DIMENSIONS

PAGE_SIZE = 200
INVALID = 422
# Working days proposed for the new date, of the project's own making.
PROPOSED_DAYS = 5
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Route:
    """Units urged in the same words through the same body."""

    form: str
    through: str
    is_company: bool
    planned: tuple[Planned, ...]

    @property
    def tasks(self) -> int:
        return sum(len(one.items) for one in self.planned)


@requires(Permission.WRITE_LETTER)
@GET_POST
def write_letter(request: DeskRequest) -> HttpResponse:
    """Chooses late units and what is written to them; shows what becomes of it; then writes it."""
    data = request.POST if request.method == "POST" else request.GET
    period = _usual_period(request)
    if period is None:
        return render(request, "desk/letters/none.html")
    selection = selection_from(data, asked.opened(request), period)
    form = _form(request)
    if request.method != "POST" or data.get("step") == "edit":
        return _choose(request, selection, form)
    units = _units(request, selection)
    if not units:
        form.add_error(None, gettext("Hãy chọn ít nhất một đơn vị."))
    elif len(units) > MOST_UNITS:
        form.add_error(
            None,
            gettext("Mỗi lần soạn cho nhiều nhất %(n)s đơn vị; hãy lọc bớt.")
            % {"n": number(MOST_UNITS)},
        )
    if not form.is_valid():
        return _choose(request, selection, form, INVALID)
    try:
        if data.get("step") != "make":
            return _preview(request, selection, form, units)
        return _make(request, selection, form, units)
    except actions.NothingToUrge as why:
        _tell_dropped(request, why.dropped)
        form.add_error(None, str(why))
    except checks.Refused as why:
        form.add_error(why.field, str(why))
    return _choose(request, selection, form, INVALID)


def _usual_period(request: DeskRequest) -> Period | None:
    """The period to begin with: the newest that has overdue work, else the current one."""
    by_code = {period.code: period for period in asked.opened(request)}
    return by_code.get(recipients.newest_late_period()) or asked.current_period(request)


def _issuer(request: DeskRequest) -> Unit:
    """The coordinating body the person writes for: whoever holds the permission has a unit."""
    unit = request.acting.unit
    assert unit is not None  # noqa: S101 - a permission is held in a unit
    return unit


def _form(request: DeskRequest) -> WriteLetters:
    today = clock.today()
    calendar = working_calendar(today, today + dt.timedelta(days=60))
    return WriteLetters(
        request.POST if request.method == "POST" else None,
        coordinator=_issuer(request).name,
        initial={"new_date": calendar.add(today, PROPOSED_DAYS)},
    )


def _units(request: DeskRequest, selection: Selection) -> list[int]:
    """The units ticked, or all that the filter finds."""
    if request.POST.get("scope") != "all":
        return chosen_units(request.POST)
    late = recipients.late_units(selection, clock.today())
    return [row["unit_id"] for row in late[: MOST_UNITS + 1]]


def _choose(
    request: DeskRequest, selection: Selection, form: WriteLetters, status: int = 200
) -> HttpResponse:
    today = clock.today()
    late = recipients.late_units(selection, today)
    page = Paginator(late, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/letters/write.html",
        {
            "selection": selection,
            "form": form,
            "page": page,
            "ticked": set(chosen_units(request.POST)),
            "scope": request.POST.get("scope", ""),
            "ended": recipients.ended_late(selection, today),
            "periods": asked.opened(request),
            "levels": _levels(selection),
            "dimensions": [(one.no, dimension_name(one.no)) for one in DIMENSIONS],
            "guides": _guides(selection),
            "narrowed_to": _narrowed_to(selection),
        },
        status=status,
    )


def _levels(selection: Selection) -> list[str]:
    """The levels with overdue work in the period, and the one asked for."""
    work = recipients.overdue(Selection(selection.period)).order_by()
    late = {*work.values_list("unit__level", flat=True).distinct(), selection.level}
    return [level for level in LETTER_LEVELS if level in late]


def _guides(selection: Selection) -> Iterable[Unit]:
    """The guiding bodies of the period's overdue work."""
    work = recipients.overdue(Selection(selection.period)).order_by().values("guide").distinct()
    return Unit.objects.filter(pk__in=work).order_by("sort_key", "id")[:PAGE_SIZE]


def _narrowed_to(selection: Selection) -> list[tuple[str, str]]:
    everything = gettext("tất cả")
    return [
        (gettext("Kỳ"), period_name(selection.period.code)),
        (gettext("Nội dung"), str(selection.dimension or everything)),
        (gettext("Số nhiệm vụ quá hạn"), gettext("từ %(n)s") % {"n": selection.at_least}),
    ]


def _preview(
    request: DeskRequest, selection: Selection, form: WriteLetters, units: Sequence[int]
) -> HttpResponse:
    today, wording = clock.today(), form.wording
    checks.check_new_date(wording.new_date, today)
    plan = recipients.plan(
        selection,
        units,
        signed_by=wording.signed_by,
        from_unit=_issuer(request),
        day=today,
        throughs=named_throughs(request.POST),
    )
    if not plan.planned:
        raise actions.NothingToUrge(plan.dropped)
    items = [item for one in plan.planned for item in one.items]
    forms = {one.form for one in plan.planned}
    companies = [one for one in plan.planned if one.is_company]
    return render(
        request,
        "desk/letters/preview.html",
        {
            "selection": selection,
            "form": form,
            "wording": wording,
            "plan": plan,
            "routes": _routes(plan.planned),
            "tasks": _tasks(items),
            "items": len(items),
            "locked": sum(item.locks_on < wording.new_date for item in items),
            "letters": len(plan.planned) if wording.one_each else len(forms),
            "is_split": not wording.one_each and len(forms) > 1,
            "companies": companies,
            "departments": recipients.departments_on(today) if companies else [],
            "dropped": [(one.unit, gettext(rules.DROPPED[one.why])) for one in plan.dropped],
        },
    )


def _routes(planned: Iterable[Planned]) -> list[Route]:
    """By the words, then by whom it goes through; those written directly first."""
    found: dict[tuple[str, str, bool], list[Planned]] = {}
    for one in planned:
        found.setdefault((one.form, one.through_name, one.is_company), []).append(one)
    ordered = sorted(found.items(), key=lambda pair: (pair[0][0] != rules.URGE, pair[0][1] != ""))
    return [Route(*key, tuple(units)) for key, units in ordered]


def _tasks(items: Iterable[Any]) -> list[tuple[TaskVersion, str, int]]:
    """Each task listed, its first words, and how many units owe it."""
    owed = Counter(item.task_version_id for item in items)
    words = TaskItem.objects.filter(task_version__in=owed, field=TaskItem.Field.CONTENT, position=1)
    titles = {item.task_version_id: item.words for item in words}
    versions = TaskVersion.objects.filter(pk__in=owed).order_by("no", "id")
    return [(one, titles.get(one.pk, str(one)), owed[one.pk]) for one in versions]


def _make(
    request: DeskRequest, selection: Selection, form: WriteLetters, units: Sequence[int]
) -> HttpResponse:
    made = actions.make_letters(
        selection=selection,
        units=units,
        wording=form.wording,
        throughs=named_throughs(request.POST),
        from_unit=_issuer(request),
        by=request.user,
        now=clock.now(),
    )
    n = len(made.letters)
    said = ngettext(
        "Đã soạn %(n)s dự thảo công văn. Tải về, trình ký, rồi ghi số khi văn thư phát hành.",
        "Đã soạn %(n)s dự thảo công văn. Tải về, trình ký, rồi ghi số khi văn thư phát hành.",
        n,
    )
    messages.success(request, said % {"n": number(n)})
    _tell_dropped(request, made.dropped)
    if n == 1:
        return redirect("letter", made.letters[0].pk)
    response = redirect("letters")
    response["Location"] += f"?period={selection.period.code}&state={reading.DRAFT}"
    return response


def _tell_dropped(request: DeskRequest, dropped: Sequence[Dropped]) -> None:
    """Which of the chosen units got no letter, and why."""
    by_reason: dict[str, list[str]] = {}
    for one in dropped:
        by_reason.setdefault(one.why, []).append(one.unit.name)
    for why, names in by_reason.items():
        listed = ", ".join(names[:10]) + ("…" if len(names) > 10 else "")
        messages.warning(
            request,
            gettext("Không soạn cho %(units)s: %(why)s.")
            % {"units": listed, "why": gettext(rules.DROPPED[why])},
        )
