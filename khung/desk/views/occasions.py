"""Occasions that open work in the units they touch, and the document that allows publishing."""

import datetime as dt
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khung.assignments import actions
from khung.assignments.models import Occasion, ProgressDisclosure
from khung.base import clock
from khung.base.versions import StaleRecord
from khung.base.wording import number
from khung.desk.forms_coordination import CloseOccasion, OpenOccasion, RecordDisclosure
from khung.desk.forms_frameworks import AsOf
from khung.desk.permissions import DeskRequest, requires
from khung.frameworks import queries as frameworks
from khung.orgs import queries as orgs
from khung.orgs.models import Unit
from khung.rules.permissions import Permission
from khung.rules.timing import PHASES

PAGE_SIZE = 50
MOST_UNITS = 200
INVALID = 422


@dataclass(slots=True)
class Branch:
    """A unit to tick, the territories below it, and its other bodies."""

    unit: Unit
    is_chosen: bool = False
    below: list["Branch"] = field(default_factory=list)
    bodies: list["Branch"] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether something below is ticked, so that a form sent back shows it."""
        return any(branch.is_chosen or branch.is_open for branch in (*self.below, *self.bodies))


@requires(Permission.VIEW_FRAMEWORK)
@require_safe
def occasions(request: DeskRequest) -> HttpResponse:
    """The occasions opened, those still open first."""
    found = Occasion.objects.select_related("counts_in").annotate(made=Count("assignments"))
    page = Paginator(found.order_by("-closed_at", "-starts_on", "-id"), PAGE_SIZE)
    return render(
        request,
        "desk/coordination/occasions.html",
        {
            "page": page.get_page(request.GET.get("page")),
            "open": found.filter(closed_at__isnull=True).count(),
            "may_open": request.acting.may(Permission.OPEN_OCCASION),
        },
    )


@requires(Permission.OPEN_OCCASION)
@require_http_methods(["GET", "HEAD", "POST"])
def open_occasion(request: DeskRequest) -> HttpResponse:
    """Opens an occasion in the units ticked, as they stood on its first day."""
    if frameworks.first_day_in_force() is None:
        messages.error(request, gettext("Chưa có bộ khung đang có hiệu lực."))
        return redirect("occasions")
    day = _first_day(request)
    framework = frameworks.in_force_on(day)
    units = _territories(day)
    form = OpenOccasion(request.POST or None, units=units, initial={"starts_on": day})
    status = 200
    if request.method == "POST":
        status = INVALID
        if not form.errors and framework is None:
            form.add_error("starts_on", gettext("Ngày này chưa có bộ khung nào có hiệu lực."))
        elif form.is_valid() and framework:
            said = form.cleaned_data
            occasion, made = actions.open_occasion(
                framework=framework,
                kind=said["kind"],
                title=said["title"],
                starts_on=said["starts_on"],
                ends_on=said["ends_on"],
                units=form.chosen,
                phases=form.phases,
                by=request.user,
                now=clock.now(),
            )
            messages.success(
                request,
                gettext("Đã mở sự kiện; giao %(made)s nhiệm vụ.") % {"made": number(made)},
            )
            return redirect("occasion", occasion.pk)
    chosen = {int(pk) for pk in request.POST.getlist("units") if pk.isdecimal()}
    return render(
        request,
        "desk/coordination/occasion_open.html",
        {
            "form": form,
            "day": day,
            "tree": _tree(units, chosen),
            "phases": [
                (form[f"{phase}_from"], form[f"{phase}_to"], label)
                for phase, label in PHASES.items()
            ],
        },
        status=status,
    )


def _first_day(request: DeskRequest) -> dt.date:
    """The day whose units are offered: the occasion's first day once it is known."""
    said = {"day": request.POST.get("starts_on") or request.GET.get("day", "")}
    return AsOf(said).chosen(clock.today())


def _territories(day: dt.date) -> list[Unit]:
    """The province of a day and the territories and bodies of its first two levels."""
    root = frameworks.province_on(day)
    if root is None:
        return []
    inside = orgs.subtree(root, day).order_by("sort_key", "id")
    return [root, *inside.filter(parent=root), *inside.filter(parent__parent=root, kind=root.kind)]


def _tree(units: list[Unit], chosen: set[int]) -> list[Branch]:
    branches = {unit.pk: Branch(unit, unit.pk in chosen) for unit in units}
    roots = []
    for unit in units:
        parent = branches.get(unit.parent_id or 0)
        if parent is None:
            roots.append(branches[unit.pk])
        elif unit.kind == parent.unit.kind:
            parent.below.append(branches[unit.pk])
        else:
            parent.bodies.append(branches[unit.pk])
    return roots


@requires(Permission.VIEW_FRAMEWORK)
@require_safe
def occasion(request: DeskRequest, occasion_id: int) -> HttpResponse:
    """One occasion: its phases, the units it touches, how much work it made."""
    found = get_object_or_404(
        Occasion.objects.select_related("counts_in", "opened_by"), pk=occasion_id
    )
    touched = found.touched.select_related("unit").order_by("unit__sort_key")
    return render(
        request,
        "desk/coordination/occasion.html",
        {
            "occasion": found,
            "phases": [
                (PHASES[phase["phase"]], *map(dt.date.fromisoformat, (phase["from"], phase["to"])))
                for phase in found.phases
            ],
            "touched": touched[:MOST_UNITS],
            "touched_count": touched.count(),
            "made": found.assignments.count(),
            "may_close": request.acting.may(Permission.OPEN_OCCASION) and not found.closed_at,
            "form": CloseOccasion(initial={"version": found.version}),
        },
    )


@requires(Permission.OPEN_OCCASION)
@require_POST
def close_occasion(request: DeskRequest, occasion_id: int) -> HttpResponse:
    """Ends an occasion; what nobody began is closed with it."""
    found = get_object_or_404(Occasion, pk=occasion_id, closed_at__isnull=True)
    form = CloseOccasion(request.POST)
    if not form.is_valid():
        return redirect("occasion", occasion_id)
    try:
        actions.close_occasion(
            occasion=found, version=form.cleaned_data["version"], by=request.user, now=clock.now()
        )
    except StaleRecord:
        messages.error(request, gettext("Sự kiện vừa được người khác sửa; hãy xem lại."))
    else:
        messages.success(request, gettext("Đã kết thúc sự kiện."))
    return redirect("occasion", occasion_id)


@requires(Permission.VIEW_FRAMEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
def disclosures(request: DeskRequest) -> HttpResponse:
    """The documents that allow progress by unit to be published; a coordinator records one here."""
    framework = frameworks.in_force_on(clock.today())
    may = request.acting.may(Permission.RECORD_DISCLOSURE)
    form = RecordDisclosure(request.POST or None)
    status = 200
    if request.method == "POST":
        if not may or framework is None:
            raise PermissionDenied
        status = INVALID
        if form.is_valid():
            actions.record_disclosure(
                framework=framework, **form.cleaned_data, by=request.user, now=clock.now()
            )
            messages.success(
                request, gettext("Đã ghi văn bản; tiến độ từng đơn vị được công khai.")
            )
            return redirect("disclosures")
    found = ProgressDisclosure.objects.select_related("recorded_by").order_by("-recorded_at", "-id")
    return render(
        request,
        "desk/coordination/disclosures.html",
        {
            "form": form,
            "may_record": may and framework is not None,
            "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
            "in_force": found.filter(withdrawn_at__isnull=True).count(),
        },
        status=status,
    )


@requires(Permission.RECORD_DISCLOSURE)
@require_POST
def withdraw_disclosure(request: DeskRequest, disclosure_id: int) -> HttpResponse:
    """Ends the publication that one document allowed."""
    found = get_object_or_404(ProgressDisclosure, pk=disclosure_id, withdrawn_at__isnull=True)
    actions.withdraw_disclosure(disclosure=found, by=request.user, now=clock.now())
    messages.success(request, gettext("Đã dừng công khai theo văn bản này."))
    return redirect("disclosures")
