"""One difficulty: raising it, its way from stop to stop, and what a person may do about it now."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from khung.assignments.calendar import working_calendar
from khung.assignments.models import Assignment
from khung.assignments.queries import visible_to as assignments_visible_to
from khung.base import clock
from khung.base.versions import StaleRecord
from khung.desk import asked, difficulty_acts
from khung.desk.difficulty_words import finding, office, rungs, stop_words
from khung.desk.forms_difficulties import RaiseDifficulty, Say
from khung.desk.permissions import DeskRequest, requires
from khung.desk.views.difficulties import READERS
from khung.difficulties import actions, queries, reach
from khung.difficulties.models import Difficulty
from khung.difficulties.moving import Raised
from khung.difficulties.routing import Ladder, ladder_of, ladder_on
from khung.orgs.models import Unit
from khung.rules import routing
from khung.rules.permissions import Permission
from khung.rules.routing import LastStop, NotNow

CONFLICT, INVALID = 409, 422


@requires(Permission.RAISE_DIFFICULTY)
@require_http_methods(["GET", "HEAD", "POST"])
def raise_difficulty(request: DeskRequest) -> HttpResponse:
    """A new difficulty of the unit, from one of its assignments (?assignment=) or from itself."""
    unit, today = request.acting.unit, clock.today()
    if unit is None:
        raise PermissionDenied
    assignment = _assignment(request, unit)
    form = _raise_form(request, unit, assignment, today)
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                made = _raise(request, unit, assignment, form)
            except LastStop:
                form.add_error("starts_at", gettext("Cấp này không có ai nhận. Chọn cấp khác."))
            else:
                messages.success(
                    request, gettext("Đã gửi %(unit)s.") % {"unit": office(made.holder)}
                )
                return redirect("difficulty", made.pk)
    earlier = queries.raised_from(assignment) if assignment else Difficulty.objects.none()
    return render(
        request,
        "desk/difficulties/raise.html",
        {
            "form": form,
            "unit": unit,
            "assignment": assignment,
            "earlier": earlier.filter(state__in=routing.OPEN_STATES),
        },
        status=status,
    )


def _raise_form(
    request: DeskRequest, unit: Unit, assignment: Assignment | None, today: dt.date
) -> RaiseDifficulty:
    """The form with who may be asked first; a guide is chosen where the work names none."""
    guide = assignment.guide if assignment else None
    ladder = ladder_on(today, unit, guide)
    guides = _guides(unit, today) if guide is None else []
    return RaiseDifficulty(
        request.POST or None,
        stops=_first_stops(ladder, today, has_guides=bool(guides)),
        guides=guides,
        initial={
            "key": uuid.uuid4(),
            "starts_at": ladder.stops[0].stage if ladder.stops else "",
        },
    )


def _assignment(request: DeskRequest, unit: Unit) -> Assignment | None:
    """The unit's own assignment named in the address; None where none is named."""
    if "assignment" not in request.GET:
        return None
    own = assignments_visible_to(request.acting).filter(unit=unit)
    found = own.select_related("task_version", "guide", "unit", "period", "occasion")
    return get_object_or_404(found, pk=asked.number(request, "assignment"))


def _guides(unit: Unit, today: dt.date) -> list[Unit]:
    """Those who guide some of the unit's work and stand on that day."""
    guides = Unit.objects.filter(guided__unit=unit).exclude(pk=unit.pk).distinct()
    return [one for one in guides.order_by("sort_key", "id") if one.is_valid_on(today)]


def _first_stops(ladder: Ladder, today: dt.date, *, has_guides: bool) -> list[tuple[str, str]]:
    """Whom a difficulty may be sent to first, each with its clock."""
    named = {stop.stage: office(ladder.unit(stop)) for stop in ladder.stops}
    if has_guides:
        named.setdefault(routing.GUIDE, gettext("chọn ở trên"))
    return [
        (stage, stop_words(stage, named[stage], today))
        for stage in routing.STAGES
        if stage in named
    ]


def _raise(
    request: DeskRequest, unit: Unit, assignment: Assignment | None, form: RaiseDifficulty
) -> Difficulty:
    said = form.cleaned_data
    guide = assignment.guide if assignment else None
    if guide is None and said.get("guide"):
        guide = Unit.objects.get(pk=said["guide"])
    return actions.raise_difficulty(
        raised=Raised(
            kind=said["kind"],
            text=said["text"],
            asked=said["asked"],
            assignment=assignment,
            guide=guide,
            key=said["key"],
        ),
        unit=unit,
        starts_at=said["starts_at"],
        by=request.user,
        now=clock.now(),
    )


@requires(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def difficulty(request: DeskRequest, pk: int) -> HttpResponse:
    """A difficulty, for those who may see it; sent in, does one of its verbs (`do`)."""
    it = _found(request, pk)
    if request.method != "POST":
        return _shown(request, it)
    verb = request.POST.get("do", "")
    today = clock.today()
    forms = difficulty_acts.forms(it, [verb], today, data=request.POST)
    form = forms.get(verb)
    if form is None or not form.is_valid():
        # What the state no longer offers was done by somebody meanwhile.
        if verb not in reach.offered(request.acting, it, today):
            return _too_late(request, it, form)
        return _shown(request, it, forms, status=INVALID)
    try:
        actions.move_difficulty(
            difficulty=it,
            verb=verb,
            said=form.said,
            version=form.cleaned_data["version"],
            by=request.user,
            now=clock.now(),
        )
    except (StaleRecord, NotNow):
        return _too_late(request, _found(request, pk), form)
    except LastStop as why:
        form.add_error(None, str(why))
        return _shown(request, it, forms, status=INVALID)
    messages.success(request, difficulty_acts.done(verb))
    return redirect("difficulty", pk)


def _found(request: DeskRequest, pk: int) -> Difficulty:
    seen = queries.visible_to(request.acting).select_related(
        "unit", "guide", "holder", "raised_by", "responsible_unit",
        "assignment__task_version", "assignment__period", "assignment__occasion",
    )  # fmt: skip
    return get_object_or_404(queries.with_steps(seen), pk=pk)


def _too_late(request: DeskRequest, it: Difficulty, form: Say | None) -> HttpResponse:
    """Somebody was first: what they did stands in the way, what was typed is given back."""
    typed = form.data.get(form.add_prefix("text"), "") if form else ""
    return _shown(request, it, status=CONFLICT, lost=typed, is_too_late=True)


def _shown(
    request: DeskRequest,
    it: Difficulty,
    bound: Mapping[str, Say] | None = None,
    *,
    status: int = 200,
    lost: str = "",
    is_too_late: bool = False,
) -> HttpResponse:
    today = clock.today()
    calendar = working_calendar()
    left = calendar.left(today, it.due_on) if it.is_open else None
    verbs = reach.offered(request.acting, it, today)
    forms = difficulty_acts.forms(it, verbs, today) | dict(bound or {})
    context: dict[str, Any] = {
        "it": it,
        "left": left,
        "finding": finding(it, left),
        "rungs": rungs(it, ladder_of(it, today), calendar, clock.now()),
        "acts": [
            (verb, gettext(routing.VERBS[verb]), form, bool(bound and verb in bound))
            for verb, form in forms.items()
        ],
        "has_bound": bool(bound),
        "stands_in": bool(verbs) and difficulty_acts.stands_in(request.acting, it),
        "is_too_late": is_too_late,
        "lost": lost,
    }
    return render(request, "desk/difficulties/one.html", context, status=status)
