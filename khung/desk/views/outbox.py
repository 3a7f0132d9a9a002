"""The outbox: which messages left, which not and why, for whoever looks after them."""

from collections.abc import Iterator, Sequence
from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from khung.base import clock
from khung.base.wording import number
from khung.desk.exports import exported
from khung.desk.forms_reminders import OutboxFilter
from khung.desk.permissions import DeskRequest, requires
from khung.reminders import actions, queries
from khung.reminders.adapters import is_connected
from khung.reminders.models import OutboxMessage, Preference
from khung.rules import phones
from khung.rules.permissions import Permission
from khung.rules.text import fold

PAGE_SIZE = 50
State = OutboxMessage.State


@requires(Permission.SET_REMINDERS, Permission.RUN_JOBS)
@require_safe
def outbox(request: DeskRequest) -> HttpResponse:
    """Messages, newest first, with what became of each; `?export=xlsx|csv` as a file."""
    form = OutboxFilter(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    everything = queries.outbox_visible_to(request.acting)
    found, sees_addresses = _narrowed(everything, asked), queries.sees_addresses(request.acting)
    cells = partial(_cells, sees_addresses=sees_addresses)
    if file := exported(request, found, "tin-nhac-viec", _columns(sees_addresses), cells):
        return file
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/reminders/outbox.html",
        {
            "form": form,
            "page": page,
            "shown": [(message, as_people_write(message)) for message in page],
            "is_narrowed": any(asked.values()),
            # Each by the index of states: of all messages ever sent, few are either.
            "failed": everything.filter(state=State.FAILED).count(),
            "waiting": everything.filter(state=State.WAITING).count(),
            "sees_addresses": sees_addresses,
            "unconnected": [
                gettext(str(one.label))
                for one in Preference.Channel
                if one != Preference.Channel.APP and not is_connected(one)
            ],
        },
    )


def _columns(sees_addresses: bool) -> list[str]:
    """The head of the list as a file."""
    return [
        gettext("Người nhận"),
        *([gettext("Địa chỉ")] if sees_addresses else []),
        gettext("Ngày"),
        gettext("Kênh"),
        gettext("Tình trạng"),
        gettext("Gửi lúc"),
        gettext("Số lần đã thử"),
        gettext("Vì sao chưa gửi được"),
    ]


def _cells(found: Sequence[OutboxMessage], *, sees_addresses: bool) -> Iterator[Sequence[object]]:
    """Messages under `_columns`; addresses for those alone who see them on the page."""
    for one in found:
        yield (
            one.person.full_name,
            *([as_people_write(one)] if sees_addresses else []),
            one.digest.day if one.digest else None,
            gettext(one.get_channel_display()),
            gettext(one.get_state_display()),
            one.sent_at,
            one.attempts,
            one.error,
        )


def as_people_write(message: OutboxMessage) -> str:
    """The address of a message; a number without its country code."""
    is_phone = message.channel in (Preference.Channel.ZALO, Preference.Channel.SMS)
    return phones.as_written(message.address) if is_phone else message.address


def _narrowed(found: QuerySet[OutboxMessage], asked: dict[str, str]) -> QuerySet[OutboxMessage]:
    for name in ("state", "channel"):
        if asked.get(name):
            found = found.filter(**{name: asked[name]})
    for word in fold(asked.get("q", "")).split():
        found = found.filter(person__folded_name__contains=word)
    return found


@requires(Permission.SET_REMINDERS, Permission.RUN_JOBS)
@require_POST
def retry_messages(request: DeskRequest) -> HttpResponse:
    """Puts the messages that were given up back on their way: one, or as many as there are."""
    found = queries.outbox_visible_to(request.acting).filter(state=State.FAILED)
    asked = request.POST.get("message", "")
    if asked:
        found = (
            found.filter(pk=int(asked)) if asked.isdecimal() and len(asked) < 18 else found.none()
        )
    failed = list(found.values_list("pk", flat=True)[: actions.MOST])
    retried = actions.retry_messages(messages=failed, by=request.user, now=clock.now())
    if retried:
        messages.success(
            request,
            gettext("%(n)s tin sẽ được gửi lại trong ít phút.") % {"n": number(retried)},
        )
    else:
        messages.warning(request, gettext("Không còn tin nào gửi lỗi; danh sách đã thay đổi."))
    return redirect("outbox")
