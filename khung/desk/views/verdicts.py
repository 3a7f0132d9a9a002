"""What reviewers do: accept, return, pass on, give to a colleague, take an acceptance back."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from khung.assignments.calendar import working_calendar
from khung.base import clock
from khung.base.wording import number
from khung.desk import asked
from khung.desk.forms_judging import ReopenReport, ReturnReports
from khung.desk.permissions import DeskRequest, requires
from khung.frameworks.models import TaskItem
from khung.orgs.models import Person
from khung.reports import actions, queue, reach, turns
from khung.reports.models import EvidenceUse, Report, ReturnReason, ReviewTurn
from khung.rules.permissions import Permission
from khung.rules.workflow import NotAllowed

CONFLICT, INVALID = 409, 422
# The units named above a return of many; the others are counted.
NAMED = 12


@require_POST
@requires(Permission.JUDGE_WORK)
def accept(request: DeskRequest) -> HttpResponse:
    """Accepts one report, or the ticked ones of one task."""
    return _judge(
        request,
        lambda ids: actions.accept_reports(
            judged=ids,
            text=request.POST.get("text", "")[:2000],
            by=request.user,
            now=clock.now(),
        ),
        lambda n: ngettext("Đã công nhận %(n)s báo cáo.", "Đã công nhận %(n)s báo cáo.", n),
    )


@require_POST
@requires(Permission.JUDGE_WORK)
def pass_on(request: DeskRequest) -> HttpResponse:
    """Passes reports of a first review on to the judge."""
    return _judge(
        request,
        lambda ids: actions.pass_on(
            judged=ids,
            text=request.POST.get("text", "")[:2000],
            by=request.user,
            now=clock.now(),
        ),
        lambda n: ngettext(
            "Đã chuyển thẩm định %(n)s báo cáo.", "Đã chuyển thẩm định %(n)s báo cáo.", n
        ),
    )


def _judge(
    request: DeskRequest,
    verb: Callable[[list[int]], list[Any]],
    said: Callable[[int], str],
) -> HttpResponse:
    """Does the verb to the reports named in the form; says what became of it in the queue."""
    ids = _ids(request)
    if not ids:
        messages.error(request, gettext("Chưa chọn báo cáo nào. Hãy đánh dấu báo cáo rồi làm lại."))
        return _back(request)
    try:
        done = verb(ids)
    except (actions.NotJudged, NotAllowed) as why:
        messages.error(request, str(why))
        return _back(request, ticked=ids)
    except ValueError:
        messages.error(
            request,
            gettext("Báo cáo không còn ở bước này. Hãy mở lại từng báo cáo rồi cho ý kiến."),
        )
        return _back(request, ticked=ids)
    messages.success(request, said(len(done)) % {"n": number(len(done))})
    return _back(request, turn=request.POST.get("next", ""))


@require_POST
@requires(Permission.JUDGE_WORK)
def send_back(request: DeskRequest) -> HttpResponse:
    """Returns one report, or the ticked ones of one task with the same reasons.

    The queue's button "Trả lại" only asks for the form; a form that lacks something comes back
    with everything typed.
    """
    ids = _ids(request)
    found = list(
        queue.visible_to(request.acting)
        .filter(pk__in=ids)
        .select_related("report", "assignment__unit", "assignment__task_version")
        .order_by("assignment__unit__sort_key", "pk")
    )
    if not found:
        messages.error(request, gettext("Chưa chọn báo cáo nào. Hãy đánh dấu báo cáo rồi làm lại."))
        return _back(request)
    if len({turn.assignment.task_id for turn in found}) > 1:
        messages.error(request, str(actions.NotAlike()))
        return _back(request, ticked=ids)
    if request.POST.get("step") == "ask":
        return _return_page(request, found, _return_form(found, None), 200)
    form = _return_form(found, request.POST)
    if not form.is_valid():
        return _return_page(request, found, form, INVALID)
    try:
        done = actions.return_reports(
            judged=[turn.pk for turn in found],
            points=form.points,
            text=form.cleaned_data["text"],
            redo_by=form.cleaned_data["redo_by"],
            by=request.user,
            now=clock.now(),
        )
    except (actions.NotJudged, NotAllowed) as why:
        still_open = _still_open(found)
        if not still_open:
            messages.error(request, str(why))
            return _back(request)
        # What was typed stands for those that are still open.
        form.add_error(None, str(why))
        return _return_page(request, still_open, form, CONFLICT)
    told = ngettext("Đã trả lại %(n)s báo cáo.", "Đã trả lại %(n)s báo cáo.", len(done))
    messages.success(request, told % {"n": number(len(done))})
    return _back(request, turn=request.POST.get("next", ""))


def _still_open(found: list[ReviewTurn]) -> list[ReviewTurn]:
    named = ReviewTurn.objects.filter(pk__in=[turn.pk for turn in found], closed_at__isnull=True)
    kept = set(named.values_list("pk", flat=True))
    return [turn for turn in found if turn.pk in kept]


def _return_page(
    request: DeskRequest, found: list[ReviewTurn], form: ReturnReports, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "turns": found[:NAMED],
        "more": max(0, len(found) - NAMED),
        "count": len(found),
        "ids": [turn.pk for turn in found],
        "back": request.POST.get("back", ""),
        "next": request.POST.get("next", ""),
        "together": request.POST.get("together", ""),
    }
    return render(request, "desk/judging/return.html", context, status=status)


def _return_form(found: list[ReviewTurn], data: QueryDict | None) -> ReturnReports:
    """The form for these reports of one task: evidence is remarked on in a single one only."""
    first = found[0]
    methods = TaskItem.objects.filter(
        task_version=first.assignment.task_version_id, field=TaskItem.Field.METHOD
    )
    evidence = []
    if len(found) == 1:
        uses = EvidenceUse.objects.filter(report=first.report_id).select_related("evidence")
        evidence = [use.evidence for use in uses.order_by("id")]
    today = clock.today()
    return ReturnReports(
        data,
        reasons=list(ReturnReason.objects.filter(is_active=True)),
        methods=list(methods.order_by("position")),
        evidence=evidence,
        initial={"redo_by": working_calendar().add(today, turns.REDO_WORKING_DAYS)},
    )


@require_POST
@requires(Permission.ASSIGN_REVIEWER)
def assign(request: DeskRequest) -> HttpResponse:
    """Gives the reports to one who judges in the unit, or to nobody in particular."""
    ids, chosen = _ids(request), request.POST.get("reviewer", "")
    if not ids:
        messages.error(request, gettext("Chưa chọn báo cáo nào. Hãy đánh dấu báo cáo rồi làm lại."))
        return _back(request)
    reviewer = get_object_or_404(Person, pk=chosen) if asked.is_id(chosen) else None
    try:
        n = actions.assign_reviewer(judged=ids, reviewer=reviewer, by=request.user, now=clock.now())
    except actions.NoReviewer as why:
        messages.error(request, str(why))
        return _back(request, ticked=ids)
    if reviewer is None:
        told = gettext("Đã bỏ phân công %(n)s báo cáo.") % {"n": number(n)}
    else:
        told = gettext("Đã giao %(n)s báo cáo cho %(who)s.") % {
            "n": number(n),
            "who": reviewer.full_name,
        }
    messages.success(request, told)
    return _back(request, turn=str(ids[0]) if len(ids) == 1 else "")


@requires(Permission.JUDGE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: DeskRequest, pk: int) -> HttpResponse:
    """Takes the acceptance of an assignment's newest report back, with the reason."""
    assignment = get_object_or_404(
        reach.assignments_visible(request.acting).select_related(
            "unit", "judge", "task_version", "period", "occasion"
        ),
        pk=pk,
    )
    report = get_object_or_404(
        Report.objects.filter(sent_at__isnull=False, reviews__verdict="accepted").distinct(),
        assignment=assignment,
        pk__in=Report.objects.filter(assignment=assignment).order_by("-number").values("pk")[:1],
    )
    form = ReopenReport(request.POST or None)
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                actions.reopen_report(
                    report=report,
                    text=form.cleaned_data["text"],
                    by=request.user,
                    now=clock.now(),
                )
            except (actions.NotJudged, NotAllowed) as why:
                form.add_error(None, str(why))
            else:
                messages.success(
                    request, gettext("Đã hủy công nhận; đơn vị được sửa và gửi lại báo cáo.")
                )
                return redirect("assignment", assignment.pk)
    context = {"form": form, "it": assignment, "report": report}
    return render(request, "desk/judging/reopen.html", context, status=status)


def _ids(request: DeskRequest) -> list[int]:
    """The turns a form names."""
    named = request.POST.getlist("turn")
    return list(dict.fromkeys(int(pk) for pk in named if asked.is_id(pk)))


def _back(request: DeskRequest, *, turn: str = "", ticked: Iterable[int] = ()) -> HttpResponse:
    """Back to the list the form stood on, as it was narrowed, at the next report."""
    together = request.POST.get("together", "")
    if asked.is_id(together):
        return redirect("judge_together_task", int(together))
    where = QueryDict(request.POST.get("back", "")[:2000], mutable=True)
    for name in ("turn", "tick", "export"):
        where.pop(name, None)
    if asked.is_id(turn):
        where["turn"] = turn
    where.setlist("tick", [str(pk) for pk in ticked])
    query = where.urlencode()
    return redirect(f"{reverse('judging')}?{query}" if query else reverse("judging"))
