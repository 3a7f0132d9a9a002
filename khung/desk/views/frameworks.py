"""The framework and its tasks, each beside the lines of the Decision it was read from."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from khung.assignments.reach import framework_reach, reach
from khung.base import clock, files
from khung.base.downloads import download
from khung.desk import task_page
from khung.desk.forms_frameworks import AsOf, PlaceTask, TaskFilter
from khung.desk.permissions import DeskRequest, requires
from khung.frameworks import queries, tasks
from khung.frameworks.models import Framework
from khung.rules.permissions import Permission

PAGE_SIZE = 100


def shown_framework(request: DeskRequest) -> Framework | None:
    """The version the address asks for, else the one in force today, else the newest.

    A draft is shown to those who work on it. Raises Http404 for a version that may not be seen.
    """
    asked = request.GET.get("version", "")
    if asked:
        number = int(asked) if asked.isdecimal() and len(asked) < 18 else 0
        found = queries.versions().filter(pk=number).first()
        if found is None or not _may_see(request, found):
            raise Http404
        return found
    shown = queries.shown_on(clock.today())
    return shown if shown is None or _may_see(request, shown) else None


def needed_framework(request: DeskRequest) -> Framework:
    """The same, for a page that is nothing without one. Raises Http404."""
    framework = shown_framework(request)
    if framework is None:
        raise Http404
    return framework


def _may_see(request: DeskRequest, framework: Framework) -> bool:
    is_draft = framework.status == Framework.Status.DRAFT
    return not is_draft or request.acting.may(Permission.SETTLE_DOUBT)


def framework_context(request: DeskRequest, framework: Framework) -> dict[str, Any]:
    """What every page of a framework shows of it; links keep the version that was asked for."""
    asked = request.GET.get("version")
    return {
        "framework": framework,
        "decision": framework.decision,
        "is_draft": framework.status == Framework.Status.DRAFT,
        "keep": f"?version={framework.pk}" if asked else "",
        "may_settle": request.acting.may(Permission.SETTLE_DOUBT),
        "may_put_in_force": request.acting.may(Permission.PUT_FRAMEWORK_IN_FORCE),
    }


@requires(Permission.VIEW_FRAMEWORK)
@require_safe
def framework(request: DeskRequest) -> HttpResponse:
    """The tasks by dimension and sub-dimension, with the units each reaches today."""
    found = shown_framework(request)
    may = request.acting.may(Permission.PUT_FRAMEWORK_IN_FORCE)
    if found is None:
        return render(request, "desk/framework_none.html", {"may_put_in_force": may})
    form = TaskFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    page = Paginator(
        tasks.search(
            found,
            text=wanted.get("q", ""),
            dimension=wanted.get("dimension"),
            timing=wanted.get("timing", ""),
            doubtful=wanted.get("doubts", False),
        ),
        PAGE_SIZE,
    ).get_page(request.GET.get("page"))
    worded = tasks.worded(page.object_list)  # type: ignore[arg-type]
    english = get_language() == "en"
    today = clock.today()
    reached = framework_reach(found, today)
    doubted = tasks.doubts_of(found).aggregate(n=Count("pk"), settled=Count("settled_at"))
    return render(
        request,
        "desk/framework.html",
        {
            **framework_context(request, found),
            "form": form,
            "page": page,
            "areas": tasks.by_area(worded, found.decision.issued_on.year, english=english),
            "counts": reached.units,
            "unmatched_addressees": reached.unmatched_addressees,
            "today": today,
            "compared": _compared(found, today),
            "total": found.tasks.count(),
            "open_doubts": doubted["n"] - doubted["settled"],
            "settled_doubts": doubted["settled"],
            "settled_head": tasks.settled_head(found),
            "other_versions": [
                other
                for other in queries.versions().exclude(pk=found.pk)[:20]
                if _may_see(request, other)
            ],
        },
    )


def _compared(framework: Framework, today: dt.date) -> tasks.Differences | None:
    """What sets a draft apart from the framework in force; None where there is nothing to say."""
    if framework.status != Framework.Status.DRAFT:
        return None
    in_force = queries.in_force_on(today)
    return tasks.differences(framework, in_force) if in_force else None


@requires(Permission.VIEW_FRAMEWORK)
@require_safe
def task(request: DeskRequest, no: int) -> HttpResponse:
    """One task: what it asks of whom and when, and beside it the lines it was read from."""
    found = needed_framework(request)
    versions = tasks.search(found).filter(no=no)
    worded = next(iter(tasks.worded(versions)), None)
    if worded is None:
        raise Http404
    worded.version.framework = found
    day = AsOf(request.GET).chosen(clock.today())
    doubts = list(tasks.doubts_of(found).filter(task_version=worded.version))
    before, after = tasks.neighbours(worded.version)
    english = get_language() == "en"
    version = worded.version
    year = found.decision.issued_on.year
    context = framework_context(request, found)
    may_place = context["is_draft"] and context["may_settle"]
    return render(
        request,
        "desk/task.html",
        {
            **context,
            "task": worded,
            "place_form": PlaceTask.of(version) if may_place else None,
            "dimension": tasks.dimension_label(version.dimension, english=english),
            "subdimension": tasks.subdimension_label(version.subdimension, year, english=english),
            "columns": task_page.columns(worded, tasks.source_lines(version), doubts),
            "doubts": doubts,
            "meanings": tasks.meanings_of(
                version, [item.words for item in (*worded.guiding, *worded.implementing)]
            ),
            "as_of": AsOf(initial={"day": day}),
            "day": day,
            "reach": reach(version, day),
            "before": before,
            "after": after,
        },
    )


@requires(Permission.VIEW_FRAMEWORK)
@require_safe
def decision_file(request: DeskRequest) -> HttpResponse:
    """The file a framework was read from, as it was handed in, never opened inside the site."""
    file = needed_framework(request).file
    try:
        data = files.read(file)
    except OSError as error:
        raise Http404 from error
    return download(data, file.name)
