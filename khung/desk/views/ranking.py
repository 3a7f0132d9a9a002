"""Units of a level side by side: who risks missing the date and why, who is how far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from khung.assignments import ranking
from khung.assignments.board import Tally
from khung.base import clock
from khung.base.schedule import last_ran
from khung.base.wording import number
from khung.base.writers.xlsx_table import export_format, table_file
from khung.desk import asked, board_risk
from khung.desk.board_labels import group_label
from khung.desk.board_links import board_address, list_address
from khung.desk.board_scope import Scope, path_to, scope, tabs
from khung.desk.permissions import DeskRequest, requires
from khung.orgs.models import Unit
from khung.reports.board_figures import figures_of
from khung.rules.permissions import Permission
from khung.rules.risk import Risk
from khung.rules.workflow import NOTHING_AROSE

PAGE_SIZE = 50
ORDERS = ("risk", "share", "overdue", "name")


@dataclass(frozen=True, slots=True)
class Row:
    """One unit of the list; `rank` is None where nothing of it counts."""

    unit: Unit
    tally: Tally
    rank: int | None
    risk: Risk
    period: str

    @property
    def degree(self) -> str:
        return board_risk.degree(self.risk)

    @property
    def degree_label(self) -> str:
        return board_risk.degree_label(self.degree)

    @property
    def reasons(self) -> str:
        return board_risk.reasons(self.risk)

    @property
    def on_time(self) -> int:
        return self.tally.classes["done_on_time"]

    @property
    def submitted(self) -> int:
        return self.tally.state("submitted")

    @property
    def returned(self) -> int:
        return self.tally.state("returned")

    @property
    def exempt(self) -> int:
        return self.tally.state("exempt")

    @property
    def nothing_arose(self) -> int:
        return self.tally.state(NOTHING_AROSE)

    @property
    def board(self) -> str:
        """The board of this unit."""
        return board_address(unit=self.unit.pk, period=self.period)

    @property
    def links(self) -> Mapping[str, str]:
        """Where each figure leads: the assignments behind it."""
        unit, period = self.unit.pk, self.period
        return {
            "counted": list_address(unit=unit, period=period, **{"class": "counted"}),
            "accepted": list_address(unit=unit, period=period, state="accepted"),
            "on_time": list_address(unit=unit, period=period, **{"class": "done_on_time"}),
            "submitted": list_address(unit=unit, period=period, state="submitted"),
            "overdue": list_address(unit=unit, period=period, overdue=True),
            "returned": list_address(unit=unit, period=period, state="returned"),
            "exempt": list_address(unit=unit, period=period, state="exempt"),
            "nothing_arose": list_address(unit=unit, period=period, state=NOTHING_AROSE),
        }


@require_safe
@requires(Permission.VIEW_ALL_WORK, Permission.VIEW_SUBTREE_WORK)
def ranking_page(request: DeskRequest) -> HttpResponse:
    """The units of a group below a unit, in the order asked for; `?export=` gives all as seen."""
    found = scope(request)
    if found is None:
        return render(request, "desk/board_empty.html")
    groups = ranking.groups_below(found.unit, found.period)
    group = request.GET.get("group", "")
    group = group if group in groups else next(iter(groups), "")
    order = request.GET.get("order", "")
    order = order if order in ORDERS else ORDERS[0]
    rows = sorted_rows(ranked(found, group), order) if group else []
    if chosen := export_format(request.GET):
        name = f"xep-hang-{found.unit.code}-{found.period.code}"
        return table_file(chosen, name, columns(), map(cells, rows))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/board/ranking.html",
        {
            "tab": "board_ranking",
            "tabs": tabs(found, request.acting),
            "unit": found.unit,
            "period": found.period,
            "periods": asked.opened(request),
            "path": path_to(found.unit, found.top),
            "as_of": last_ran("schedule"),
            "group": group,
            "groups": [(code, group_label(code)) for code in groups],
            "order": order,
            "orders": order_labels(),
            "finding": finding(rows),
            "page": page,
        },
    )


def ranked(found: Scope, group: str) -> list[Row]:
    """Every unit of the group with its place and its risk; six queries."""
    standings = ranking.standings(found.unit, found.period, group)
    places = ranking.ranks(standings)
    figures = figures_of(found.period, [it.unit.pk for it in standings])
    left = board_risk.days_left(found.period, group.removesuffix(ranking.BODIES), clock.today())
    risks = board_risk.risks(standings, left, figures)
    return [
        Row(it.unit, it.now, places.get(it.unit.pk), risks[it.unit.pk], found.period.code)
        for it in standings
    ]


def sorted_rows(rows: Sequence[Row], order: str) -> list[Row]:
    """In the order asked for; what is equal stays in the order of names."""
    if order == "name":
        return list(rows)
    if order == "share":
        return sorted(rows, key=lambda row: row.rank or len(rows) + 1)
    if order == "overdue":
        return sorted(rows, key=lambda row: -row.tally.overdue)
    return sorted(rows, key=lambda row: -row.risk.points)


def order_labels() -> list[tuple[str, str]]:
    """What the list may be ordered by."""
    return [
        ("risk", gettext("nguy cơ trễ hạn")),
        ("share", gettext("tỷ lệ đã công nhận")),
        ("overdue", gettext("số quá hạn")),
        ("name", gettext("tên đơn vị")),
    ]


def finding(rows: Sequence[Row]) -> str:
    """The first thing to know: how many may miss the date."""
    pressing = sum(row.degree == "high" for row in rows)
    if pressing:
        return gettext("%(n)s trong %(all)s đơn vị có nguy cơ trễ hạn cao") % {
            "n": number(pressing),
            "all": number(len(rows)),
        }
    return gettext("Không đơn vị nào có nguy cơ trễ hạn cao")


def columns() -> list[str]:
    """The head of the table, on the page and in files."""
    return [
        gettext("Hạng"),
        gettext("Đơn vị"),
        gettext("Nguy cơ trễ hạn (0–100)"),
        gettext("Vì sao"),
        gettext("Nhiệm vụ có tính"),
        gettext("Đã công nhận"),
        gettext("Tỷ lệ đã công nhận (%)"),
        gettext("Hoàn thành đúng hạn"),
        gettext("Chờ thẩm định"),
        gettext("Đang quá hạn"),
        gettext("Trả lại"),
        gettext("Miễn"),
        gettext("Không phát sinh"),
    ]


def cells(row: Row) -> list[object]:
    """One unit under `columns`."""
    share = row.tally.share
    return [
        row.rank or "–",
        row.unit.name,
        row.risk.points,
        row.reasons,
        row.tally.counted,
        row.tally.accepted,
        "–" if share is None else round(100 * share, 1),
        row.on_time,
        row.submitted,
        row.tally.overdue,
        row.returned,
        row.exempt,
        row.nothing_arose,
    ]
