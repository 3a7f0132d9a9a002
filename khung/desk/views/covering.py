"""The unit's own paper report of a period: its draft as docx, then its number and signed file."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khung.assignments.models import Period
from khung.base import clock, files
from khung.base.downloads import download
from khung.base.versions import StaleRecord
from khung.desk import asked
from khung.desk.forms_unit_side import CloseCovering
from khung.desk.permissions import DeskRequest, requires
from khung.difficulties.models import Difficulty
from khung.orgs.models import Unit
from khung.reports import covering, covering_words, uploads
from khung.reports.actions.covering import Issued, NotToCover, close_covering, draft_covering
from khung.reports.models import CoveringReport
from khung.rules.permissions import Permission
from khung.rules.text import squeeze

CONFLICT, INVALID = 409, 422
# More difficulties than this are no report's; the list of difficulties has them all.
MOST = 50


@requires(Permission.SUBMIT_REPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def covering_report(request: DeskRequest) -> HttpResponse:
    """Where the paper report of a period stands; a post records that it was issued."""
    unit, period = request.acting.unit, asked.period(request)
    if unit is None or period is None:
        return render(request, "desk/my_work_empty.html", {"unit": unit})
    paper = covering.covering_of(unit, period)
    form = CloseCovering(
        request.POST or None,
        request.FILES or None,
        initial={"version": paper.version if paper else 0, "issued_on": clock.today()},
    )
    status = 200
    if request.method == "POST":
        if paper is None:
            raise Http404
        status = _closed(request, paper, form)
        if not status:
            messages.success(
                request, gettext("Đã ghi báo cáo số %(no)s.") % {"no": form.cleaned_data["number"]}
            )
            return redirect(_here(period))
    context = _page(request, unit, period, paper) | {"form": form}
    return render(request, "desk/unit_side/covering.html", context, status=status)


def _here(period: Period) -> str:
    return f"{reverse('covering_report')}?period={period.code}"


def _page(
    request: DeskRequest, unit: Unit, period: Period, paper: CoveringReport | None
) -> dict[str, Any]:
    return {
        "unit": unit,
        "period": period,
        "periods": asked.opened(request),
        "paper": paper,
        "facts": covering.facts_of(unit, period, clock.today(), _difficulties(unit)),
    }


def _difficulties(unit: Unit) -> list[str]:
    """The difficulties the unit has not seen solved, as its report names them."""
    done = (Difficulty.State.CONFIRMED, Difficulty.State.WITHDRAWN)
    found = Difficulty.objects.filter(unit=unit).exclude(state__in=done).order_by("raised_at")
    return [f"{squeeze(one.text)} Đề nghị: {squeeze(one.asked)}" for one in found[:MOST]]


def _closed(request: DeskRequest, paper: CoveringReport, form: CloseCovering) -> int:
    """Records the issued report; 0, or the status of the page that shows the form again."""
    if not form.is_valid():
        return INVALID
    said = form.cleaned_data
    file = said["signed_file"]
    try:
        with uploads.prepared(file, file.name or "") as new:
            close_covering(
                covering=paper,
                issued=Issued(said["number"], said["issued_on"], said["signer"], new),
                version=said["version"],
                by=request.user,
                now=clock.now(),
            )
    except uploads.Refused as why:
        form.add_error("signed_file", str(why))
    except files.NoRoom:
        form.add_error("signed_file", uploads.no_room())
    except NotToCover as why:
        form.add_error(why.field or None, str(why))
    except StaleRecord:
        messages.error(request, gettext("Báo cáo này vừa được người khác ghi số; hãy xem lại."))
        return CONFLICT
    else:
        return 0
    return INVALID


@requires(Permission.SUBMIT_REPORT)
@require_POST
def draft(request: DeskRequest) -> HttpResponse:
    """The draft as docx, made of what is sent by now."""
    unit, period = request.acting.unit, asked.period(request)
    if unit is None or period is None:
        raise Http404
    try:
        draft_covering(unit=unit, period=period, by=request.user, now=clock.now())
    except NotToCover as why:
        messages.warning(request, str(why))
        return redirect(_here(period))
    except StaleRecord:
        messages.warning(request, gettext("Báo cáo đã ghi số và khóa; không lập lại dự thảo."))
        return redirect(_here(period))
    # The paper is Vietnamese, whatever language its writer reads pages in.
    with translation.override("vi"):
        facts = covering.facts_of(unit, period, clock.today(), _difficulties(unit))
        made = covering_words.docx(facts)
    return download(made, f"bao-cao-{unit.code}-{period.code}.docx", uploads.DOCX)


@requires(Permission.VIEW_OWN_UNIT_WORK, Permission.VIEW_SUBTREE_WORK, Permission.VIEW_ALL_WORK)
@require_safe
def signed(request: DeskRequest, pk: int) -> HttpResponse:
    """The signed file, for the unit, those above it and those who see all work; 404 for others."""
    paper = get_object_or_404(covering.closed_visible(request.acting), pk=pk)
    if paper.signed_file is None:
        raise Http404
    try:
        data = files.read(paper.signed_file)
    except OSError as lost:
        raise Http404 from lost
    name = f"bao-cao-{paper.unit.code}-{paper.period.code}.pdf"
    return download(data, name, "application/pdf")
