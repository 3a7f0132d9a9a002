"""How the work went over the periods: one little chart for each dimension, all on one scale."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from khung.assignments import rollup
from khung.assignments.board import Tally, together
from khung.assignments.models import Period
from khung.base.charts import Label, Panel, small_multiples
from khung.base.schedule import last_ran
from khung.base.wording import percent, period_name
from khung.base.writers.xlsx_table import export_format, table_file
from khung.desk import asked
from khung.desk.board_labels import area_label
from khung.desk.board_links import board_address
from khung.desk.board_scope import Scope, path_to, scope, tabs
from khung.desk.permissions import DeskRequest, requires
from khung.rules.permissions import Permission
from khung.rules.taxonomy import DIMENSIONS

# Two years of quarters: more would be too thin to read.
MOST_PERIODS = 8
MEASURES = ("accepted", "on_time", "overdue")
_TONES = {"accepted": "accepted", "on_time": "accepted", "overdue": "late"}
Tallies = dict[tuple[int, str], Tally]


@require_safe
@requires(Permission.VIEW_ALL_WORK, Permission.VIEW_SUBTREE_WORK)
def trend(request: DeskRequest) -> HttpResponse:
    """The last periods up to the one asked for, of the same kind, for a unit's subtree."""
    found = scope(request)
    if found is None:
        return render(request, "desk/board_empty.html")
    periods = shown_periods(asked.opened(request), found.period)
    tallies = counted(found, periods)
    # The time before the first work is no zero.
    first = next((n for n, it in enumerate(periods) if whole(tallies, it).total), 0)
    periods = periods[first:]
    if chosen := export_format(request.GET):
        name = f"dien-bien-{found.unit.code}-{found.period.code}"
        return table_file(chosen, name, *exported(periods, tallies))
    measure = request.GET.get("measure", "")
    measure = measure if measure in MEASURES else MEASURES[0]
    return render(
        request,
        "desk/board/trend.html",
        {
            "tab": "board_trend",
            "tabs": tabs(found, request.acting),
            "unit": found.unit,
            "period": found.period,
            "periods": asked.opened(request),
            "path": path_to(found.unit, found.top),
            "as_of": last_ran("schedule"),
            "finding": finding(periods, tallies),
            "has_work": any(tally.counted for tally in tallies.values()),
            "measure": measure,
            "measures": [(code, measure_label(code)) for code in MEASURES],
            "chart": chart(found, periods, tallies, measure),
        },
    )


def shown_periods(opened: list[Period], last: Period) -> list[Period]:
    """The last opened periods of the same kind up to one, oldest first."""
    same = [it for it in opened if it.kind == last.kind and it.starts_on <= last.starts_on]
    return sorted(same, key=lambda it: it.starts_on)[-MOST_PERIODS:]


def counted(found: Scope, periods: list[Period]) -> Tallies:
    """The subtree by period and dimension, in one statement."""
    tallies: Tallies = {}
    ids = [period.pk for period in periods]
    for one in rollup.counts_over(ids, [found.unit.pk], by="dimension"):
        key = one.period_id, one.group
        tallies.setdefault(key, Tally()).add(one.state, one.is_late, one.n)
    return tallies


def share(tally: Tally | None, measure: str) -> float | None:
    """A measure among what counts; None where nothing does."""
    if tally is None or not tally.counted:
        return None
    met = {
        "accepted": tally.accepted,
        "on_time": tally.classes["done_on_time"],
        "overdue": tally.overdue,
    }
    return met[measure] / tally.counted


def whole(tallies: Tallies, period: Period) -> Tally:
    """All dimensions of a period together."""
    return together(tally for (pk, _), tally in tallies.items() if pk == period.pk)


def chart(found: Scope, periods: list[Period], tallies: Tallies, measure: str) -> object:
    """The panels: all together first, then the eight in their order and place."""
    unit = found.unit.pk
    boards = [board_address(unit=unit, period=period.code) for period in periods]
    panels = [
        Panel(
            Label(gettext("Mọi nội dung")),
            [share(whole(tallies, period), measure) for period in periods],
            boards,
        )
    ]
    for dimension in DIMENSIONS:
        panels.append(
            Panel(
                Label(area_label(str(dimension.no), found.period.starts_on.year)),
                [share(tallies.get((it.pk, str(dimension.no))), measure) for it in periods],
                [f"{address}&dimension={dimension.no}" for address in boards],
            )
        )
    title = gettext("%(measure)s, phần trăm nhiệm vụ có tính") % {"measure": measure_label(measure)}
    names = [short_name(period.code) for period in periods]
    return small_multiples(title, names, panels, tone=_TONES[measure])


def measure_label(measure: str) -> str:
    """What a measure is called."""
    labels = {
        "accepted": gettext("Đã công nhận"),
        "on_time": gettext("Hoàn thành đúng hạn"),
        "overdue": gettext("Đang quá hạn"),
    }
    return labels[measure]


def short_name(code: str) -> str:
    """A period as a chart has room for it: "I/25"."""
    year, _, part = code.partition("-")
    roman = {"Q1": "I", "Q2": "II", "Q3": "III", "Q4": "IV", "H1": "6T1", "H2": "6T2"}
    return f"{roman[part]}/{year[2:]}" if part in roman else year


def finding(periods: list[Period], tallies: Tallies) -> str:
    """The change against the period before, where there is one to compare with."""
    last = share(whole(tallies, periods[-1]), "accepted") if periods else None
    if last is None:
        return gettext("Chưa có nhiệm vụ nào được tính")
    before = share(whole(tallies, periods[-2]), "accepted") if len(periods) > 1 else None
    if before is None:
        return gettext("%(share)s nhiệm vụ đã được công nhận; chưa có kỳ trước để so") % {
            "share": percent(last)
        }
    return gettext("%(share)s nhiệm vụ đã được công nhận; %(before_period)s: %(before)s") % {
        "share": percent(last),
        "before_period": period_name(periods[-2].code),
        "before": percent(before),
    }


def exported(periods: list[Period], tallies: Tallies) -> tuple[list[str], list[list[object]]]:
    """The head and the rows of the file: every figure behind the charts."""
    head = [
        gettext("Kỳ"), gettext("Nội dung"), gettext("Nhiệm vụ có tính"),
        *(measure_label(measure) for measure in MEASURES),
    ]  # fmt: skip
    rows: list[list[object]] = []
    for period in periods:
        for dimension in DIMENSIONS:
            tally = tallies.get((period.pk, str(dimension.no)), Tally())
            label = area_label(str(dimension.no), period.starts_on.year)
            figures = (tally.accepted, tally.classes["done_on_time"], tally.overdue)
            rows.append([period_name(period.code), label, tally.counted, *figures])
    return head, rows
