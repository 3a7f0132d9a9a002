"""What people do about their own reminders: see them, choose how they come."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from khung.base.audit import record
from khung.base.versions import StaleRecord, claim
from khung.orgs.models import Person
from khung.reminders.models import Digest, Preference


@transaction.atomic
def read_digest(*, digest: Digest, by: Person, now: dt.datetime) -> bool:
    """Notes that its person has seen a digest; False where it was noted before.

    Raises PermissionDenied for anybody else.
    """
    if digest.person_id != by.pk or not by.is_active:
        raise PermissionDenied("digest")
    if not Digest.objects.filter(pk=digest.pk, read_at__isnull=True).update(read_at=now):
        return False
    record(
        by=by,
        now=now,
        verb="digest.read",
        subject=f"digest:{digest.pk}",
        data={"day": digest.day.isoformat()},
    )
    return True


@transaction.atomic
def set_preference(
    *, channel: str, address: str, hour: int, version: int, by: Person, now: dt.datetime
) -> Preference:
    """Says how the person who acts wants to be told; `version` is 0 where nothing was chosen yet.

    The address is one of the channel, as `khung.reminders.addresses` has it. Raises StaleRecord
    where it was changed since, in another window. The trail keeps the channel, not the address.
    """
    if not by.is_active:
        raise PermissionDenied("preference")
    values = {"channel": channel, "address": address, "hour": hour}
    if version:
        found = Preference.objects.filter(person=by).first()
        if found is None:
            raise StaleRecord(Preference(person=by, version=0))
        current = claim(found, version)
        Preference.objects.filter(pk=current.pk).update(**values)
        current.refresh_from_db()
    else:
        current, made = Preference.objects.get_or_create(person=by, defaults=values)
        if not made:
            raise StaleRecord(current)
    record(
        by=by,
        now=now,
        verb="preference.set",
        subject=f"person:{by.pk}",
        data={"channel": current.get_channel_display(), "hour": hour},
    )
    return current
