"""My work: what a unit owes this period, by dimension, most urgent first."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from khung.assignments import work
from khung.assignments.board import Tally, together
from khung.assignments.calendar import working_calendar
from khung.assignments.models import Period, PeriodDeadline
from khung.base import clock
from khung.base.wording import number
from khung.base.writers.csv_table import csv_file
from khung.desk import asked
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import Row, export_columns, export_row, rows
from khung.desk.work_filters import dimension_words, work_filters
from khung.orgs.models import Unit
from khung.rules.calendar import WorkingCalendar
from khung.rules.permissions import Permission

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Group:
    """The work of one dimension on this page, and how all of it stands."""

    no: int
    name: str
    tally: Tally
    rows: list[Row]


@require_safe
@requires(Permission.VIEW_OWN_UNIT_WORK)
def my_work(request: DeskRequest) -> HttpResponse:
    """A unit's work of a period. `?export=csv` gives the rows that are asked for as a file."""
    unit, today = request.acting.unit, clock.today()
    period = asked.period(request)
    if unit is None or period is None:
        return render(request, "desk/my_work_empty.html", {"unit": unit})
    wanted = asked.wanted(request)
    owed = work.owed_by(unit, period)
    found = work.for_page(work.narrowed(owed, wanted))
    calendar = working_calendar()
    if request.GET.get("export") == "csv":
        return _export(unit, period, rows(work.for_export(found), calendar, today))
    tallies = work.by_dimension(owed)
    total = together(tallies.values())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    deadline = PeriodDeadline.objects.filter(period=period, level=unit.level).first()
    return render(
        request,
        "desk/my_work.html",
        {
            "unit": unit,
            **work_filters(request, period, wanted),
            "deadline": deadline,
            "total": total,
            "submitted": total.state("submitted"),
            "finding": finding(deadline, total, calendar, today),
            "page": page,
            "groups": groups(rows(page, calendar, today), tallies),
            "judging": waiting_count(request, unit, period),
        },
    )


def waiting_count(request: DeskRequest, unit: Unit, period: Period) -> int | None:
    """How many reports wait for the unit's judgement; None for those who do not judge."""
    if not request.acting.may(Permission.VIEW_JUDGED_WORK):
        return None
    return work.judged_by(unit, period).filter(state="submitted").count()


def finding(
    deadline: PeriodDeadline | None, total: Tally, calendar: WorkingCalendar, today: dt.date
) -> str:
    """The first thing to know: "Còn 6 ngày làm việc · 21/35 nhiệm vụ đã có kết quả"."""
    result = gettext("%(reported)s/%(counted)s nhiệm vụ đã có kết quả") % {
        "reported": number(total.reported),
        "counted": number(total.counted),
    }
    if deadline is None:
        return result
    if today > deadline.locks_on:
        when = gettext("Kỳ đã khóa từ %(day)s") % {"day": f"{deadline.locks_on:%d/%m/%Y}"}
    elif today > deadline.timely_on:
        late = -calendar.left(today, deadline.timely_on)
        when = gettext("Quá hạn %(n)s ngày làm việc") % {"n": number(late)}
    elif today == deadline.timely_on:
        when = gettext("Hôm nay là hạn")
    else:
        left = calendar.left(today, deadline.timely_on)
        when = gettext("Còn %(n)s ngày làm việc") % {"n": number(left)}
    return f"{when} · {result}"


def groups(shown: Iterable[Row], tallies: dict[int, Tally]) -> list[Group]:
    """The rows of a page under their dimensions, in the fixed order of the index."""
    by_no = groupby(shown, key=lambda row: row.assignment.task_version.dimension)
    return [
        Group(no, dimension_words(no), tallies.get(no, Tally()), list(found)) for no, found in by_no
    ]


def _export(unit: Unit, period: Period, found: Iterable[Row]) -> HttpResponse:
    name = f"viec-{unit.code}-{period.code}.csv"
    return csv_file(name, export_columns(), map(export_row, found))
