"""My work: the sheet of a unit's period, by dimension, most urgent first; each line reports."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from khung.assignments import work
from khung.assignments.board import Tally, together
from khung.assignments.calendar import working_calendar
from khung.assignments.locks import leave_of
from khung.assignments.models import Assignment, LockException, Period, PeriodDeadline
from khung.base import clock
from khung.base.wording import dimension_name, number
from khung.base.writers.xlsx_table import export_format, table_file
from khung.desk import asked
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import Row, export_columns, export_row, rows
from khung.desk.sheet_lines import Line, panel, sending_context, villages_of
from khung.desk.work_filters import work_filters
from khung.orgs.models import Unit
from khung.reports import judging_times, sheet
from khung.reports.drafting import times_done
from khung.reports.unit_side import shares_of
from khung.rules.calendar import WorkingCalendar
from khung.rules.permissions import Permission

PAGE_SIZE = 100
# Where the session keeps why reports just handed in were not sent, until the sheet has shown it.
REFUSED_KEY = "reports_refused"


@dataclass(frozen=True, slots=True)
class Group:
    """The work of one dimension on this page, and how all of it stands."""

    no: int
    name: str
    tally: Tally
    lines: list[Line]


@require_safe
@requires(Permission.VIEW_OWN_UNIT_WORK)
def my_work(request: DeskRequest) -> HttpResponse:
    """The sheet. `?open=` opens a line, `?export=` gives the rows asked for as a file."""
    unit, today = request.acting.unit, clock.today()
    period = asked.period(request)
    if unit is None or period is None:
        return render(request, "desk/my_work_empty.html", {"unit": unit})
    wanted = asked.wanted(request)
    owed = work.owed_by(unit, period)
    found = work.for_page(work.narrowed(owed, wanted))
    calendar = working_calendar()
    if chosen := export_format(request.GET):
        exported = rows(work.for_export(found), calendar, today)
        name = f"viec-{unit.code}-{period.code}"
        return table_file(chosen, name, export_columns(), map(export_row, exported))
    tallies = work.by_dimension(owed)
    total = together(tallies.values())
    page = Paginator(
        found.select_related("task_version", "occasion", "unit", "period", "counts_in"), PAGE_SIZE
    ).get_page(request.GET.get("page"))
    deadline = PeriodDeadline.objects.filter(period=period, level=unit.level).first()
    shown = rows(page, calendar, today)
    return render(
        request,
        "desk/my_work.html",
        {
            "unit": unit,
            **work_filters(request, period, wanted),
            "deadline": deadline,
            "total": total,
            "submitted": total.state("submitted"),
            "finding": finding(
                deadline, total, calendar, today, _leave(deadline, period, unit, today)
            ),
            "page": page,
            **_written(request, unit, owed, shown, tallies),
            "judging": waiting_count(request, unit),
            **_ways(request),
        },
    )


def _written(
    request: DeskRequest,
    unit: Unit,
    owed: QuerySet[Assignment],
    shown: list[Row],
    tallies: dict[int, Tally],
) -> dict[str, Any]:
    """The lines in their groups, and what can be done with many of them at once."""
    writes = request.acting.may(Permission.REPORT_WORK)
    written = sheet.written_of(owed) if writes else sheet.Written()
    to_copy = sheet.sources_of_copy(sheet.never_written(owed)) if writes else {}
    sending = sending_context(request, unit)
    return {
        "writes": writes,
        "written": written,
        "to_copy": len(to_copy),
        **sending,
        "groups": groups(_lines(request, shown, written), tallies),
    }


def _lines(request: DeskRequest, shown: list[Row], written: sheet.Written) -> list[Line]:
    times = times_done([row.assignment for row in shown if row.assignment.quota])
    refused: Mapping[str, list[str]] = request.session.pop(REFUSED_KEY, {})
    wanted, today = asked.number(request, "open"), clock.today()
    ids = [row.assignment.pk for row in shown]
    shares = shares_of(ids) if shown else {}
    villages = villages_of(request, ids)
    return [
        Line(
            row,
            written.drafts.get(row.assignment.pk),
            times.get(row.assignment.pk, 0),
            refused.get(str(row.assignment.pk), ()),
            panel(request, row, today) if row.assignment.pk == wanted else None,
            shares.get(row.assignment.pk),
            villages.get(row.assignment.pk),
        )
        for row in shown
    ]


def _ways(request: DeskRequest) -> dict[str, str]:
    """The address of this sheet as it is narrowed, and the one that opens a line of it."""
    query = request.GET.copy()
    query.pop("open", None)
    back = f"{request.path}?{query.urlencode()}" if query else request.path
    return {"back": back, "open_at": f"{back}{'&' if query else '?'}open="}


def waiting_count(request: DeskRequest, unit: Unit) -> int | None:
    """How many reports wait for the unit's judgement; None for those who do not judge."""
    if not request.acting.may(Permission.VIEW_JUDGED_WORK):
        return None
    return judging_times.times(None, [unit.pk], today=clock.today())[unit.pk].open


def finding(
    deadline: PeriodDeadline | None,
    total: Tally,
    calendar: WorkingCalendar,
    today: dt.date,
    leave: LockException | None = None,
) -> str:
    """The first thing to know: "Còn 6 ngày làm việc · 21/35 nhiệm vụ đã có kết quả"."""
    result = gettext("%(reported)s/%(counted)s nhiệm vụ đã có kết quả") % {
        "reported": number(total.reported),
        "counted": number(total.counted),
    }
    if deadline is None:
        return result
    if leave is not None:
        when = gettext("Được báo cáo đến hết %(day)s theo văn bản %(number)s") % {
            "day": f"{leave.open_until:%d/%m/%Y}",
            "number": leave.document_number,
        }
    elif today > deadline.locks_on:
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


def _leave(
    deadline: PeriodDeadline | None, period: Period, unit: Unit, today: dt.date
) -> LockException | None:
    """The leave to report that matters: only once the period is locked."""
    if deadline is None or today <= deadline.locks_on:
        return None
    return leave_of(period, unit, today)


def groups(shown: Iterable[Line], tallies: dict[int, Tally]) -> list[Group]:
    """The lines of a page under their dimensions, in the fixed order of the index."""
    by_no = groupby(shown, key=lambda line: line.row.assignment.task_version.dimension)
    return [
        Group(no, dimension_name(no), tallies.get(no, Tally()), list(found)) for no, found in by_no
    ]
