"""Reporting one assignment: its open line, saving as one types, sending, taking back."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from khung.assignments.calendar import working_calendar
from khung.assignments.models import Assignment
from khung.assignments.work import for_page
from khung.base import clock
from khung.base.templatetags.khung import state
from khung.base.versions import StaleRecord
from khung.desk.forms_reporting import ReportForm
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import Row, rows
from khung.desk.sheet_lines import draft_note, panel
from khung.desk.views.my_work import REFUSED_KEY
from khung.reports import actions, drafting, reach, sheet
from khung.reports.models import Report
from khung.reports.proofs import methods_of
from khung.rules.permissions import Permission
from khung.rules.workflow import NotAllowed

CONFLICT, INVALID, LOCKED = 409, 422, 423
WORK = (
    Permission.VIEW_OWN_UNIT_WORK,
    Permission.VIEW_SUBTREE_WORK,
    Permission.VIEW_JUDGED_WORK,
    Permission.VIEW_ALL_WORK,
)
WRITE = (Permission.REPORT_WORK, Permission.ENTER_FOR_UNIT)


@requires(*WORK)
@require_safe
def report_line(request: DeskRequest, pk: int) -> HttpResponse:
    """The open line of one assignment: a part of the sheet for its script, else a page."""
    row = line_of(request, pk)
    held, where = panel(request, row, clock.today()), back(request, row.assignment)
    context = {"row": row, "panel": held, "back": where}
    template = "panel" if is_script(request) else "page"
    return render(request, f"desk/reporting/{template}.html", context)


@requires(*WRITE)
@require_POST
def save_report(request: DeskRequest, pk: int) -> HttpResponse:
    """Saves the draft of an assignment; with `then=send` sends it too.

    To the script it answers in JSON: 200 saved, 409 somebody else saved, 422 something typed is
    wrong, 423 locked. Without a script, the page that says the same, with all that was typed.
    """
    # Only what saving needs: the words of the task are read again where a page is shown.
    seen = reach.assignments_visible(request.acting)
    it = get_object_or_404(seen.select_related("task_version", "unit", "counts_in"), pk=pk)
    form = ReportForm(request.POST, assignment=it, methods=methods_of(it), written=None)
    if not form.is_valid():
        return _not_saved(request, it, form, INVALID)
    try:
        draft, sending = _save(request, it, form)
    except StaleRecord:
        return _not_saved(request, it, form, CONFLICT)
    except drafting.Locked as locked:
        form.add_error(None, str(locked))
        return _not_saved(request, it, form, LOCKED)
    except NotAllowed as why:
        form.add_error(None, str(why))
        return _not_saved(request, it, form, CONFLICT)
    if is_script(request):
        return JsonResponse(_saved(it, draft))
    return _after_saving(request, it, draft, sending)


def _save(
    request: DeskRequest, it: Assignment, form: ReportForm
) -> tuple[Report, actions.Sending | None]:
    """The draft saved, and sent where the person asked for it.

    Raises StaleRecord with the form set beside a colleague's other words.
    """
    version: int = form.cleaned_data["version"]
    for _ in range(2):
        try:
            by, now = request.user, clock.now()
            if request.POST.get("then") == "send" and not is_script(request):
                return actions.save_and_send(
                    assignment=it, written=form.said, version=version, by=by, now=now
                )
            draft = actions.save_draft(
                assignment=it, written=form.said, version=version, by=by, now=now
            )
            return draft, None
        except StaleRecord as stale:
            theirs = cast(Report, stale.current)
            form.meet_draft(theirs)
            if form.clashes:
                raise
            # The words are the same, so nobody's are replaced: once more, on the newer version.
            version = theirs.version
            last = stale
    raise last


def _after_saving(
    request: DeskRequest, it: Assignment, draft: Report, sending: actions.Sending | None
) -> HttpResponse:
    """Back to the sheet, with what became of it."""
    where = back(request, it)
    if sending is not None:
        tell_sending(request, sending)
        return redirect(opened_at(where, it.pk, is_open=bool(sending.refused)))
    at = localtime(draft.edited_at)
    messages.success(
        request,
        gettext("Nhiệm vụ %(no)s: đã lưu lúc %(time)s.")
        % {"no": it.task_version.no, "time": f"{at:%H:%M}"},
    )
    return redirect(opened_at(where, it.pk))


def _saved(it: Assignment, draft: Report) -> dict[str, Any]:
    """What the script shows after a save."""
    draft.assignment = it
    gaps = drafting.gaps_of([draft])[draft.pk]
    at = localtime(draft.edited_at)
    return {
        "version": draft.version,
        "saved_at": draft.edited_at.isoformat(),
        "saved": gettext("Đã lưu %(time)s") % {"time": f"{at:%H:%M}"},
        "gaps": [{"message": drafting.gap_words(gap), "method": gap.method} for gap in gaps],
        # A draft is being written: whatever stood there before, the work is now in progress.
        "state": str(state("in_progress")),
        "note": draft_note(sheet.Drafted(draft, gaps)),
        "draft": draft.pk,
    }


def _not_saved(request: DeskRequest, it: Assignment, form: ReportForm, status: int) -> HttpResponse:
    """Says why, and keeps what was typed."""
    if is_script(request):
        clash = render_to_string(
            "desk/clash.html",
            {"form": form, "where": reverse("report_line", args=[it.pk])},
            request,
        )
        errors = [str(why) for name in form.errors for why in form.errors[name]]
        if form.clashes:
            errors.append(gettext("Người khác vừa lưu mục này; so hai bản rồi bấm Lưu."))
        answer: dict[str, Any] = {"errors": errors, "clash": clash.strip()}
        if form.clashes or status == CONFLICT:
            answer["version"] = int(form.data.get("version") or 0)
        return JsonResponse(answer, status=status)
    row = line_of(request, it.pk)
    held = panel(request, row, clock.today(), form=form)
    context = {"row": row, "panel": held, "back": back(request, it)}
    return render(request, "desk/reporting/page.html", context, status=status)


@requires(*WRITE)
@require_POST
def copy_last(request: DeskRequest, pk: int) -> HttpResponse:
    """Begins the draft with the words of the last period's report."""
    row = line_of(request, pk)
    try:
        actions.copy_last(assignment=row.assignment, by=request.user, now=clock.now())
    except (
        actions.AlreadyWritten,
        actions.NothingToCopy,
        drafting.Locked,
        NotAllowed,
    ) as why:
        messages.error(request, _about(row, str(why)))
    else:
        words = gettext("đã chép nội dung kỳ trước; sửa lại cho đúng kỳ này.")
        messages.success(request, _about(row, words))
    return redirect(opened_at(back(request, row.assignment), pk))


@requires(*WRITE)
@require_POST
def withdraw_report(request: DeskRequest, pk: int) -> HttpResponse:
    """Takes back a report sent and not judged yet, to correct it."""
    row = line_of(request, pk)
    sent = drafting.newest(row.assignment)
    if sent is not None and sent.sent_at is not None:
        try:
            actions.withdraw_report(report=sent, by=request.user, now=clock.now())
        except (actions.NotTheirs, drafting.Locked, NotAllowed) as why:
            messages.error(request, _about(row, str(why)))
        else:
            words = gettext("đã thu hồi báo cáo để sửa; bản đã gửi vẫn được lưu.")
            messages.success(request, _about(row, words))
    return redirect(opened_at(back(request, row.assignment), pk))


def _about(row: Row, words: str) -> str:
    return gettext("Nhiệm vụ %(no)s: %(words)s") % {"no": row.task.no, "words": words}


def line_of(request: DeskRequest, pk: int) -> Row:
    """An assignment the person may see, ready to be shown; 404 for any other."""
    seen: Any = reach.assignments_visible(request.acting).filter(pk=pk)
    found: Assignment = get_object_or_404(
        for_page(seen).select_related("task_version", "occasion", "unit", "period", "counts_in")
    )
    (row,) = rows([found], working_calendar(), clock.today())
    return row


def back(request: DeskRequest, it: Assignment | None = None) -> str:
    """The sheet the person came from, as they had narrowed it; else that of the period.

    Whoever enters for the unit goes back to its list, whoever only reads to the assignment.
    """
    asked = request.POST.get("back") or request.GET.get("back", "")
    inside = url_has_allowed_host_and_scheme(asked, None) and asked.startswith("/")
    if inside:
        return asked
    if it is None:
        return reverse("my_work")
    unit = request.acting.unit
    period = f"?period={it.counts_in.code}"
    if unit is not None and unit.pk == it.unit_id:
        return reverse("my_work") + period
    if sheet.writes(request.acting, it):
        return reverse("enter_for_unit", args=[it.unit_id]) + period
    return reverse("assignment", args=[it.pk])


def opened_at(where: str, pk: int, *, is_open: bool = True) -> str:
    """The address of a sheet at one line, which is open unless said otherwise."""
    joint = "&" if "?" in where else "?"
    return f"{where}{joint}open={pk}#nv-{pk}" if is_open else f"{where}#nv-{pk}"


def is_script(request: DeskRequest) -> bool:
    """Whether the sheet's script asks, rather than a form or a link."""
    return request.headers.get("X-Sheet") == "1"


def tell_sending(request: DeskRequest, sending: actions.Sending) -> None:
    """Says how many went out; why each other one did not stands at its line of the sheet."""
    if sending.sent:
        n = len(sending.sent)
        messages.success(request, gettext("Đã gửi %(n)s báo cáo.") % {"n": n})
    tell_refused(request, sending)
    if not sending.sent and not sending.refused:
        messages.info(request, gettext("Không có báo cáo nào để gửi: đã gửi hết, hoặc chưa soạn."))


def tell_refused(request: DeskRequest, sending: actions.Sending) -> None:
    """Keeps the reasons for the sheet, and says that they are there."""
    if not sending.refused:
        return
    request.session[REFUSED_KEY] = {
        str(one.assignment_id): reasons for one, reasons in sending.refused
    }
    words = gettext("%(n)s báo cáo chưa gửi được; lý do ghi ở từng nhiệm vụ. Không mất nội dung.")
    messages.warning(request, words % {"n": len(sending.refused)})
