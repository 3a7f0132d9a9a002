"""The board: what is red, why, and who must act; every figure leads down."""

from collections.abc import Iterator, Sequence

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from khung.assignments import board as figures
from khung.assignments import listing
from khung.assignments.calendar import working_calendar
from khung.assignments.freshness import light_of
from khung.assignments.models import Assignment
from khung.base import clock
from khung.base.wording import dimension_name, number, percent, period_name
from khung.base.writers.xlsx_table import export_format, table_file
from khung.desk import asked, board_risk
from khung.desk.board_charts import (
    ACCEPTED,
    OVERDUE,
    Column,
    levels,
    official_classes,
    row_name,
    states_of_areas,
    units_by_area,
)
from khung.desk.board_facts import facts_of
from khung.desk.board_labels import area_name, state_label
from khung.desk.board_links import list_address
from khung.desk.board_scope import Scope, path_to, scope, tabs
from khung.desk.board_sentences import finding_of_silence, sentences, silent_rows
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import rows
from khung.rules.expansion import LEVELS
from khung.rules.permissions import Permission
from khung.rules.taxonomy import DIMENSIONS
from khung.rules.workflow import NOTHING_AROSE, OFFICIAL_CLASSES, STATES

PAGE_SIZE = 50


@require_safe
@requires(Permission.VIEW_ALL_WORK, Permission.VIEW_SUBTREE_WORK)
def board(request: DeskRequest) -> HttpResponse:
    """The board of a unit's subtree in a period, of all dimensions or the parts of one.

    `?silent=commune-2` shows only the units of that level without any result in that area,
    `?order=risk` puts those that risk missing the date first, with the reason.
    """
    shown = scope(request)
    if shown is None:
        return render(request, "desk/board_empty.html")
    dimension = asked.dimension(request)
    found = figures.board(shown.unit, shown.period, dimension=dimension)
    columns = columns_of(found, dimension, shown.period.starts_on.year)
    if chosen := export_format(request.GET):
        name = f"bang-theo-doi-{found.unit.code}-{found.period.code}"
        return table_file(chosen, name, _columns(), _export_rows(found, columns))
    measure = asked_measure(request, found)
    narrowed, said, silent_on = _silent(request, found, columns)
    by_risk = request.GET.get("order") == "risk"
    risky = board_risk.riskiest(found, clock.today()) if by_risk and not said else []
    if risky:
        narrowed = [row for row, _ in risky]
    context = {
        "tab": "board",
        "tabs": tabs(shown, request.acting),
        "board": found,
        "unit": shown.unit,
        "period": shown.period,
        "periods": asked.opened(request),
        "dimension": dimension,
        "dimension_name": dimension_name(dimension) if dimension else "",
        "path": path_to(shown.unit, shown.top),
        "finding": said or finding(found),
        "is_narrowed": bool(said),
        "silent_on": silent_on,
        "measure": measure,
        "by_risk": by_risk,
        "risky": [(row_name(found, row), risk) for row, risk in risky[: board_risk.NAMED]],
        "heat": units_by_area(found, narrowed, columns, measure, heat_title(measure, dimension)),
    }
    if not said:
        context |= _whole(shown, found, columns, dimension)
        has_own = any(row.unit.pk == shown.unit.pk for row in found.rows)
        context |= _own_work(request, shown, dimension) if has_own else {"own": []}
    return render(request, "desk/board.html", context)


def _whole(
    shown: Scope, found: figures.Board, columns: Sequence[Column], dimension: int | None
) -> dict[str, object]:
    """What stands beside the heat map, where it is not narrowed to the silent."""
    total = found.total
    behind = list_address(unit=shown.unit.pk, period=shown.period.code, dimension=dimension)
    return {
        "submitted": total.state("submitted"),
        "exempt": total.state("exempt"),
        "nothing_arose": total.state(NOTHING_AROSE),
        "behind": behind,
        "facts": facts_of(shown, [row.unit.pk for row in found.rows], clock.today()),
        "sentences": sentences(found, columns),
        "states_chart": states_of_areas(found, columns),
        "classes_chart": official_classes(found, dimension),
        "levels_chart": levels(found, dimension),
        "percent_accepted": percent(total.share) if total.share is not None else "–",
    }


def columns_of(found: figures.Board, dimension: int | None, year: int) -> list[Column]:
    """All eight dimensions in their fixed order, or the areas of one that have work."""
    if dimension is None:
        return [Column(str(it.no), dimension_name(it.no), it.no) for it in DIMENSIONS]
    return [Column(code, area_name(code, year), dimension) for code in found.areas]


def finding(found: figures.Board) -> str:
    """The first thing to know of a board."""
    if not found.total.counted:
        return gettext("Chưa có nhiệm vụ nào được tính trong kỳ này")
    share = percent(found.total.accepted / found.total.counted)
    if found.total.overdue:
        return gettext("%(n)s nhiệm vụ đang quá hạn, %(share)s đã được công nhận") % {
            "n": number(found.total.overdue),
            "share": share,
        }
    return gettext("%(share)s nhiệm vụ đã được công nhận, không việc nào quá hạn") % {
        "share": share
    }


def asked_measure(request: DeskRequest, found: figures.Board) -> str:
    """What the heat shows: as asked, else what is overdue where anything is."""
    asked_for = request.GET.get("measure")
    if asked_for in (ACCEPTED, OVERDUE):
        return asked_for
    return OVERDUE if found.total.overdue else ACCEPTED


def heat_title(measure: str, dimension: int | None) -> str:
    """What the figures of the heat map are."""
    if measure == OVERDUE:
        if dimension:
            return gettext("Số nhiệm vụ quá hạn theo đơn vị và nội dung thành phần")
        return gettext("Số nhiệm vụ quá hạn theo đơn vị và nội dung")
    if dimension:
        return gettext("Nhiệm vụ đã công nhận theo đơn vị và nội dung thành phần")
    return gettext("Nhiệm vụ đã công nhận theo đơn vị và nội dung")


def _silent(
    request: DeskRequest, found: figures.Board, columns: Sequence[Column]
) -> tuple[list[figures.BoardRow], str, str]:
    """The rows to show; where only the silent ones are asked for, what that means and the area."""
    level, _, area = request.GET.get("silent", "").partition("-")
    column = next((it for it in columns if it.code == area), None)
    if column is None or level not in LEVELS:
        return found.rows, "", ""
    silent = silent_rows(found, area, level)
    return silent, finding_of_silence(len(silent), level, column), column.label


def _own_work(request: DeskRequest, shown: Scope, dimension: int | None) -> dict[str, object]:
    """The unit's own assignments that make up its figures, by page."""
    wanted, today = listing.Asked(unit=shown.unit, own=True, dimension=dimension), clock.today()
    own = listing.listed(Assignment.objects.all(), shown.period, wanted, today)
    page = Paginator(listing.for_list(own), PAGE_SIZE).get_page(request.GET.get("page"))
    found = rows(page, working_calendar(), today)
    lit = [(row, light_of(row.assignment, shown.period, today)) for row in found]
    return {"page": page, "own": lit}


def _columns() -> list[str]:
    return [
        gettext("Đơn vị"),
        gettext("Kỳ"),
        gettext("Nội dung"),
        gettext("Tổng số"),
        *(state_label(state) for state in (*STATES, NOTHING_AROSE)),
        *(gettext(label) for label in OFFICIAL_CLASSES.values()),
    ]


def _export_rows(found: figures.Board, columns: Sequence[Column]) -> Iterator[Sequence[object]]:
    for row in found.rows:
        for column in columns:
            tally = row.areas.get(column.code)
            if tally is None:
                continue
            yield (
                row_name(found, row),
                period_name(found.period.code),
                column.label,
                tally.total,
                *(tally.state(state) for state in (*STATES, NOTHING_AROSE)),
                *tally.classes.values(),
            )
