"""The tree of units as of a day, and one unit through time."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from khung.base import clock
from khung.base.wording import number
from khung.base.writers.xlsx_table import export_format
from khung.desk import history
from khung.desk.asked import number as asked_number
from khung.desk.asked import period as asked_period
from khung.desk.exports import MOST_EXPORTED, exported
from khung.desk.forms_frameworks import AsOf
from khung.desk.permissions import DeskRequest, requires
from khung.orgs import lineage, queries
from khung.orgs.models import BEGINNING, PEOPLE_COMMITTEE, Unit
from khung.rules.actors import KINDS, LEVELS
from khung.rules.permissions import ROLES, Permission
from khung.rules.text import squeeze

# A province with all its communes and departments on one page.
PAGE_SIZE = 100
MOST_FOUND = 50
# How much of its history a unit's page shows; the rest has a page of its own.
NEWEST = 8
# Enough to reach back over a reform; older days are typed.
TURNING_DAYS = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A unit as the lists show it."""

    unit: Unit

    @property
    def name(self) -> str:
        return self.unit.day_name

    @property
    def is_territory(self) -> bool:
        return self.unit.kind == PEOPLE_COMMITTEE

    @property
    def said(self) -> str:
        return describe(self.unit)


def describe(unit: Unit) -> str:
    """What a unit is: "Đơn vị hành chính cấp xã", "Công an"."""
    if unit.kind == PEOPLE_COMMITTEE:
        level = gettext(LEVELS[unit.level]).lower()
        return gettext("Đơn vị hành chính cấp %(level)s") % {"level": level}
    return gettext(KINDS.get(unit.kind, KINDS["named"]))


@requires(Permission.VIEW_FRAMEWORK, Permission.MANAGE_PEOPLE)
@require_safe
def tree(request: DeskRequest) -> HttpResponse:
    """One branch open at a time, from the province down; or what a search found.

    `?export=xlsx|csv` gives the branch or the found as a file.
    """
    day = AsOf(request.GET).chosen(clock.today())
    words = squeeze(request.GET.get("q", ""))[:100]
    roots = list(queries.roots_on(day))
    opened = _opened(request, roots, day)
    above = queries.ancestors(opened, day) if opened else []
    root = above[0] if above else opened
    if file := _exported(request, words, opened, day):
        return file
    found = queries.search_units(words, day, MOST_FOUND) if words else []
    former = lineage.formerly_named(words, day) if words else []
    page = _page(request, opened, day) if opened and not words else None
    return render(
        request,
        "desk/units/tree.html",
        {
            "as_of": AsOf(initial={"day": day}),
            "day": day,
            "q": words,
            "roots": roots,
            "root": root,
            "opened": opened,
            "above": above,
            "counted": _counted(root, day),
            "rows": [Row(unit) for unit in (page.object_list if page else found)],
            "former": former,
            "is_cut": len(found) == MOST_FOUND,
            "page": page,
            "turning_days": queries.turning_days()[-TURNING_DAYS:],
            "manages_people": request.acting.may(Permission.MANAGE_PEOPLE),
        },
    )


def _exported(
    request: DeskRequest, words: str, opened: Unit | None, day: dt.date
) -> HttpResponse | None:
    """What the search found, or the branch open, as the file asked for."""
    if not export_format(request.GET) or not (words or opened):
        return None
    columns = [gettext("Đơn vị"), gettext("Loại"), gettext("Trực thuộc")]
    if words:
        found = queries.search_units(words, day, MOST_EXPORTED + 1)
        return exported(request, found, "don-vi", columns, _found_cells)
    if opened is None:
        return None
    columns[2] = gettext("Số đơn vị trực thuộc")
    name = f"don-vi-{opened.code}-{day:%Y%m%d}"
    return exported(request, queries.children(opened, day), name, columns, _branch_cells)


def _found_cells(found: Sequence[Unit]) -> Iterator[Sequence[object]]:
    for unit in found:
        yield unit.day_name, describe(unit), unit.parent.name if unit.parent else ""


def _branch_cells(found: Sequence[Unit]) -> Iterator[Sequence[object]]:
    for unit in found:
        yield unit.day_name, describe(unit), unit.below


def _opened(request: DeskRequest, roots: Sequence[Unit], day: dt.date) -> Unit | None:
    """The branch asked for if it stood that day, else the province the person works in."""
    asked = asked_number(request, "open")
    seen = queries.visible_to(request.acting).filter(queries.on(day))
    found = queries.named_on(seen, day).filter(pk=asked).first() if asked else None
    if found is not None:
        return found
    home = _province_code(request.acting.unit)
    return next((root for root in roots if root.code == home), next(iter(roots), None))


def _province_code(unit: Unit | None) -> str:
    if unit is None:
        return ""
    above = queries.ancestors(unit, clock.today())
    return above[0].code if above else unit.code


def _counted(root: Unit | None, day: dt.date) -> str:
    """The finding: "9 đơn vị cấp huyện, 139 đơn vị cấp xã"; empty where there is none."""
    counts = queries.level_counts(root, day) if root else {}
    return ", ".join(
        gettext("%(n)s đơn vị cấp %(level)s")
        % {"n": number(n), "level": gettext(LEVELS[level]).lower()}
        for level, n in counts.items()
    )


def _page(request: DeskRequest, parent: Unit, day: dt.date) -> Page[Unit]:
    return Paginator(queries.children(parent, day), PAGE_SIZE).get_page(request.GET.get("page"))


def _through_its_parts(ended: Unit, day: dt.date) -> list[Unit]:
    """The units of a day that stand for what lay in a territory and ended with it."""
    return lineage.standing_for([ended], day)[ended.pk] if ended.kind == PEOPLE_COMMITTEE else []


@requires(Permission.VIEW_FRAMEWORK, Permission.MANAGE_PEOPLE)
@require_safe
def unit(request: DeskRequest, pk: int) -> HttpResponse:
    """A unit: its names, what it came from and became, what stands below it, who acts for it."""
    found = get_object_or_404(queries.visible_to(request.acting), pk=pk)
    today = clock.today()
    # The day asked about, else today, drawn into the unit's own time.
    day = max(found.valid_from, AsOf(request.GET).chosen(today))
    day = min(day, found.valid_to) if found.valid_to else day
    held = queries.holders_visible_to(request.acting, found, today)
    became = list(queries.became(found))
    has_ended = found.valid_to is not None and found.valid_to < today
    page = _page(request, found, day)
    return render(
        request,
        "desk/units/unit.html",
        {
            "unit": found,
            "name": queries.name_on(found, day),
            "said": describe(found),
            "day": day,
            "above": queries.ancestors(found, day),
            "aliases": list(found.aliases.order_by("id")),
            "names": list(found.names.order_by("valid_from")),
            "began": None if found.valid_from == BEGINNING else found.valid_from,
            "has_ended": has_ended,
            "became": became,
            "through_its_parts": _through_its_parts(found, today)
            if has_ended and not became
            else (),
            "came_from": list(queries.came_from(found)),
            "page": page,
            "rows": [Row(it) for it in page.object_list],
            "manages_people": request.acting.may(Permission.MANAGE_PEOPLE),
            **_history(request, found),
            "holders": [(it.person, ROLES[it.role].name) for it in held if it.role in ROLES],
        },
    )


def _history(request: DeskRequest, found: Unit) -> dict[str, object]:
    """The newest of what happened to a unit and its work, for officials."""
    if not request.acting.may(Permission.VIEW_FRAMEWORK):
        return {"may_see_history": False}
    events = history.of_unit(found, asked_period(request), request.acting)[:NEWEST]
    return {"may_see_history": True, "history": history.told_of_unit(events)}
