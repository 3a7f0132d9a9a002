"""Messages on their way out: checked once more, sent, tried again, given up."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, override

from khung.base import clock
from khung.base.wording import long_date
from khung.reminders.adapters import Adapter, NotSent, Outgoing, adapter_of
from khung.reminders.digests import standing_now
from khung.reminders.lines import DUE, KINDS, Line, lines, summary
from khung.reminders.models import Digest, OutboxMessage

State = OutboxMessage.State

ATTEMPTS = 5
PORTION = 100
# While one worker sends it, no other takes it; should that worker be killed, another may later.
_LEASE = dt.timedelta(minutes=15)
_FIRST_PAUSE = dt.timedelta(minutes=5)


def waiting(now: dt.datetime) -> bool:
    """Whether a message may leave now."""
    return OutboxMessage.objects.filter(state=State.WAITING, not_before__lte=now).exists()


def send_portion(*, now: dt.datetime, choose: Callable[[str], Adapter] = adapter_of) -> int:
    """Sends what may leave now, at most PORTION; returns how many were taken up, 0 when done.

    No transaction is open while a server is spoken to. A message leaves at least once: it may leave
    twice where the worker is killed between the server's answer and our note of it.
    """
    due = OutboxMessage.objects.filter(state=State.WAITING, not_before__lte=now)
    taken = [
        message
        for message in due.select_related("person", "digest").order_by("not_before", "id")[:PORTION]
        if _take(message, now)
    ]
    if not taken:
        return 0
    stand = standing_now({message.person_id for message in taken}, timezone.localdate(now))
    # Whoever the message is for reads Vietnamese, whatever the language of this process.
    with override("vi"):
        for message in taken:
            _send(message, stand.get(message.person_id, {}), choose)
    return len(taken)


def _take(message: OutboxMessage, now: dt.datetime) -> bool:
    """Claims a message for this worker; False where another was quicker."""
    free = OutboxMessage.objects.filter(
        pk=message.pk, state=State.WAITING, attempts=message.attempts
    )
    taken = free.update(attempts=F("attempts") + 1, not_before=now + _LEASE)
    message.attempts += 1
    return bool(taken)


def _send(message: OutboxMessage, stand: dict[str, Line], choose: Callable[[str], Adapter]) -> None:
    now = clock.now()
    digest = message.digest
    left = still_open(digest, stand) if digest is not None else []
    if not message.person.is_active or not left or digest is None:
        _note(message, state=State.DROPPED, error="")
        return
    said = worded(message, digest, left)
    message.parameters = dict(said.parameters)
    try:
        choose(message.channel)(said)
    except NotSent as refused:
        given_up = message.attempts >= ATTEMPTS
        _note(
            message,
            state=State.FAILED if given_up else State.WAITING,
            error=str(refused),
            not_before=now + _FIRST_PAUSE * 4 ** (message.attempts - 1),
        )
    else:
        _note(message, state=State.SENT, error="", sent_at=now)


def still_open(digest: Digest, stand: dict[str, Line]) -> list[Line]:
    """The lines of a digest as they stand now, without those that are done; news stay news.

    A message tried again the next day tells as overdue what was due the day before.
    """
    told = {line.kind: line for line in lines(digest.items)}
    kinds = told.keys() | (DUE if told.keys() & DUE else frozenset())
    found = (
        told[kind] if KINDS[kind].is_news else stand.get(kind) for kind in KINDS if kind in kinds
    )
    return [line for line in found if line is not None]


def worded(message: OutboxMessage, digest: Digest, left: list[Line]) -> Outgoing:
    """A message put into words: a subject and a text, and the few values a template takes."""
    link = f"{settings.SITE_URL}/nhac-viec/" if settings.SITE_URL else ""
    context = {
        "person": message.person,
        "day": digest.day,
        "lines": left,
        "site": settings.SITE_URL,
    }
    return Outgoing(
        number=message.pk,
        channel=message.channel,
        address=message.address,
        template=message.template,
        parameters={
            "name": message.person.full_name,
            "date": f"{digest.day:%d/%m/%Y}",
            "summary": summary(left),
            "link": link,
        },
        subject=gettext("Nhắc việc %(day)s – %(summary)s")
        % {"day": long_date(digest.day), "summary": summary(left)},
        text=render_to_string("reminders/digest.txt", context),
    )


def _note(message: OutboxMessage, *, state: str, error: str, **values: dt.datetime) -> None:
    message.state, message.error = state, error
    for name, value in values.items():
        setattr(message, name, value)
    message.save(update_fields=["state", "error", "parameters", *values])
