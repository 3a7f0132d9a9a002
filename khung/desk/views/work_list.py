"""The list behind every figure: the assignments that make it up, page by page and as a file."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from khung.assignments import listing
from khung.assignments.calendar import working_calendar
from khung.assignments.freshness import light_of
from khung.assignments.models import Assignment, Period
from khung.base import clock
from khung.base.wording import dimension_name
from khung.base.writers.xlsx_table import export_format, table_file
from khung.desk import asked
from khung.desk.board_labels import APART_LABELS, area_label, level_label, state_label
from khung.desk.exports import MOST_EXPORTED
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import Row, export_columns, export_row, rows
from khung.orgs.models import Unit
from khung.reports.reach import assignments_visible
from khung.rules.expansion import LEVELS
from khung.rules.freshness import FRESHNESS
from khung.rules.permissions import Permission
from khung.rules.taxonomy import DIMENSIONS
from khung.rules.text import squeeze
from khung.rules.timing import CONTINUING
from khung.rules.workflow import NOTHING_AROSE, OFFICIAL_CLASSES, STATES

PAGE_SIZE = 50
_AT_ONCE = 500
# Reads of names that stand in the address.
_UNIT_PARTS = ("unit", "guide", "judge")


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition in force: what it is, its value, and the same list without it."""

    name: str
    value: str
    without: str


@require_safe
@requires(
    Permission.VIEW_OWN_UNIT_WORK,
    Permission.VIEW_SUBTREE_WORK,
    Permission.VIEW_JUDGED_WORK,
    Permission.VIEW_ALL_WORK,
)
def work_list(request: DeskRequest) -> HttpResponse:
    """What the reader may see of a period's assignments, narrowed; `?export=xlsx|csv` as seen."""
    period = asked.period(request)
    if period is None:
        return render(request, "desk/board_empty.html")
    wanted, today = what_is_asked(request), clock.today()
    visible = assignments_visible(request.acting)
    found = listing.for_list(listing.listed(visible, period, wanted, today))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    chosen = export_format(request.GET)
    is_too_long = bool(chosen) and page.paginator.count > MOST_EXPORTED
    if chosen and not is_too_long:
        name = f"nhiem-vu-{period.code}"
        return table_file(chosen, name, _columns(), _exported(found, period, today))
    shown = rows(page, working_calendar(), today)
    return render(
        request,
        "desk/work_list.html",
        {
            "period": period,
            "periods": asked.opened(request),
            "wanted": wanted,
            "chips": chips(request, period, wanted),
            "kept": [(key, value) for key, value in _kept(request).items() if key not in FIELDS],
            "page": page,
            "rows": [(row, light_of(row.assignment, period, today)) for row in shown],
            "dimensions": [(it.no, dimension_name(it.no)) for it in DIMENSIONS],
            "states": [(code, state_label(code)) for code in (*STATES, NOTHING_AROSE)],
            "classes": [(code, gettext(label)) for code, label in OFFICIAL_CLASSES.items()],
            "lights": [(code, gettext(label)) for code, label in FRESHNESS.items()],
            "is_too_long": is_too_long,
            "most_exported": MOST_EXPORTED,
        },
    )


# What the form above the list asks itself; everything else came with the link and is kept.
FIELDS = ("period", "dimension", "state", "class", "light", "q", "overdue", "page", "export")


def what_is_asked(request: DeskRequest) -> listing.Asked:
    """The conditions of the address; what is not understood asks for nothing. One query."""
    ids = {part: asked.number(request, part) for part in _UNIT_PARTS}
    units = Unit.objects.in_bulk([pk for pk in ids.values() if pk])

    def unit(part: str) -> Unit | None:
        return units.get(ids[part] or 0)

    def one_of(name: str, known: Sequence[str]) -> str:
        value = request.GET.get(name, "")
        return value if value in known else ""

    area = request.GET.get("area", "")
    return listing.Asked(
        unit=unit("unit"),
        own=request.GET.get("own") == "1",
        level=one_of("level", list(LEVELS)),
        dimension=asked.dimension(request),
        area=area if len(area) <= 10 else "",
        state=one_of("state", [*STATES, NOTHING_AROSE]),
        official_class=one_of("class", [*listing.CLASSES, *listing.GROUPS]),
        guide=unit("guide"),
        judge=unit("judge"),
        light=one_of("light", list(FRESHNESS)),
        is_overdue=request.GET.get("overdue") == "1",
        words=squeeze(request.GET.get("q", ""))[:200],
    )


def chips(request: DeskRequest, period: Period, wanted: listing.Asked) -> list[Chip]:
    """The conditions in force, each with the way to drop it."""
    named = [*_of_units(wanted), *_of_areas(wanted, period.starts_on.year), *_of_states(wanted)]
    if wanted.words:
        named.append((("q",), gettext("Có chữ"), wanted.words))
    return [Chip(name, value, _without(request, *keys)) for keys, name, value in named]


# The keys of the address, the name of the condition, its value.
_Named = tuple[tuple[str, ...], str, str]


def _of_units(wanted: listing.Asked) -> Iterator[_Named]:
    if wanted.unit:
        label = gettext("Riêng đơn vị") if wanted.own else gettext("Đơn vị")
        yield ("unit", "own"), label, wanted.unit.name
    if wanted.level:
        yield ("level",), gettext("Cấp"), level_label(wanted.level)
    if wanted.guide:
        yield ("guide",), gettext("Hướng dẫn, kiểm tra"), wanted.guide.name
    if wanted.judge:
        yield ("judge",), gettext("Thẩm định"), wanted.judge.name


def _of_areas(wanted: listing.Asked, year: int) -> Iterator[_Named]:
    if wanted.dimension:
        label = area_label(str(wanted.dimension), year)
        yield ("dimension",), gettext("Nội dung"), label
    if wanted.area:
        yield ("area",), gettext("Nội dung thành phần"), area_label(wanted.area, year)


def _of_states(wanted: listing.Asked) -> Iterator[_Named]:
    if wanted.state:
        yield ("state",), gettext("Trạng thái"), state_label(wanted.state)
    if wanted.official_class:
        label = (OFFICIAL_CLASSES | APART_LABELS)[wanted.official_class]
        yield ("class",), gettext("Phân loại"), gettext(label)
    if wanted.light:
        yield ("light",), gettext("Độ mới"), gettext(FRESHNESS[wanted.light])
    if wanted.is_overdue:
        yield ("overdue",), gettext("Thời hạn"), gettext("quá hạn")


def _kept(request: DeskRequest) -> dict[str, str]:
    known = (*FIELDS, *_UNIT_PARTS, "own", "level", "area")
    given = {key: request.GET.get(key, "") for key in known}
    return {key: value for key, value in given.items() if value}


def _without(request: DeskRequest, *keys: str) -> str:
    left = {
        key: value for key, value in _kept(request).items() if key not in (*keys, "page", "export")
    }
    return f"?{urlencode(left)}"


def _columns() -> list[str]:
    return [*export_columns(), gettext("Cập nhật lần cuối"), gettext("Độ mới")]


def _exported(
    found: QuerySet[Assignment], period: Period, today: dt.date
) -> Iterator[Sequence[object]]:
    """The rows of the file, read a few hundred at a time."""
    calendar = working_calendar()
    paginator = Paginator(found.select_related("period"), _AT_ONCE)
    for part in paginator:
        for row in rows(part, calendar, today):
            yield (*export_row(row), row.updated_on, _light_words(row, period, today))


def _light_words(row: Row, period: Period, today: dt.date) -> str:
    if row.assignment.timing not in CONTINUING:
        return ""
    light = light_of(row.assignment, period, today)
    return gettext(FRESHNESS[light]) if light else ""
