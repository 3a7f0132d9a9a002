"""Whose tasks stand how: each guiding unit's work, and how long it takes to judge."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from khung.assignments.board import Tally
from khung.base import clock
from khung.base.schedule import last_ran
from khung.base.wording import number
from khung.base.writers.xlsx_table import export_format, table_file
from khung.desk import asked
from khung.desk.board_links import list_address
from khung.desk.board_scope import scope, tabs
from khung.desk.permissions import DeskRequest, requires
from khung.orgs.models import Unit
from khung.reports.board_figures import guide_tallies
from khung.reports.judging_times import JudgingTimes, times
from khung.rules.permissions import Permission

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A unit that guides or judges; without a unit, the work nobody guides or judges yet."""

    unit: Unit | None
    tally: Tally
    judging: JudgingTimes
    period: str

    @property
    def name(self) -> str:
        return self.unit.name if self.unit else gettext("Chưa có cơ quan hướng dẫn, thẩm định")

    @property
    def links(self) -> Mapping[str, str]:
        """Where each figure leads; what nobody guides has no list of its own."""
        if self.unit is None:
            return {}
        guide, period = self.unit.pk, self.period
        return {
            "counted": list_address(guide=guide, period=period, **{"class": "counted"}),
            "accepted": list_address(guide=guide, period=period, state="accepted"),
            "overdue": list_address(guide=guide, period=period, overdue=True),
            "waiting": list_address(judge=guide, period=period, state="submitted"),
            "returned": list_address(judge=guide, period=period, state="returned"),
        }


@require_safe
@requires(Permission.VIEW_ALL_WORK)
def guides(request: DeskRequest) -> HttpResponse:
    """Every guiding or judging unit of a period, those that keep others waiting first."""
    found = scope(request)
    if found is None:
        return render(request, "desk/board_empty.html")
    tallies, counted_at = guide_tallies(found.period)
    judging = times(found.period, None, today=clock.today())
    units = Unit.objects.in_bulk([pk for pk in {*tallies, *judging} if pk])
    rows = [
        Row(
            units.get(pk), tallies.get(pk, Tally()), judging.get(pk, JudgingTimes()),
            found.period.code,
        )
        for pk in {*tallies, *judging}
    ]  # fmt: skip
    rows.sort(key=_order)
    if chosen := export_format(request.GET):
        return table_file(chosen, f"huong-dan-{found.period.code}", columns(), map(cells, rows))
    return render(
        request,
        "desk/board/guides.html",
        {
            "tab": "board_guides",
            "tabs": tabs(found, request.acting),
            "unit": found.top,
            "period": found.period,
            "periods": asked.opened(request),
            "path": [],
            "as_of": last_ran("schedule"),
            "counted_at": counted_at,
            "finding": finding(rows),
            "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        },
    )


def _order(row: Row) -> tuple[int, int, int, str]:
    # What nobody guides comes after everybody: no name sorts behind "~".
    name = row.unit.sort_key if row.unit else "~"
    return -row.judging.overdue, -row.judging.open, -row.tally.overdue, name


def finding(rows: list[Row]) -> str:
    """The first thing to know: how much judging is late, and where."""
    late = [row for row in rows if row.judging.overdue]
    if late:
        return gettext("%(n)s báo cáo quá hạn thẩm định ở %(units)s cơ quan") % {
            "n": number(sum(row.judging.overdue for row in late)),
            "units": number(len(late)),
        }
    waiting = sum(row.judging.open for row in rows)
    if waiting:
        return gettext("%(n)s báo cáo chờ thẩm định, không báo cáo nào quá hạn") % {
            "n": number(waiting)
        }
    return gettext("Không báo cáo nào chờ thẩm định")


def columns() -> list[str]:
    """The head of the table, on the page and in files."""
    return [
        gettext("Cơ quan hướng dẫn, thẩm định"),
        gettext("Nhiệm vụ hướng dẫn có tính"),
        gettext("Đã công nhận"),
        gettext("Đang quá hạn"),
        gettext("Báo cáo chờ thẩm định"),
        gettext("Chờ quá hạn thẩm định"),
        gettext("Số ngày làm việc trung vị để thẩm định"),
        gettext("Tỷ lệ trả lại (%)"),
        gettext("Ngoài mẫu, chưa đọc"),
    ]


def cells(row: Row) -> list[object]:
    """One unit under `columns`."""
    rate, median = row.judging.return_rate, row.judging.median_days
    return [
        row.name,
        row.tally.counted,
        row.tally.accepted,
        row.tally.overdue,
        row.judging.open,
        row.judging.overdue,
        "–" if median is None else median,
        "–" if rate is None else round(100 * rate, 1),
        row.judging.unread,
    ]
