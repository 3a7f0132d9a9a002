"""Links for village heads: given out, printed, renewed, revoked."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khung.assignments.models import Period, PeriodDeadline
from khung.base import clock
from khung.base.wording import number
from khung.desk import asked
from khung.desk.forms_villages import MakeLinks, initial_of
from khung.desk.permissions import DeskRequest, requires
from khung.orgs.models import Unit
from khung.reports import village_address, villages
from khung.reports.actions.villages import Linked, link_villages
from khung.reports.actions.villages import revoke_village_link as revoke
from khung.reports.models import VillageLink
from khung.rules.permissions import Permission

PAGE_SIZE, MOST_CARDS, INVALID = 50, 100, 422


@requires(Permission.LINK_VILLAGES)
@require_safe
def village_links(request: DeskRequest) -> HttpResponse:
    """The links of the unit: which stand open, when each last sent, what waits."""
    unit, today = acting_unit(request), clock.today()
    period = asked.period(request)
    page = Paginator(villages.links_of(unit), PAGE_SIZE).get_page(request.GET.get("page"))
    sent = villages.sent_by_village(unit, period) if period else []
    return render(
        request,
        "desk/villages/links.html",
        {
            "unit": unit,
            "page": page,
            "rows": [(link, state_of(link)) for link in page],
            "today": today,
            "period": period,
            "asked": len(sent),
            "sent": sum(1 for one in sent if one.last_sent_at is not None),
            "waiting": villages.waiting_count(unit),
        },
    )


def acting_unit(request: DeskRequest) -> Unit:
    """The unit whose villages these are. Raises PermissionDenied where one acts for none."""
    if request.acting.unit is None:
        raise PermissionDenied
    return request.acting.unit


def state_of(link: VillageLink) -> str:
    """ "open", "revoked" or "expired"."""
    if link.revoked_at is not None:
        return "revoked"
    return "open" if villages.is_open(link, clock.today()) else "expired"


@requires(Permission.LINK_VILLAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def make_village_link(request: DeskRequest) -> HttpResponse:
    """Gives a link to each village named, or renews it; `?link=` begins with one that exists."""
    unit, today = acting_unit(request), clock.today()
    period = asked.period(request)
    offered = villages.askable(unit, period, today) if period else []
    below = villages.villages_below(unit, today)
    form = MakeLinks(
        request.POST if request.method == "POST" else None,
        offered=offered,
        below=below,
        today=today,
        initial=_initial(request, unit, period, below),
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        linked = link_villages(unit=unit, **said, by=request.user, now=clock.now())
        messages.success(request, _told(linked))
        chosen = "&".join(f"link={one.pk}" for one in (*linked.made, *linked.renewed))
        return redirect(f"{reverse('village_cards')}?{chosen}")
    return render(
        request,
        "desk/villages/make.html",
        {"unit": unit, "period": period, "periods": asked.opened(request), "form": form,
         "offered": offered},
        status=INVALID if request.method == "POST" else 200,
    )  # fmt: skip


def _initial(
    request: DeskRequest, unit: Unit, period: Period | None, below: list[Unit]
) -> dict[str, Any]:
    """The village asked for, else those of the tree without a link; until the period closes."""
    found: dict[str, Any] = {}
    chosen = asked.number(request, "link") or 0
    link = VillageLink.objects.filter(pk=chosen, unit=unit, revoked_at=None).first()
    if link is not None:
        found = initial_of(link)
    else:
        known = villages.open_links(unit)
        names = [one.day_name for one in below if villages.known_as(one.day_name) not in known]
        found["named"] = "\n".join(names)
    if period is not None:
        deadline = PeriodDeadline.objects.filter(period=period, level=unit.level).first()
        last = deadline.locks_on if deadline else period.ends_on
        found["expires_on"] = max(last, clock.today())
    return found


def _told(linked: Linked) -> str:
    made, renewed = number(len(linked.made)), number(len(linked.renewed))
    if not linked.renewed:
        return gettext("Đã cấp %(made)s đường dẫn. In thẻ để phát cho từng thôn.") % {"made": made}
    if not linked.made:
        words = gettext("Đã gia hạn %(renewed)s đường dẫn; mã đã phát vẫn dùng được.")
        return words % {"renewed": renewed}
    return gettext(
        "Đã cấp %(made)s đường dẫn mới, gia hạn %(renewed)s; mã đã phát vẫn dùng được."
    ) % {"made": made, "renewed": renewed}


@requires(Permission.LINK_VILLAGES)
@require_safe
def village_link(request: DeskRequest, pk: int) -> HttpResponse:
    """One link: its address and code, what it asks, what came through it."""
    unit = acting_unit(request)
    link = get_object_or_404(villages.links_of(unit).select_related("unit", "made_by"), pk=pk)
    sendings = villages.sendings_of(unit).filter(link=link)
    page = Paginator(sendings, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/villages/link.html",
        {
            "link": link,
            "state": state_of(link),
            "card": card(request, link),
            "asked": villages.asked_now(link, clock.today()),
            "page": page,
        },
    )


def card(request: DeskRequest, link: VillageLink) -> dict[str, Any]:
    """What is printed for one village: the address in full, how to type it, and its code."""
    path = reverse("village_page", args=[village_address.code_of(link.nonce)])
    address = (
        f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)
    )
    return {
        "link": link,
        "address": address,
        "short": address.partition("://")[2],
        "qr": village_address.qr_svg(address),
    }


@requires(Permission.LINK_VILLAGES)
@require_safe
def village_cards(request: DeskRequest) -> HttpResponse:
    """Cards to print, one a village: those named by `?link=`, else every open one."""
    unit = acting_unit(request)
    chosen = {int(pk) for pk in request.GET.getlist("link") if pk.isdecimal() and len(pk) < 18}
    found = VillageLink.objects.filter(
        unit=unit, revoked_at__isnull=True, expires_on__gte=clock.today()
    ).select_related("unit")
    if chosen:
        found = found.filter(pk__in=chosen)
    cards = [card(request, link) for link in found[:MOST_CARDS]]
    return render(request, "desk/villages/cards.html", {"unit": unit, "cards": cards})


@requires(Permission.LINK_VILLAGES)
@require_POST
def revoke_village_link(request: DeskRequest, pk: int) -> HttpResponse:
    """Closes a link for good."""
    link = get_object_or_404(
        VillageLink.objects.filter(unit=acting_unit(request)).select_related("unit"), pk=pk
    )
    if revoke(link=link, by=request.user, now=clock.now()):
        words = gettext("Đã thu hồi đường dẫn của %(village)s; những gì đã gửi vẫn còn.")
        messages.success(request, words % {"village": link.village_name})
    else:
        messages.info(request, gettext("Đường dẫn này đã thu hồi từ trước."))
    return redirect("village_links")
