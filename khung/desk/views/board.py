"""The board: what is red, why, and who must act; every figure leads down."""

from collections.abc import Iterator, Sequence

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from khung.assignments import board as figures
from khung.assignments import work
from khung.assignments.calendar import working_calendar
from khung.assignments.models import Assignment, Period
from khung.base import clock
from khung.base.wording import number, percent, period_name
from khung.base.writers.csv_table import csv_file
from khung.desk import asked
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
from khung.desk.board_sentences import finding_of_silence, sentences, silent_rows
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import rows
from khung.frameworks import queries as frameworks
from khung.frameworks.tasks import dimension_label, subdimension_label
from khung.orgs.models import Unit
from khung.rules.expansion import LEVELS
from khung.rules.permissions import Permission
from khung.rules.taxonomy import DIMENSIONS
from khung.rules.workflow import OFFICIAL_CLASSES, STATES

PAGE_SIZE = 100


@require_safe
@requires(Permission.VIEW_ALL_WORK, Permission.VIEW_SUBTREE_WORK)
def board(request: DeskRequest) -> HttpResponse:
    """The board of a unit's subtree in a period, of all dimensions or the parts of one.

    `?silent=commune-2` shows only the units of that level without any result in that area.
    """
    period = asked.period(request)
    top = top_unit(request, period) if period else None
    if period is None or top is None:
        return render(request, "desk/board_empty.html")
    unit = shown_unit(request, top, period)
    dimension = asked.dimension(request)
    found = figures.board(unit, period, dimension=dimension)
    columns = columns_of(found, dimension, period.starts_on.year)
    if request.GET.get("export") == "csv":
        return _export(found, columns)
    measure = asked_measure(request, found)
    narrowed, said, silent_on = _silent(request, found, columns)
    context = {
        "board": found,
        "unit": unit,
        "period": period,
        "periods": asked.opened(request),
        "dimension": dimension,
        "dimension_name": _dimension(dimension) if dimension else "",
        "path": path_to(unit, top),
        "finding": said or finding(found),
        "is_narrowed": bool(said),
        "silent_on": silent_on,
        "measure": measure,
        "submitted": found.total.state("submitted"),
        "sentences": [] if said else sentences(found, columns),
        "heat": units_by_area(found, narrowed, columns, measure, heat_title(measure, dimension)),
        "states_chart": states_of_areas(found, columns),
        "classes_chart": official_classes(found),
        "levels_chart": levels(found),
        "percent_accepted": percent(found.total.share) if found.total.share is not None else "–",
    }
    if not said:
        has_own = any(row.unit.pk == unit.pk for row in found.rows)
        context |= _own_work(request, unit, period, dimension) if has_own else {"own": []}
    return render(request, "desk/board.html", context)


def top_unit(request: DeskRequest, period: Period) -> Unit | None:
    """Where a person's board begins: the province of that day, or their own unit."""
    if not request.acting.may(Permission.VIEW_ALL_WORK):
        return request.acting.unit
    return frameworks.province_on(period.starts_on)


def shown_unit(request: DeskRequest, top: Unit, period: Period) -> Unit:
    """The unit asked for, else the top. Raises Http404 for one outside the person's board."""
    asked_id = asked.number(request, "unit")
    if asked_id is None or asked_id == top.pk:
        return top
    unit = Unit.objects.filter(pk=asked_id).first()
    if unit is None:
        raise Http404
    if request.acting.may(Permission.VIEW_ALL_WORK):
        # The province of another time, kept in the address when the period was changed.
        return top if unit.parent_id is None and unit.code == top.code else unit
    if not unit.path.startswith(top.path):
        raise Http404
    return unit


def path_to(unit: Unit, top: Unit) -> list[Unit]:
    """The units from the top down to the one above this."""
    if unit.pk == top.pk:
        return []
    ids = [int(pk) for pk in unit.path.strip("/").split("/")][:-1]
    above = [it for it in Unit.objects.filter(pk__in=ids) if it.path.startswith(top.path)]
    return sorted(above, key=lambda it: len(it.path))


def columns_of(found: figures.Board, dimension: int | None, year: int) -> list[Column]:
    """All eight dimensions in their fixed order, or the areas of one that have work."""
    if dimension is None:
        return [Column(str(it.no), _dimension(it.no), it.no) for it in DIMENSIONS]
    return [Column(code, _area(code, year), dimension) for code in found.areas]


def _dimension(no: int) -> str:
    return dimension_label(no, english=get_language() == "en")


def _area(code: str, year: int) -> str:
    if "." not in code:
        return _dimension(int(code))
    try:
        return subdimension_label(code, year, english=get_language() == "en")
    except KeyError:
        return ""


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


def _own_work(
    request: DeskRequest, unit: Unit, period: Period, dimension: int | None
) -> dict[str, object]:
    """The unit's own assignments that make up its figures, by page."""
    own = Assignment.objects.filter(unit=unit, counts_in=period)
    asked_for = work.narrowed(own, work.Wanted(dimension=dimension))
    page = Paginator(work.for_page(asked_for), PAGE_SIZE).get_page(request.GET.get("page"))
    today = clock.today()
    return {"page": page, "own": rows(page, working_calendar(), today)}


def _export(found: figures.Board, columns: Sequence[Column]) -> HttpResponse:
    head = [
        gettext("Đơn vị"),
        gettext("Kỳ"),
        gettext("Nội dung"),
        gettext("Tổng số"),
        *(gettext(label) for label in STATES.values()),
        *(gettext(label) for label in OFFICIAL_CLASSES.values()),
    ]
    name = f"bang-theo-doi-{found.unit.code}-{found.period.code}.csv"
    return csv_file(name, head, _export_rows(found, columns))


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
                *(tally.state(state) for state in STATES),
                *tally.classes.values(),
            )
