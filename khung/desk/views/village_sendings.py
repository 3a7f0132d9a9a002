"""What villages sent: looked at, taken over into a report, or refused with an answer."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from khung.assignments.models import OPEN_STATES, Assignment
from khung.base import clock
from khung.base.wording import number
from khung.desk import asked
from khung.desk.forms_villages import AnswerSending
from khung.desk.permissions import DeskRequest, requires
from khung.desk.views.villages import acting_unit
from khung.orgs.models import Unit
from khung.reports import actions, drafting, villages
from khung.reports.actions.taking_over import AlreadyHandled, TooLong, refuse_sending, take_over
from khung.reports.models import VillageLink, VillageSending
from khung.rules.permissions import Permission
from khung.rules.workflow import NotAllowed

PAGE_SIZE, CONFLICT, INVALID = 10, 409, 422


@requires(Permission.LINK_VILLAGES)
@require_safe
def village_sendings(request: DeskRequest) -> HttpResponse:
    """What waits, the oldest first; `?show=all` everything, the newest first."""
    unit = acting_unit(request)
    found = villages.sendings_of(unit)
    assignment = asked.number(request, "assignment")
    if assignment is not None:
        found = found.filter(villages.about(assignment))
    is_all = request.GET.get("show") == "all"
    if not is_all:
        found = found.filter(is_taken_over__isnull=True).order_by("sent_at", "id")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/villages/sendings.html",
        {
            "unit": unit,
            "page": page,
            "forms": _forms(unit, page),
            "is_all": is_all,
            "assignment": assignment,
            "waiting": villages.waiting_count(unit),
            "has_links": unit.village_links.exists(),
        },
    )


@requires(Permission.LINK_VILLAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def village_sending(request: DeskRequest, pk: int) -> HttpResponse:
    """One sending, and where the forms of the list are sent to."""
    unit = acting_unit(request)
    sending = get_object_or_404(villages.sendings_of(unit), pk=pk)
    data = request.POST if request.method == "POST" else None
    ((_sending, form),) = _forms(unit, [sending], data)
    status = 200
    if data is not None:
        status = INVALID
        if form is None:
            _tell_handled(request, sending)
            return redirect("village_sendings")
        if form.is_valid():
            try:
                _answer(request, sending, form)
            except AlreadyHandled as late:
                _tell_handled(request, late.sending)
                return redirect("village_sendings")
            except (actions.TooMany, drafting.Locked, TooLong) as why:
                form.add_error(None, str(why))
                status = CONFLICT
            except NotAllowed:
                form.add_error("target", gettext("Báo cáo này đã gửi. Thu hồi báo cáo trước."))
                status = CONFLICT
            else:
                return redirect("village_sendings")
    context = {"sending": sending, "form": form}
    return render(request, "desk/villages/sending.html", context, status=status)


def _forms(
    unit: Unit, sendings: Iterable[VillageSending], data: Any = None
) -> list[tuple[VillageSending, AnswerSending | None]]:
    """Each sending with its form; those answered already have none. Two queries for all."""
    shown = list(sendings)
    waiting = [one for one in shown if one.is_taken_over is None]
    offered = list(_offered(unit)) if waiting else []
    asked_ids = _asked_ids({one.link_id for one in waiting}) if waiting else {}
    return [
        (
            one,
            AnswerSending(
                data, sending=one, asked_ids=asked_ids.get(one.link_id, set()), offered=offered
            )
            if one.is_taken_over is None
            else None,
        )
        for one in shown
    ]


def _offered(unit: Unit) -> Iterable[Assignment]:
    """All the work of a unit that can still be reported."""
    found = Assignment.objects.filter(
        unit=unit, state__in=OPEN_STATES, locks_on__gte=clock.today()
    ).select_related("unit", "task_version", "counts_in")
    return found.prefetch_related("task_version__items").order_by(
        "counts_in__starts_on", "task_version__no", "id"
    )


def _asked_ids(links: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    asks = VillageLink.assignments.through.objects.filter(villagelink__in=links)
    for link, assignment in asks.values_list("villagelink", "assignment"):
        found.setdefault(link, set()).add(assignment)
    return found


def _answer(request: DeskRequest, sending: VillageSending, form: AnswerSending) -> None:
    """Takes over or refuses as the form says, and tells it."""
    said, village = form.cleaned_data, sending.link.village_name
    if form.is_refusal:
        refuse_sending(sending=sending, answer=said["answer"], by=request.user, now=clock.now())
        words = gettext("Đã trả lời %(village)s; ảnh không nhận sẽ xóa sau %(days)s ngày.")
        days = number(villages.KEEP_REFUSED.days)
        messages.success(request, words % {"village": village, "days": days})
        return
    target = form.chosen
    take_over(
        sending=sending,
        assignment=target.assignment,
        method=target.method,
        pieces=[int(pk) for pk in said["pieces"]],
        has_personal_data=said["has_personal_data"],
        with_text=said["with_text"],
        answer=said["answer"],
        by=request.user,
        now=clock.now(),
    )
    words = gettext("Đã nhận %(photos)s ảnh của %(village)s vào nhiệm vụ %(no)s.")
    photos, no = number(len(said["pieces"])), target.assignment.task_version.no
    messages.success(request, words % {"photos": photos, "village": village, "no": no})


def _tell_handled(request: DeskRequest, sending: VillageSending) -> None:
    who = sending.handled_by.full_name if sending.handled_by else gettext("Người khác")
    words = gettext("%(who)s vừa xử lý nội dung này rồi; không có gì thay đổi.")
    messages.warning(request, words % {"who": who})
