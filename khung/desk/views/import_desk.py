"""Taking in a Decision: its file, the doubts in reading it, and putting it in force."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from khung.base import clock
from khung.base.versions import StaleRecord
from khung.desk import task_page
from khung.desk.doubt_effects import effect
from khung.desk.doubt_labels import answer_label, doubt_label
from khung.desk.forms_frameworks import (
    DoubtFilter,
    PlaceTask,
    PutInForce,
    ReadDecision,
    SettleDoubt,
)
from khung.desk.permissions import DeskRequest, requires
from khung.desk.views.frameworks import framework_context, needed_framework
from khung.frameworks import actions, settling, tasks
from khung.frameworks.models import Doubt, Framework, TaskVersion
from khung.orgs import queries as orgs
from khung.orgs.models import Unit
from khung.rules.document import UnreadableDocument
from khung.rules.permissions import Permission
from khung.rules.wording import compare

PAGE_SIZE = 50
CONFLICT = 409


@requires(Permission.VIEW_FRAMEWORK)
@require_safe
def doubts(request: DeskRequest) -> HttpResponse:
    """The worklist: what the reader was not sure of, open ones first."""
    framework = needed_framework(request)
    kinds = framework.doubts.order_by().values_list("code").annotate(n=Count("id"))
    labels = [
        (code, f"{doubt_label(code)} ({n})")
        for code, n in sorted(kinds, key=lambda kind: (-kind[1], kind[0]))
    ]
    form = DoubtFilter(request.GET, codes=labels)
    form.is_valid()
    found = tasks.doubts_of(framework, is_open=form.is_open, code=form.cleaned_data.get("code", ""))
    total = framework.doubts.count()
    left = framework.doubts.filter(settled_at__isnull=True).count()
    return render(
        request,
        "desk/framework_doubts.html",
        {
            **framework_context(request, framework),
            "form": form,
            "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
            "total": total,
            "left": left,
            "settled": total - left,
            "reusable": _reusable(request, framework),
        },
    )


def _reusable(request: DeskRequest, framework: Framework) -> settling.Reusable | None:
    """What was settled before and a person who may settle can take over into this draft."""
    is_draft = framework.status == Framework.Status.DRAFT
    may = request.acting.may(Permission.SETTLE_DOUBT)
    return settling.reusable(framework) if is_draft and may else None


@requires(Permission.VIEW_FRAMEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
def doubt(request: DeskRequest, doubt_id: int) -> HttpResponse:
    """One doubt beside its source; who may settle it does so here."""
    found = get_object_or_404(
        Doubt.objects.select_related("framework__decision", "task_version", "settled_by"),
        pk=doubt_id,
    )
    may = request.acting.may(Permission.SETTLE_DOUBT)
    if not may and found.framework.status == Framework.Status.DRAFT:
        return redirect("framework")
    form = SettleDoubt(
        request.POST or None,
        answers=[(answer, answer_label(found, answer)) for answer in settling.choices(found)],
        initial={
            "settlement": found.settlement or found.proposal,
            "reason": found.reason,
            "version": found.version,
        },
    )
    status = 200
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        if form.is_valid():
            try:
                actions.settle_doubt(
                    doubt=found, **form.cleaned_data, by=request.user, now=clock.now()
                )
            except StaleRecord as stale:
                found = cast(Doubt, stale.current)
                form.meet({"settlement": found.settlement, "reason": found.reason}, found.version)
                status = CONFLICT
            else:
                return _next_doubt(request, found)
        else:
            status = 422
    written, proposed = compare(found.raw, found.proposal)
    return render(
        request,
        "desk/framework_doubt.html",
        {
            **framework_context(request, found.framework),
            "doubt": found,
            "label": doubt_label(found.code),
            "written": written,
            "proposed": proposed,
            "lines": task_page.lines(found),
            "effect": effect(found, clock.today()),
            "form": form,
        },
        status=status,
    )


def _next_doubt(request: DeskRequest, settled: Doubt) -> HttpResponse:
    """On to the next open doubt of the file, or back to the list where none is left."""
    waiting = settled.framework.doubts.filter(settled_at__isnull=True)
    left = waiting.count()
    if not left:
        messages.success(request, gettext("Đã xử lý hết nghi vấn."))
        return redirect(_address("doubts", settled.framework))
    messages.success(
        request,
        ngettext("Đã ghi. Còn %(left)s nghi vấn.", "Đã ghi. Còn %(left)s nghi vấn.", left)
        % {"left": left},
    )
    after = waiting.filter(line__gte=settled.line or 0).exclude(pk=settled.pk)
    found = after.order_by("line", "id").first() or waiting.order_by("line", "id").first()
    return redirect("doubt", found.pk if found else settled.pk)


@requires(Permission.SETTLE_DOUBT)
@require_http_methods(["GET", "HEAD", "POST"])
def place_task(request: DeskRequest, no: int) -> HttpResponse:
    """Puts a task of a draft under another dimension; its page holds the form."""
    framework = needed_framework(request)
    task = get_object_or_404(framework.tasks, no=no)
    task.framework = framework
    where = f"{reverse('task', args=[no])}?version={framework.pk}"
    form = PlaceTask.of(task, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            dimension, subdimension = form.chosen
            try:
                actions.place_task(
                    task_version=task,
                    dimension=dimension,
                    subdimension=subdimension,
                    version=form.cleaned_data["version"],
                    by=request.user,
                    now=clock.now(),
                )
            except actions.NotADraft as why:
                form.add_error(None, str(why))
            except StaleRecord as stale:
                current = cast(TaskVersion, stale.current)
                form.meet({"place": PlaceTask.code_of(current)}, current.version)
                status = CONFLICT
            else:
                messages.success(request, gettext("Đã xếp nhiệm vụ vào nội dung."))
                return redirect(where)
    return render(
        request,
        "desk/task_place.html",
        {**framework_context(request, framework), "task": task, "form": form, "where": where},
        status=status,
    )


def _address(name: str, framework: Framework) -> str:
    return f"{reverse(name)}?version={framework.pk}"


@requires(Permission.PUT_FRAMEWORK_IN_FORCE)
@require_http_methods(["GET", "HEAD", "POST"])
def put_in_force(request: DeskRequest) -> HttpResponse:
    """Puts a draft in force from a day, and names who coordinates and who judges them."""
    framework = needed_framework(request)
    today = clock.today()
    root = orgs.province_root(framework.decision.province_code, today)
    bodies = orgs.children(root, today).filter(level=root.level) if root else Unit.objects.none()
    form = PutInForce(
        request.POST or None,
        bodies=bodies,
        initial={"from_day": today, "version": framework.version},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            chosen = form.cleaned_data
            try:
                actions.put_in_force(
                    framework=framework,
                    from_day=chosen["from_day"],
                    coordinators=[chosen["coordinator"]],
                    coordinator_judges=[chosen["coordinator_judge"]],
                    cycle=chosen["cycle"],
                    version=chosen["version"],
                    by=request.user,
                    now=clock.now(),
                )
            except actions.NotReady as why:
                form.add_error(None, str(why))
            except StaleRecord as stale:
                framework = cast(Framework, stale.current)
                form.meet({}, framework.version)
                form.add_error(None, gettext("Bộ khung vừa được người khác sửa; hãy xem lại."))
                status = CONFLICT
            else:
                messages.success(request, gettext("Bộ khung đã có hiệu lực."))
                return redirect("framework")
    return render(
        request,
        "desk/framework_in_force.html",
        {
            **framework_context(request, framework),
            "form": form,
            "left": framework.doubts.filter(settled_at__isnull=True).count(),
        },
        status=status,
    )


@requires(Permission.PUT_FRAMEWORK_IN_FORCE)
@require_http_methods(["GET", "HEAD", "POST"])
def read_decision(request: DeskRequest) -> HttpResponse:
    """Takes in the file of a signed Decision and makes a draft of it, or nothing at all."""
    today = clock.today()
    provinces = [(root.code, root.name) for root in orgs.roots_on(today)]
    form = ReadDecision(request.POST or None, request.FILES or None, provinces=provinces)
    already: Framework | None = None
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                framework = actions.draft_framework(
                    data=file.read(),
                    name=file.name,
                    province_code=form.cleaned_data["province"],
                    by=request.user,
                    now=clock.now(),
                )
            except UnreadableDocument as why:
                form.add_error("file", str(why))
            except actions.AlreadyRead as before:
                already, status = before.framework, CONFLICT
            else:
                doubts_found = framework.doubts.count()
                messages.success(
                    request,
                    gettext("Đã đọc thành %(tasks)s nhiệm vụ; %(doubts)s điểm cần xác định.")
                    % {"tasks": framework.tasks.count(), "doubts": doubts_found},
                )
                return redirect(_address("doubts", framework))
    return render(
        request, "desk/framework_read.html", {"form": form, "already": already}, status=status
    )
