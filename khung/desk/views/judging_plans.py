"""How reports are judged: chosen per task and level, explained; and compulsory methods."""

import secrets
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from khung.assignments.models import Assignment
from khung.base import clock
from khung.base.wording import dimension_name, number
from khung.desk import asked
from khung.desk.forms_judging import SetJudgingPlan
from khung.desk.judging_words import effect, plan_of, short
from khung.desk.permissions import DeskRequest, requires
from khung.desk.templatetags.desk import level_name
from khung.frameworks import queries as frameworks
from khung.frameworks.models import TaskItem, TaskVersion
from khung.frameworks.tasks import WordedTask, search, worded
from khung.orgs.queries import levels_between
from khung.reports import actions
from khung.reports.models import CompulsoryMethod, JudgingPlan
from khung.reports.turns import newest_plan_id, newest_plans
from khung.rules.actors import LEVELS
from khung.rules.permissions import Permission
from khung.rules.sampling import SAMPLED
from khung.rules.taxonomy import DIMENSIONS

PAGE_SIZE = 50
CONFLICT, INVALID = 409, 422
# The tasks set in one go; a framework has some sixty.
MOST_TASKS = 200
# Villages send through their commune: their reports are not judged one by one.
_JUDGED_LEVELS = [level for level in LEVELS if level != "village"]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A task with its plan at each level, and how many of its methods are compulsory."""

    task: WordedTask
    cells: list[tuple[str, str, bool]]
    compulsory: int


@require_safe
@requires(Permission.VIEW_JUDGED_WORK)
def judging_plans(request: DeskRequest) -> HttpResponse:
    """The table task × level, 50 tasks to a page; a coordinator chooses from it what to set."""
    framework = frameworks.shown_on(clock.today())
    if framework is None:
        return render(request, "desk/judging/plans_empty.html")
    words, dimension = request.GET.get("q", "")[:100], asked.dimension(request)
    found = search(framework, text=words, dimension=dimension)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    levels = _levels()
    return render(
        request,
        "desk/judging/plans.html",
        {
            "page": page,
            "rows": _rows(page.object_list, levels),  # type: ignore[arg-type]
            "levels": levels,
            "words": words,
            "dimension": dimension,
            "dimensions": [(one.no, dimension_name(one.no)) for one in DIMENSIONS],
            "may_set": request.acting.may(Permission.PLAN_JUDGING),
        },
    )


def _levels() -> list[str]:
    """The levels of government there are today, from the province down."""
    today = clock.today()
    there = levels_between(today, today)
    return [level for level in _JUDGED_LEVELS if level in there]


def _rows(versions: QuerySet[TaskVersion], levels: list[str]) -> list[PlanRow]:
    tasks = worded(versions)
    plans = newest_plans([one.version.task_id for one in tasks])
    compulsory: dict[int, int] = {}
    marked = CompulsoryMethod.objects.filter(
        method__task_version__in=[one.version.pk for one in tasks]
    )
    for pk in marked.values_list("method__task_version", flat=True):
        compulsory[pk] = compulsory.get(pk, 0) + 1
    return [
        PlanRow(
            task,
            [
                (level, short(plan_of(plan)), plan is not None)
                for level in levels
                for plan in [plans.get((task.version.task_id, level))]
            ],
            compulsory.get(task.version.pk, 0),
        )
        for task in tasks
    ]


@requires(Permission.PLAN_JUDGING)
@require_http_methods(["GET", "HEAD", "POST"])
def set_plan(request: DeskRequest) -> HttpResponse:
    """Sets how the chosen tasks are judged at the chosen levels; says first what that means."""
    given = request.POST if request.method == "POST" else request.GET
    ids = [int(pk) for pk in given.getlist("task") if asked.is_id(pk)]
    framework = frameworks.shown_on(clock.today())
    found = TaskVersion.objects.filter(framework=framework, task__in=ids[:MOST_TASKS])
    tasks = worded(found.order_by("no"))
    if not tasks:
        messages.error(request, gettext("Chưa chọn nhiệm vụ nào. Hãy đánh dấu rồi làm lại."))
        return redirect("judging_plans")
    levels = [level for level in _levels() if level in given.getlist("level")]
    current = _current(tasks, levels)
    form, status = SetJudgingPlan(request.POST or None, initial=_initial(current)), 200
    if request.method == "POST":
        status = INVALID
        if not levels:
            form.add_error(None, gettext("Hãy chọn ít nhất một cấp."))
        if form.is_valid():
            status = _set(request, tasks, levels, form)
        if not status:
            return redirect("judging_plans")
    return render(
        request,
        "desk/judging/plan.html",
        {
            "form": form,
            "tasks": tasks,
            "levels": _levels(),
            "chosen": levels,
            "current": [(one, effect(plan_of(one))) for one in _current(tasks, levels)],
        },
        status=status,
    )


def _current(tasks: list[WordedTask], levels: list[str]) -> list[JudgingPlan]:
    """The plans in force for what is chosen, the newest first."""
    plans = newest_plans([one.version.task_id for one in tasks])
    found = [plan for (_, level), plan in plans.items() if level in levels]
    return sorted(found, key=lambda plan: -plan.pk)


def _initial(current: list[JudgingPlan]) -> dict[str, object]:
    plan = plan_of(current[0] if current else None)
    return {
        "way": plan.way,
        "share": plan.share if plan.way == SAMPLED else 20,
        # New with each setting, so that nobody who knew the last sample knows the next.
        "seed": secrets.token_hex(6),
        "superior_first": plan.superior_first,
        "working_days": plan.working_days,
        "seen": newest_plan_id(),
    }


def _set(
    request: DeskRequest, tasks: list[WordedTask], levels: list[str], form: SetJudgingPlan
) -> int:
    """Sets the plans; 0, or the status of the page that shows the form again and says why."""
    try:
        actions.set_judging_plan(
            tasks=[one.version.task_id for one in tasks],
            levels=levels,
            plan=form.plan,
            seen=form.cleaned_data["seen"],
            by=request.user,
            now=clock.now(),
        )
    except actions.PlanChanged as why:
        form.add_error(None, str(why))
        form.meet(newest_plan_id())
        return CONFLICT
    told = gettext("Đã đặt cho %(n)s nhiệm vụ, cấp %(levels)s. %(effect)s")
    messages.success(
        request,
        told
        % {
            "n": number(len(tasks)),
            "levels": ", ".join(map(level_name, levels)),
            "effect": effect(form.plan),
        },
    )
    return 0


@requires(Permission.ASSIGN_REVIEWER)
@require_http_methods(["GET", "HEAD", "POST"])
def compulsory(request: DeskRequest, pk: int) -> HttpResponse:
    """Marks the methods of a task that need evidence of their own, for those who guide it."""
    version = get_object_or_404(TaskVersion, pk=pk)
    items = TaskItem.objects.filter(task_version=version).order_by("position")
    methods = list(items.filter(field=TaskItem.Field.METHOD))
    may = _guides(request, version)
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        ticked = {int(one) for one in request.POST.getlist("method") if asked.is_id(one)}
        own = [method.pk for method in methods if method.pk in ticked]
        actions.mark_compulsory(version=version, methods=own, by=request.user, now=clock.now())
        messages.success(
            request,
            gettext("Đã ghi %(n)s cách thức bắt buộc; áp dụng cho báo cáo gửi từ bây giờ.")
            % {"n": number(len(own))},
        )
        return redirect("compulsory_methods", pk)
    marked = CompulsoryMethod.objects.filter(method__in=methods).select_related("marked_by")
    context = {
        "version": version,
        "content": items.filter(field=TaskItem.Field.CONTENT),
        "methods": methods,
        "marks": {one.method_id: one for one in marked},
        "may_mark": may,
    }
    return render(request, "desk/judging/compulsory.html", context)


def _guides(request: DeskRequest, version: TaskVersion) -> bool:
    """Whether the unit acted for guides or judges the task, or coordinates all."""
    if request.acting.may(Permission.VIEW_ALL_WORK):
        return True
    unit = request.acting.unit
    own = Assignment.objects.filter(task_version=version)
    return own.filter(judge=unit).exists() or own.filter(guide=unit).exists()
