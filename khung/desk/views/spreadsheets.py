"""Reporting by spreadsheet: downloaded, filled in, looked at before it is taken."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
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
from khung.orgs.models import Unit
from khung.reports import actions
from khung.reports.spreadsheets import writing
from khung.reports.spreadsheets.checking import Plan, plan
from khung.reports.spreadsheets.contents import lines_of
from khung.reports.spreadsheets.reading import ReadRow, read_file
from khung.reports.spreadsheets.sheet_format import read_key
from khung.reports.spreadsheets.table import NotThisSheet
from khung.reports.unit_side import may_enter_for
from khung.rules.permissions import Permission

CONFLICT, INVALID = 409, 422
WRITE = (Permission.REPORT_WORK, Permission.ENTER_FOR_UNIT)


@requires(*WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def spreadsheet(request: DeskRequest, pk: int) -> HttpResponse:
    """The way to report by spreadsheet; a post reads a file and shows what taking it would do."""
    unit, period = _unit(request, pk), asked.period(request)
    if period is None:
        return render(request, "desk/my_work_empty.html", {"unit": unit})
    if request.method != "POST":
        return _page(request, unit, period, HandInSpreadsheet())
    form = HandInSpreadsheet(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, unit, period, form, status=INVALID)
    name, data = form.cleaned_data["evidence"]
    try:
        read = read_file(data)
    except NotThisSheet as why:
        form.add_error("evidence", str(why))
        return _page(request, unit, period, form, status=INVALID)
    found = plan(unit, period, read.rows, clock.today())
    found.problems[:0] = read.problems
    if found.problems:
        return _page(request, unit, period, form, status=INVALID, name=name, problems=found)
    return _preview(request, unit, period, found, name)


@requires(*WRITE)
@require_safe
def spreadsheet_file(request: DeskRequest, pk: int) -> HttpResponse:
    """The spreadsheet of a unit's period, to be filled in. Raises Http404 without a period."""
    unit, period = _unit(request, pk), asked.period(request)
    if period is None:
        raise Http404
    data = writing.sheet_bytes(unit, period, lines_of(unit, period, clock.today()))
    response = HttpResponse(data, content_type=CONTENT_TYPE)
    name = writing.file_name(unit, period)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(*WRITE)
@require_POST
def take_spreadsheet(request: DeskRequest, pk: int) -> HttpResponse:
    """Saves what the preview showed; of rows two people wrote, those ticked."""
    unit, period = _unit(request, pk), asked.period(request)
    if period is None:
        raise Http404
    here = f"{reverse('spreadsheet', args=[unit.pk])}?period={period.code}"
    sent = unpacked(request.POST.get("rows", ""), _salt(unit, period))
    if sent is None:
        messages.error(request, gettext("Bản xem trước đã cũ. Chưa lưu gì; nạp lại tệp."))
        return redirect(here)
    ticked = set(request.POST.getlist("mine"))
    rows = [
        row
        for row in map(_row, sent["rows"])
        if row.key.assignment not in sent["conflicts"] or str(row.key.assignment) in ticked
    ]
    try:
        taken = actions.take_spreadsheet(
            unit=unit, period=period, rows=rows, name=sent["name"], by=request.user, now=clock.now()
        )
    except actions.NotTaken as why:
        if not why.plan.problems:
            return _preview(request, unit, period, why.plan, sent["name"], status=CONFLICT)
        return _page(
            request,
            unit,
            period,
            HandInSpreadsheet(),
            status=CONFLICT,
            name=sent["name"],
            problems=why.plan,
        )
    _tell(request, taken.saved)
    return redirect(_back(request, unit, period))


def _unit(request: DeskRequest, pk: int) -> Unit:
    """The unit whose reports this person writes. Raises Http404, PermissionDenied."""
    unit = get_object_or_404(Unit, pk=pk)
    own = request.acting.unit is not None and request.acting.unit.pk == pk
    if own and request.acting.may(Permission.REPORT_WORK):
        return unit
    if not may_enter_for(request.acting, unit):
        raise PermissionDenied(Permission.REPORT_WORK)
    return unit


def _back(request: DeskRequest, unit: Unit, period: Period) -> str:
    """The list of the unit's work, one's own or another's."""
    own = request.acting.unit is not None and request.acting.unit.pk == unit.pk
    where = reverse("my_work") if own else reverse("enter_for_unit", args=[unit.pk])
    return f"{where}?period={period.code}"


def _page(
    request: DeskRequest,
    unit: Unit,
    period: Period,
    form: HandInSpreadsheet,
    *,
    status: int = 200,
    name: str = "",
    problems: Plan | None = None,
) -> HttpResponse:
    """The page to download and hand in, with all that is wrong with the file handed in."""
    lines = lines_of(unit, period, clock.today())
    context: dict[str, Any] = {
        "for_unit": unit,
        "period": period,
        "periods": asked.opened(request),
        "form": form,
        "owed": len(lines),
        "open": sum(line.is_open for line in lines),
        "name": name,
        "problems": problems.problems if problems else (),
        "back": _back(request, unit, period),
    }
    return render(request, "desk/spreadsheets/sheet.html", context, status=status)


def _preview(
    request: DeskRequest, unit: Unit, period: Period, found: Plan, name: str, *, status: int = 200
) -> HttpResponse:
    """What taking the file would do; the rows travel in the form, nothing is kept here."""
    rows = [_as_list(one.row) for one in found.changes]
    rows += [_as_list(one.as_agreed) for one in found.conflicts]
    conflicts = [one.line.assignment.pk for one in found.conflicts]
    context = {
        "for_unit": unit,
        "period": period,
        "plan": found,
        "name": name,
        "rows": packed(rows, _salt(unit, period), conflicts=conflicts, name=name),
        "back": _back(request, unit, period),
    }
    return render(request, "desk/spreadsheets/preview.html", context, status=status)


def _salt(unit: Unit, period: Period) -> str:
    return f"spreadsheet:{unit.pk}:{period.pk}"


def _as_list(row: ReadRow) -> list[Any]:
    return [str(row.key), dict(row.cells), dict(row.at)]


def _row(packed: Sequence[Any]) -> ReadRow:
    key = read_key(packed[0])
    if key is None:
        raise ValueError("a row without a key was never packed")
    return ReadRow(key, packed[1], packed[2])


def _tell(request: DeskRequest, saved: int) -> None:
    if not saved:
        messages.info(request, gettext("Không có gì thay đổi nên chưa lưu gì."))
        return
    words = gettext("Đã lưu %(n)s nhiệm vụ từ bảng tính. Xem lại, thêm tệp kiểm chứng rồi gửi.")
    messages.success(request, words % {"n": number(saved)})
