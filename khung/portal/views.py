"""What anybody may read. Nothing here asks who reads, so that every page may be cached."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import groupby
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from khung.assignments import public as work
from khung.base import clock
from khung.base.downloads import download
from khung.base.wording import dimension_name, number, period_name
from khung.frameworks import public as frameworks
from khung.orgs import public as orgs
from khung.portal import drawings
from khung.portal.forms import FindUnit, TaskFilter
from khung.rules.actors import LEVELS, parse_actors
from khung.rules.methods import KINDS
from khung.rules.taxonomy import DIMENSIONS

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
# Seconds a browser or a proxy may keep a page; the figures are those of the last tick anyway.
KEEP = 60
# The levels of which progress by unit is listed, the people's own first.
LISTED_LEVELS = ("commune", "district", "province")


def public_page(view: View[P]) -> View[P]:
    """Serves a page to everybody, read only, and lets it be kept for a moment."""

    @wraps(view)
    def served(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            patch_cache_control(response, public=True, max_age=KEEP)
        return response

    guarded: View[P] = login_not_required(require_safe(served))
    return guarded


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The province, what this is, and how the eight dimensions stand this quarter."""
    today = clock.today()
    framework = frameworks.framework_in_force(today)
    if framework is None:
        return render(request, "portal/nothing_yet.html", {"provinces": orgs.provinces(today)})
    province = orgs.province(framework.province_code, today)
    period = work.current_period(today)
    progress = work.provincial_progress(province.id, period) if province and period else None
    chart = None
    if progress and period:
        chart = drawings.by_dimension(
            gettext("Việc được giao trong %(period)s, theo nội dung")
            % {"period": period_name(period.code)},
            progress.dimensions,
            {one.no: f"{reverse('public_tasks')}?dimension={one.no}" for one in DIMENSIONS},
        )
    return render(
        request,
        "portal/home.html",
        {
            "framework": framework,
            "province": province,
            "period": period,
            "progress": progress,
            "chart": chart,
            "classes": drawings.classes(progress.total) if progress else (),
            "find": FindUnit(),
            "is_disclosed": work.disclosure(framework.id) is not None,
        },
    )


@public_page
def tasks(request: HttpRequest) -> HttpResponse:
    """The framework as the Decision words it, found by words and by dimension."""
    today = clock.today()
    framework = _needed_framework()
    form = TaskFilter(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    found = frameworks.published_tasks(
        today,
        text=wanted.get("q", ""),
        dimension=wanted.get("dimension"),
        english=get_language() == "en",
    )
    by_dimension = [
        (
            (one.no, dimension_name(one.no)),
            [
                (area, list(some))
                for area, some in groupby(
                    (task for task in found if task.dimension == one.no),
                    key=lambda task: task.area_name,
                )
            ],
        )
        for one in DIMENSIONS
    ]
    return render(
        request,
        "portal/tasks.html",
        {
            "framework": framework,
            "form": form,
            "found": len(found),
            "dimensions": [(*one, areas) for one, areas in by_dimension if areas],
        },
    )


@public_page
def task(request: HttpRequest, no: int) -> HttpResponse:
    """One task: what is to be done, how, by whom and when."""
    framework = _needed_framework()
    english = get_language() == "en"
    found = next(iter(frameworks.published_tasks(clock.today(), no=no, english=english)), None)
    if found is None:
        raise Http404
    return render(
        request,
        "portal/task.html",
        {
            "framework": framework,
            "task": found,
            "dimension": dimension_name(found.dimension),
            "methods": [(method.text, KINDS.get(method.kind, "")) for method in found.methods],
            "ended_levels": _ended_levels(framework, [*found.guiding, *found.implementing]),
            "before": no - 1 if no > 1 else None,
            "after": no + 1 if no < framework.task_count else None,
        },
    )


def _ended_levels(
    framework: frameworks.PublicFramework, phrases: Iterable[str]
) -> list[tuple[str, dt.date]]:
    """The levels a task names that the province has no more, each with its last day."""
    named = {actor.level for text in phrases for actor in parse_actors(text).actors}
    today = clock.today()
    found = []
    for level, name in LEVELS.items():
        if level in named:
            last = orgs.last_day_of_level(framework.province_code, level, today)
            found += [(gettext(name).lower(), last)] if last else []
    return found


@public_page
def decision(request: HttpRequest) -> HttpResponse:
    """The signed Decision's file; never opened inside the site."""
    try:
        file = frameworks.decision_file(clock.today())
    except OSError as error:
        raise Http404 from error
    if file is None:
        raise Http404
    return download(file.data, file.name)


@public_page
def progress(request: HttpRequest) -> HttpResponse:
    """Progress by unit while a document allows it, and the way from an old name to a new unit."""
    today = clock.today()
    framework = _needed_framework()
    province = orgs.province(framework.province_code, today)
    period = work.current_period(today)
    disclosure = work.disclosure(framework.id)
    form = FindUnit(request.GET)
    text = form.cleaned_data.get("q", "") if form.is_valid() else ""
    units = (
        work.progress_by_unit(framework.id, province.id, period)
        if province and period and disclosure
        else []
    )
    return render(
        request,
        "portal/progress.html",
        {
            "framework": framework,
            "period": period,
            "disclosure": disclosure,
            "form": form,
            "text": text,
            "named": orgs.territories_named(text, today) if text else [],
            "formerly": orgs.formerly_named(text, today) if text else [],
            "levels": [
                (level, [unit for unit in units if unit.level == level])
                for level in LISTED_LEVELS
                if any(unit.level == level for unit in units)
            ],
        },
    )


@public_page
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """One unit's work by dimension, while a document allows it to be published."""
    today = clock.today()
    framework = _needed_framework()
    found = orgs.unit(unit_id, today)
    period = work.current_period(today)
    if found is None:
        raise Http404
    shown = work.progress_of_unit(framework.id, unit_id, period) if period else None
    if shown is None or period is None:
        return redirect("public_progress")
    title = gettext("%(unit)s: %(done)s trong %(total)s việc của %(period)s đã hoàn thành") % {
        "unit": found.name,
        "done": number(shown.total.done),
        "total": number(shown.total.total),
        "period": period_name(period.code),
    }
    return render(
        request,
        "portal/unit.html",
        {
            "framework": framework,
            "unit": found,
            "period": period,
            "progress": shown,
            "classes": drawings.classes(shown.total),
            "chart": drawings.by_dimension(title, shown.dimensions, {}),
        },
    )


def _needed_framework() -> frameworks.PublicFramework:
    framework = frameworks.framework_in_force(clock.today())
    if framework is None:
        raise Http404
    return framework
