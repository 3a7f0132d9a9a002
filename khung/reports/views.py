"""The page of a village head: what is asked, photographs, a few words, send.

Whoever has the address may send, and nothing else: nobody signs in, no cookie is set, and no
other page is reached from here. So there is nothing a foreign site could make a browser do that
its own reader could not, and the form needs no token against that.
"""

import uuid
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from khung.assignments.models import Assignment
from khung.base import clock, files
from khung.base.upload_handler import NO_ROOM, TOO_LARGE, Incoming
from khung.frameworks.tasks import in_columns
from khung.reports import uploads, villages
from khung.reports.actions.villages import LinkClosed, TooOften, note_try, send_from_village
from khung.reports.forms import SendingForm
from khung.reports.models import VillageLink, VillageSending

GONE, INVALID, TOO_MANY, NO_SPACE = 404, 422, 429, 507


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def village_page(request: HttpRequest, code: str) -> HttpResponse:
    """What a link opens. To its script it answers in JSON: what to tell, and what was sent so far.

    Every address that opens nothing gets the same page, for whatever reason.
    """
    link = villages.opened_by(code, clock.today())
    if link is None:
        response = _closed(request)
    elif request.method == "POST":
        response = _sent(request, link, code)
    else:
        response = _page(request, link, code)
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def sender(link: VillageLink) -> str:
    """How the trail names whoever sends through a link."""
    return f"Đường dẫn của {link.village_name}"[:60]


def _closed(request: HttpRequest) -> HttpResponse:
    if _is_script(request):
        gone = gettext("Đường dẫn không còn dùng được. Hỏi Ủy ban nhân dân xã, phường.")
        return JsonResponse({"errors": [gone]}, status=GONE)
    return render(request, "reports/village_closed.html", status=GONE)


def _sent(request: HttpRequest, link: VillageLink, code: str) -> HttpResponse:
    """Counts the try before a byte of it is read, then takes the sending or says why not."""
    by, now = sender(link), clock.now()
    try:
        note_try(link=link, by=by, now=now)
    except TooOften as why:
        return _refused(request, link, code, None, [_too_often(why)], TOO_MANY)
    photos = [one for one in request.FILES.getlist("evidence") if isinstance(one, Incoming)]
    form = SendingForm(request.POST, asked=_asked(link), photos=photos)
    if not form.is_valid():
        told = [str(why) for name in form.errors for why in form.errors[name]]
        return _refused(request, link, code, form, told, INVALID)
    try:
        with ExitStack() as stack:
            sending = send_from_village(
                link=link,
                client_key=form.key,
                assignment=form.chosen,
                text=form.cleaned_data["text"],
                photos=_ready(stack, photos),
                by=by,
                now=now,
            )
    except uploads.Refused as why:
        return _refused(request, link, code, form, [str(why)], INVALID)
    except files.NoRoom:
        full = gettext("Máy chủ đã hết chỗ nên chưa nhận. Để vài giờ nữa gửi lại.")
        return _refused(request, link, code, form, [full], NO_SPACE)
    except TooOften as why:
        return _refused(request, link, code, form, [_too_often(why)], TOO_MANY)
    except LinkClosed:
        return _closed(request)
    if _is_script(request):
        return JsonResponse({"told": _told(sending), "history": _history(request, link)})
    return redirect("village_page", code)


def _ready(stack: ExitStack, photos: Iterable[Incoming]) -> list[uploads.Prepared]:
    """The photographs checked and written, all or none. Raises uploads.Refused, files.NoRoom."""
    ready: dict[str, uploads.Prepared] = {}
    for photo in photos:
        name = uploads.file_name(photo.name or "")
        if photo.problem == TOO_LARGE:
            raise uploads.too_large(name)
        if photo.problem == NO_ROOM:
            raise files.NoRoom
        if uploads.TYPES.get(name.rpartition(".")[2].lower(), "image/") not in uploads.IMAGES and (
            not name.lower().endswith((".heic", ".heif"))
        ):
            raise uploads.Refused(
                gettext("“%(name)s” không phải là ảnh. Chỉ gửi được ảnh chụp.") % {"name": name}
            )
        one = stack.enter_context(uploads.prepared(photo.file, name))  # type: ignore[arg-type]
        ready.setdefault(one.written.sha256, one)
    return list(ready.values())


def _refused(
    request: HttpRequest,
    link: VillageLink,
    code: str,
    form: SendingForm | None,
    told: Sequence[str],
    status: int,
) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"errors": list(told)}, status=status)
    return _page(request, link, code, form=form, told=told, status=status)


def _page(
    request: HttpRequest,
    link: VillageLink,
    code: str,
    *,
    form: SendingForm | None = None,
    told: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    asked = _asked(link)
    context: dict[str, Any] = {
        "link": link,
        "code": code,
        "asked": asked,
        "form": form or SendingForm(asked=asked, initial={"client_key": uuid.uuid4()}),
        "told": told,
        "most": villages.MOST_PHOTOS,
        **_sendings(link),
    }
    return render(request, "reports/village.html", context, status=status)


def _asked(link: VillageLink) -> list[tuple[Assignment, str]]:
    """The work asked about, each with the first words of its task."""
    found = villages.asked_now(link, clock.today())
    return [(one, in_columns(one.task_version).title) for one in found]


def _sendings(link: VillageLink) -> dict[str, Any]:
    return {"sendings": list(villages.latest_sendings(link))}


def _history(request: HttpRequest, link: VillageLink) -> str:
    return render_to_string("reports/village_sendings.html", _sendings(link), request)


def _told(sending: VillageSending) -> str:
    at = localtime(sending.sent_at)
    return gettext("Đã gửi lúc %(time)s ngày %(day)s.") % {
        "time": f"{at:%H:%M}",
        "day": f"{at:%d/%m/%Y}",
    }


def _too_often(why: TooOften) -> str:
    if why.again_at is None:
        return gettext("Ủy ban còn nhiều lần gửi trước chưa xem. Gửi lại sau khi đã nhận bớt.")
    return gettext("Đường dẫn này vừa gửi quá nhiều lần. Gửi lại sau %(time)s.") % {
        "time": f"{localtime(why.again_at):%H:%M}"
    }


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Village") == "1"
