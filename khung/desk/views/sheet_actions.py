"""Verbs of the sheet for many assignments at once, and the times a counted task was done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from khung.assignments import work
from khung.assignments.models import Assignment
from khung.base import clock
from khung.base.wording import number
from khung.desk import asked
from khung.desk.forms_reporting import OccurrenceForm
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import Row
from khung.desk.sheet_lines import panel
from khung.desk.views.reporting import (
    INVALID,
    WRITE,
    back,
    line_of,
    opened_at,
    tell_refused,
    tell_sending,
)
from khung.reports import actions, drafting, reach, sheet
from khung.reports.models import Evidence, Occurrence, Report
from khung.reports.proofs import proofs_of
from khung.rules.permissions import Permission
from khung.rules.workflow import NotAllowed

MOST = 500


@requires(*WRITE)
@require_POST
def send_many(request: DeskRequest) -> HttpResponse:
    """Sends the drafts ticked, or every complete one of the period, or every approved one."""
    drafts = _asked_for(request)
    if not drafts and not request.POST.get("all"):
        messages.info(request, gettext("Chưa chọn báo cáo nào. Đánh dấu ở đầu dòng rồi gửi."))
        return redirect(back(request))
    tell_sending(request, actions.send_reports(drafts=drafts, by=request.user, now=clock.now()))
    return redirect(back(request))


@requires(*WRITE)
@require_POST
def hand_in(request: DeskRequest) -> HttpResponse:
    """Hands the drafts ticked, or every complete one, to the head for approval."""
    drafts = _asked_for(request)
    handed = actions.mark_ready(drafts=drafts, by=request.user, now=clock.now())
    if handed.sent:
        words = gettext("Đã trình thủ trưởng duyệt %(n)s báo cáo.") % {"n": len(handed.sent)}
        messages.success(request, words)
    tell_refused(request, handed)
    if handed.before and not handed.sent:
        words = gettext("%(n)s báo cáo đã trình từ trước, đang chờ thủ trưởng duyệt.")
        messages.info(request, words % {"n": number(len(handed.before))})
    elif not handed.sent and not handed.refused:
        messages.info(request, gettext("Chưa có báo cáo nào đã đủ để trình duyệt."))
    return redirect(back(request))


@requires(*WRITE)
@require_POST
def copy_last_of_all(request: DeskRequest) -> HttpResponse:
    """Begins every report nobody began with the words of the last period's."""
    unit, period = request.acting.unit, asked.period(request)
    copied: list[Report] = []
    if unit is not None and period is not None:
        empty = sheet.never_written(work.owed_by(unit, period))
        copied = actions.copy_last_of_all(
            assignments=list(empty.values_list("pk", flat=True)),
            by=request.user,
            now=clock.now(),
        )
    if copied:
        words = gettext("Đã chép nội dung kỳ trước cho %(n)s nhiệm vụ; sửa lại cho đúng kỳ này.")
        messages.success(request, words % {"n": len(copied)})
    else:
        messages.info(request, gettext("Không có nội dung kỳ trước nào để chép."))
    return redirect(back(request))


def _asked_for(request: DeskRequest) -> list[int]:
    """The drafts a form names that this person may see as the one who writes them."""
    unit, period = request.acting.unit, asked.period(request)
    if wanted := request.POST.get("all"):
        if unit is None or period is None:
            return []
        written = sheet.written_of(work.owed_by(unit, period))
        asked_for = written.approved if wanted == "approved" else written.complete
        return [one.pk for one in asked_for]
    ticked = [int(pk) for pk in request.POST.getlist("draft")[:MOST] if asked.is_id(pk)]
    drafts = reach.reports_visible(request.acting).filter(pk__in=ticked, sent_at__isnull=True)
    return list(drafts.values_list("pk", flat=True))


@requires(*WRITE)
@require_POST
def record_occurrence(request: DeskRequest, pk: int) -> HttpResponse:
    """Records one time a counted task was done."""
    row = line_of(request, pk)
    it = row.assignment
    # Before anything of a draft is shown, with a form that lacks something too.
    reach.writing_unit(request.user, it, Permission.REPORT_WORK, clock.today())
    newest = drafting.newest(it)
    proofs = proofs_of([newest.pk])[newest.pk] if newest else []
    form = OccurrenceForm(request.POST, assignment=it, proofs=proofs)
    if not form.is_valid():
        return _shown_again(request, row, form)
    said = form.cleaned_data
    piece = said.get("evidence")
    try:
        actions.record_occurrence(
            assignment=it,
            happened_on=said["happened_on"],
            text=said["text"],
            evidence=Evidence.objects.get(pk=piece) if piece else None,
            by=request.user,
            now=clock.now(),
        )
    except actions.WrongOccurrence as why:
        form.add_error(why.about, str(why))
        return _shown_again(request, row, form)
    except (drafting.Locked, NotAllowed) as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _counted(it))
    return redirect(opened_at(back(request, row.assignment), pk))


@requires(*WRITE)
@require_POST
def withdraw_occurrence(request: DeskRequest, pk: int) -> HttpResponse:
    """Takes one time out of the count."""
    seen = reach.assignments_visible(request.acting)
    found = get_object_or_404(
        Occurrence.objects.select_related("assignment__unit", "assignment__counts_in"),
        pk=pk,
        assignment__in=seen,
    )
    try:
        actions.withdraw_occurrence(occurrence=found, by=request.user, now=clock.now())
    except (drafting.Locked, NotAllowed) as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _counted(found.assignment))
    return redirect(opened_at(back(request), found.assignment_id))


def _shown_again(request: DeskRequest, row: Row, form: OccurrenceForm) -> HttpResponse:
    held = panel(request, row, clock.today(), occurrence_form=form)
    context = {"row": row, "panel": held, "back": back(request, row.assignment)}
    return render(request, "desk/reporting/page.html", context, status=INVALID)


def _counted(assignment: Assignment) -> str:
    done = drafting.times_done([assignment]).get(assignment.pk, 0)
    return gettext("Đã ghi. Đến nay %(done)s/%(quota)s lần.") % {
        "done": done,
        "quota": assignment.quota,
    }
