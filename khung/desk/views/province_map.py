"""Where it is red: the units of a level on a map, by what is overdue or accepted."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from khung.assignments import ranking
from khung.assignments.board import Tally
from khung.base.charts import Chart, Label, Place, place_map
from khung.base.schedule import last_ran
from khung.base.wording import number, percent
from khung.base.writers.xlsx_table import export_format, table_file
from khung.desk import asked
from khung.desk.board_charts import ACCEPTED, OVERDUE
from khung.desk.board_labels import level_label
from khung.desk.board_links import board_address
from khung.desk.board_scope import Scope, path_to, scope, tabs
from khung.desk.permissions import DeskRequest, requires
from khung.orgs.boundaries import rings_of
from khung.orgs.models import Unit, UnitBoundary
from khung.rules.permissions import Permission
from khung.rules.shapes import centre


@require_safe
@requires(Permission.VIEW_ALL_WORK, Permission.VIEW_SUBTREE_WORK)
def board_map(request: DeskRequest) -> HttpResponse:
    """The territories of a level below a unit: areas where outlines are loaded, else bubbles."""
    found = scope(request)
    if found is None:
        return render(request, "desk/board_empty.html")
    groups = ranking.groups_below(found.unit, found.period)
    levels = [it for it in groups if not it.endswith(ranking.BODIES)]
    level = request.GET.get("level", "")
    level = level if level in levels else next(iter(levels), "")
    standings = ranking.standings(found.unit, found.period, level) if level else []
    tallies = {it.unit: it.now for it in standings}
    measure = request.GET.get("measure", "")
    if measure not in (ACCEPTED, OVERDUE):
        measure = OVERDUE if any(tally.overdue for tally in tallies.values()) else ACCEPTED
    if chosen := export_format(request.GET):
        name = f"ban-do-{found.unit.code}-{found.period.code}"
        return table_file(chosen, name, columns(), exported(tallies))
    outlines = dict(UnitBoundary.objects.filter(unit__in=tallies).values_list("unit_id", "rings"))
    drawn = places(found, tallies, outlines, measure)
    return render(
        request,
        "desk/board/map.html",
        {
            "tab": "board_map",
            "tabs": tabs(found, request.acting),
            "unit": found.unit,
            "period": found.period,
            "periods": asked.opened(request),
            "path": path_to(found.unit, found.top),
            "as_of": last_ran("schedule"),
            "levels": [(code, level_label(code)) for code in levels],
            "level": level,
            "measure": measure,
            "finding": finding(tallies),
            "chart": chart(drawn, measure) if drawn else None,
            "not_drawn": len(tallies) - len(drawn),
            "has_outlines": bool(outlines),
        },
    )


def places(
    found: Scope,
    tallies: dict[Unit, Tally],
    outlines: dict[int, list[list[list[float]]]],
    measure: str,
) -> list[Place]:
    """The units that can be drawn: those with an outline or a place on earth."""
    drawn = []
    for unit, tally in tallies.items():
        rings = list(rings_of(outlines.get(unit.pk, [])))
        longitude, latitude = unit.longitude, unit.latitude
        if rings and (longitude is None or latitude is None):
            longitude, latitude = centre(max(rings, key=len))
        if longitude is None or latitude is None:
            continue
        met = tally.overdue if measure == OVERDUE else tally.accepted
        drawn.append(
            Place(
                Label(unit.name, board_address(unit=unit.pk, period=found.period.code)),
                longitude,
                latitude,
                met / tally.counted if tally.counted else None,
                f"{number(met)}/{number(tally.counted)}",
                weight=tally.counted,
                title=_said(unit, tally),
                rings=rings,
            )
        )
    return drawn


def _said(unit: Unit, tally: Tally) -> str:
    return gettext("%(unit)s: %(accepted)s/%(counted)s đã công nhận, %(overdue)s quá hạn") % {
        "unit": unit.name,
        "accepted": number(tally.accepted),
        "counted": number(tally.counted),
        "overdue": number(tally.overdue),
    }


def chart(drawn: list[Place], measure: str) -> Chart:
    """The map under its title."""
    is_alarm = measure == OVERDUE
    title = gettext("Nhiệm vụ quá hạn") if is_alarm else gettext("Nhiệm vụ đã công nhận")
    return place_map(title, drawn, title, is_alarm=is_alarm)


def finding(tallies: dict[Unit, Tally]) -> str:
    """The first thing to know: where most is overdue."""
    worst = max(tallies, key=lambda unit: tallies[unit].overdue, default=None)
    if worst is None or not tallies[worst].overdue:
        return gettext("Không địa bàn nào có nhiệm vụ quá hạn")
    return gettext("%(n)s địa bàn có nhiệm vụ quá hạn, nhiều nhất %(unit)s (%(most)s)") % {
        "n": number(sum(tally.overdue > 0 for tally in tallies.values())),
        "unit": worst.name,
        "most": number(tallies[worst].overdue),
    }


def columns() -> list[str]:
    """The head of the file."""
    return [
        gettext("Đơn vị"),
        gettext("Nhiệm vụ có tính"),
        gettext("Đã công nhận"),
        gettext("Tỷ lệ đã công nhận"),
        gettext("Đang quá hạn"),
    ]


def exported(tallies: dict[Unit, Tally]) -> list[list[object]]:
    """One unit a row under `columns`."""
    return [
        [
            unit.name,
            tally.counted,
            tally.accepted,
            "–" if tally.share is None else percent(tally.share),
            tally.overdue,
        ]
        for unit, tally in tallies.items()
    ]
