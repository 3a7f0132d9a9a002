"""Counts kept in other systems: the table to fill, what taking it would do, taking it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khung.assignments.models import Period
from khung.base import clock
from khung.base.wording import number
from khung.base.writers.xlsx_table import CONTENT_TYPE
from khung.desk import asked
from khung.desk.forms_spreadsheets import HandInSpreadsheet, packed, unpacked
from khung.desk.permissions import DeskRequest, requires
from khung.reports import actions, figures_import
from khung.reports.figures_import import Figures, ReadRow
from khung.reports.spreadsheets.table import NotThisSheet, Problem
from khung.rules.figures import NAMES
from khung.rules.permissions import Permission

CONFLICT, INVALID = 409, 422


@requires(Permission.IMPORT_FIGURES)
@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: DeskRequest) -> HttpResponse:
    """The way to bring counts in; a post reads a table and asks which tasks it proves."""
    period = asked.period(request)
    if period is None:
        return render(request, "desk/my_work_empty.html", {"unit": request.acting.unit})
    if request.method != "POST":
        return _page(request, period, HandInSpreadsheet())
    form = HandInSpreadsheet(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, period, form, status=INVALID)
    name, data = form.cleaned_data["evidence"]
    try:
        rows, problems = figures_import.read_rows(data)
        if not rows and not problems:
            raise NotThisSheet(gettext("Bảng chưa ghi số liệu nào. Ghi vào tệp mẫu rồi nạp lại."))
    except NotThisSheet as why:
        form.add_error("evidence", str(why))
        return _page(request, period, form, status=INVALID)
    found = figures_import.understood(rows, period, clock.today())
    problems = [*problems, *found.problems]
    if problems:
        return _page(request, period, form, status=INVALID, name=name, problems=problems)
    return _preview(request, period, found, name)


@requires(Permission.IMPORT_FIGURES)
@require_safe
def figures_template(request: DeskRequest) -> HttpResponse:
    """The table to fill in for a period, with the units in reach. Raises Http404 without one."""
    period = _period(request)
    reach = figures_import.reach_of(request.user, clock.today())
    response = HttpResponse(figures_import.template_bytes(reach, period), content_type=CONTENT_TYPE)
    name = f"so-lieu-{period.code}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(Permission.IMPORT_FIGURES)
@require_POST
def take_figures(request: DeskRequest) -> HttpResponse:
    """Takes the table that was shown, for the tasks chosen."""
    period = _period(request)
    here = f"{reverse('figures')}?period={period.code}"
    sent = unpacked(request.POST.get("rows", ""), _salt(period))
    if sent is None:
        messages.error(request, gettext("Bản xem trước đã cũ. Chưa nạp gì; nạp lại tệp."))
        return redirect(here)
    rows = [ReadRow(cells, at) for cells, at in sent["rows"]]
    found = figures_import.understood(rows, period, clock.today())
    chosen = {
        kind: [int(pk) for pk in request.POST.getlist(kind) if pk.isdecimal() and len(pk) < 18]
        for kind in {one.kind for one in found.found}
    }
    if not all(chosen.values()):
        words = gettext("Chọn ít nhất một nhiệm vụ cho mỗi loại số liệu. Chưa nạp gì.")
        return _preview(request, period, found, sent["name"], words, chosen, status=INVALID)
    try:
        brought = actions.import_figures(
            period=period,
            rows=rows,
            tasks=chosen,
            name=sent["name"],
            by=request.user,
            now=clock.now(),
        )
    except actions.FiguresNotTaken as why:
        return _page(
            request,
            period,
            HandInSpreadsheet(),
            status=CONFLICT,
            name=sent["name"],
            problems=list(why.problems),
        )
    except actions.TooMany as why:
        return _preview(request, period, found, sent["name"], str(why), chosen, status=CONFLICT)
    _tell(request, brought)
    return redirect(here)


def _period(request: DeskRequest) -> Period:
    period = asked.period(request)
    if period is None:
        raise Http404
    return period


def _salt(period: Period) -> str:
    return f"figures:{period.pk}"


def _page(
    request: DeskRequest,
    period: Period,
    form: HandInSpreadsheet,
    *,
    status: int = 200,
    name: str = "",
    problems: list[Problem] | None = None,
) -> HttpResponse:
    context = {
        "period": period,
        "periods": asked.opened(request),
        "form": form,
        "name": name,
        "problems": problems or (),
        "kinds": [gettext(kind) for kind in NAMES.values()],
    }
    return render(request, "desk/spreadsheets/figures.html", context, status=status)


def _preview(
    request: DeskRequest,
    period: Period,
    found: Figures,
    name: str,
    problem: str = "",
    chosen: dict[str, list[int]] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """How many counts of which kind, and the tasks each kind may prove, proposed ones ticked."""
    counted: dict[str, int] = {}
    for one in found.found:
        counted[one.kind] = counted.get(one.kind, 0) + 1
    reach = figures_import.reach_of(request.user, clock.today())
    offered = figures_import.candidates(reach, period, counted)
    rows = [[dict(row.cells), dict(row.at)] for row in found.rows]
    context: dict[str, Any] = {
        "period": period,
        "name": name,
        "problem": problem,
        "counts": len(found.found),
        "units": len({one.unit.pk for one in found.found}),
        "kinds": [
            (kind, gettext(NAMES[kind]), n, _ticks(offered[kind], (chosen or {}).get(kind)))
            for kind, n in counted.items()
        ],
        "rows": packed(rows, _salt(period), name=name),
    }
    return render(request, "desk/spreadsheets/figures_preview.html", context, status=status)


def _ticks(
    offered: list[figures_import.Candidate], chosen: list[int] | None
) -> list[tuple[figures_import.Candidate, bool]]:
    return [
        (one, one.is_proposed if chosen is None else one.version.pk in chosen) for one in offered
    ]


def _tell(request: DeskRequest, brought: actions.Brought) -> None:
    if brought.counts or brought.reports:
        words = gettext("Đã nạp %(counts)s số liệu vào %(reports)s báo cáo đang soạn.")
        said = {"counts": number(brought.counts), "reports": number(brought.reports)}
        messages.success(request, words % said)
    else:
        messages.info(request, gettext("Số liệu đã có từ trước nên không thay đổi gì."))
    if brought.closed:
        words = gettext(
            "%(n)s báo cáo đã gửi, được miễn hoặc đã khóa nên giữ nguyên; số liệu nằm trong tài "
            "liệu của đơn vị."
        )
        messages.warning(request, words % {"n": number(brought.closed)})
