"""Occasions that open work in the units they touch."""

import datetime as dt
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khung.assignments import actions, queries, work
from khung.assignments.models import Occasion
from khung.base import clock
from khung.base.versions import StaleRecord
from khung.base.wording import number
from khung.desk import asked
from khung.desk.exports import exported
from khung.desk.forms_coordination import CloseOccasion, ExtendOccasion, OpenOccasion
from khung.desk.forms_frameworks import AsOf
from khung.desk.list_words import occasion_cells, occasion_columns
from khung.desk.permissions import DeskRequest, requires
from khung.frameworks import queries as frameworks
from khung.frameworks.models import Framework
from khung.orgs import queries as orgs
from khung.orgs.acting import Acting
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
    """The occasions opened, those still open first; `?export=xlsx|csv` as a file."""
    found = Occasion.objects.select_related("counts_in").annotate(made=Count("assignments"))
    order = (F("closed_at").desc(nulls_first=True), "-starts_on", "-id")
    listed = found.order_by(*order)
    if file := exported(request, listed, "su-kien", occasion_columns(), occasion_cells):
        return file
    page = Paginator(listed, PAGE_SIZE)
    today = clock.today()
    return render(
        request,
        "desk/coordination/occasions.html",
        {
            "page": page.get_page(request.GET.get("page")),
            "open": found.filter(closed_at__isnull=True, ends_on__gte=today).count(),
            "past": found.filter(closed_at__isnull=True, ends_on__lt=today).count(),
            "today": today,
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
    units = _offered(day, request.acting)
    form = OpenOccasion(request.POST or None, units=units, initial={"starts_on": day})
    status = 200
    if request.method == "POST":
        status = INVALID
        if not form.errors and framework is None:
            form.add_error("starts_on", gettext("Ngày này chưa có bộ khung nào có hiệu lực."))
        elif form.is_valid() and framework:
            opened = _opened(request, form, framework)
            if opened is not None:
                return redirect("occasion", opened.pk)
    chosen = {int(pk) for pk in request.POST.getlist("units") if asked.is_id(pk)}
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


def _opened(request: DeskRequest, form: OpenOccasion, framework: Framework) -> Occasion | None:
    """The occasion as it was opened; None with the reason in the form."""
    said = form.cleaned_data
    try:
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
    except actions.NothingToDo:
        form.add_error(
            "kind",
            gettext(
                "Bộ khung không giao việc gì cho những đơn vị này khi có loại sự kiện ấy, hoặc "
                "việc ấy do cơ quan khác hướng dẫn. Chọn loại khác, hoặc báo cơ quan điều phối."
            ),
        )
        return None
    messages.success(
        request, gettext("Đã mở sự kiện; giao %(made)s nhiệm vụ.") % {"made": number(made)}
    )
    return occasion


def _offered(day: dt.date, acting: Acting) -> list[Unit]:
    """The units somebody may open an occasion in: their own and below, unless they guide."""
    own = acting.unit
    if own is None or acting.may(Permission.VIEW_ALL_WORK) or acting.may(Permission.JUDGE_WORK):
        return _territories(day)
    return list(orgs.subtree(own, day).order_by("path")[:MOST_UNITS])


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
    """One occasion: its phases, the units it touches, the work it made and how that stands."""
    found = get_object_or_404(
        Occasion.objects.select_related("counts_in", "opened_by", "opened_for"), pk=occasion_id
    )
    touched = found.touched.select_related("unit").order_by("unit__sort_key")
    made = queries.visible_to(request.acting).filter(occasion=found)
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
            "today": clock.today(),
            "page": Paginator(work.by_task_and_unit(made), PAGE_SIZE).get_page(
                request.GET.get("page")
            ),
            "may_change": not found.closed_at
            and request.acting.may(Permission.OPEN_OCCASION)
            and queries.may_change_occasion(request.user, found, clock.today()),
            "extension": ExtendOccasion(
                initial={"version": found.version, "ends_on": found.ends_on}
            ),
        },
    )


def _changeable(request: DeskRequest, occasion_id: int) -> Occasion:
    """An open occasion that the person may extend or end."""
    found = get_object_or_404(Occasion, pk=occasion_id, closed_at__isnull=True)
    if not queries.may_change_occasion(request.user, found, clock.today()):
        raise PermissionDenied
    return found


@requires(Permission.OPEN_OCCASION)
@require_POST
def extend_occasion(request: DeskRequest, occasion_id: int) -> HttpResponse:
    """Moves the last day of an occasion that is still open."""
    found = _changeable(request, occasion_id)
    form = ExtendOccasion(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Chưa dời: ngày cuối mới không đọc được."))
        return redirect("occasion", occasion_id)
    said = form.cleaned_data
    try:
        actions.extend_occasion(
            occasion=found,
            version=said["version"],
            ends_on=said["ends_on"],
            by=request.user,
            now=clock.now(),
        )
    except StaleRecord:
        messages.error(request, gettext("Sự kiện vừa được người khác sửa; hãy xem lại."))
    except actions.WrongDay:
        messages.error(
            request, gettext("Chưa dời: ngày cuối mới phải từ hôm nay và không trước ngày đầu.")
        )
    else:
        messages.success(
            request,
            gettext("Đã dời ngày cuối sang %(day)s.") % {"day": f"{said['ends_on']:%d/%m/%Y}"},
        )
    return redirect("occasion", occasion_id)


@requires(Permission.OPEN_OCCASION)
@require_http_methods(["GET", "HEAD", "POST"])
def close_occasion(request: DeskRequest, occasion_id: int) -> HttpResponse:
    """Says what ending an occasion exempts; sent in, ends it."""
    found = _changeable(request, occasion_id)
    form = CloseOccasion(request.POST or None, initial={"version": found.version})
    if request.method != "POST":
        untouched = found.assignments.filter(state="not_started").count()
        return render(
            request,
            "desk/coordination/occasion_close.html",
            {
                "occasion": found,
                "form": form,
                "untouched": untouched,
                "kept": found.assignments.exclude(state__in=("not_started", "exempt")).count(),
            },
        )
    if not form.is_valid():
        return redirect("occasion", occasion_id)
    try:
        _, closed = actions.close_occasion(
            occasion=found, version=form.cleaned_data["version"], by=request.user, now=clock.now()
        )
    except StaleRecord:
        messages.error(request, gettext("Sự kiện vừa được người khác sửa; hãy xem lại."))
    else:
        messages.success(
            request,
            gettext("Đã kết thúc sự kiện; miễn %(n)s nhiệm vụ chưa làm.") % {"n": number(closed)},
        )
    return redirect("occasion", occasion_id)
