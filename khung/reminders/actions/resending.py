"""What those who look after the machine do about messages that did not leave."""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from khung.base.audit import record
from khung.orgs.models import Person
from khung.orgs.queries import roles_of
from khung.reminders.addresses import addresses_of
from khung.reminders.models import OutboxMessage
from khung.rules.permissions import Permission, permissions_of

MOST = 1_000


@transaction.atomic
def retry_messages(*, messages: Collection[int], by: Person, now: dt.datetime) -> int:
    """Puts messages that were given up (ids, at most MOST) back on their way; returns how many.

    They go to the address their person has now. Raises PermissionDenied.
    """
    roles = roles_of(by, timezone.localdate(now)).values_list("role", flat=True)
    may = permissions_of(roles) if by.is_active else frozenset()
    if not {Permission.SET_REMINDERS, Permission.RUN_JOBS} & may:
        raise PermissionDenied(Permission.SET_REMINDERS)
    failed = list(
        OutboxMessage.objects.select_for_update()
        .filter(pk__in=messages, state=OutboxMessage.State.FAILED)
        .order_by("id")[:MOST]
    )
    addresses = addresses_of({message.person_id for message in failed})
    for message in failed:
        address = addresses.get(message.person_id)
        if address is not None and address.channel == message.channel:
            message.address = address.address
        message.state, message.attempts = OutboxMessage.State.WAITING, 0
        message.not_before = now
    OutboxMessage.objects.bulk_update(
        failed, ["address", "state", "attempts", "not_before"], batch_size=200
    )
    if failed:
        record(
            by=by,
            now=now,
            verb="messages.retried",
            subject="outbox",
            data={"messages": len(failed)},
        )
    return len(failed)
