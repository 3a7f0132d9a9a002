"""The document that allows progress by unit to be published."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.models import ProgressDisclosure
from khung.base.audit import record
from khung.frameworks.models import Framework
from khung.orgs.acting import require
from khung.orgs.models import Person
from khung.rules.permissions import Permission


class NotYetIssued(Exception):
    """The document bears a day still to come; the message is for the person who tried."""


@transaction.atomic
def record_disclosure(
    *,
    framework: Framework,
    document_number: str,
    issued_on: dt.date,
    note: str,
    by: Person,
    now: dt.datetime,
    is_illustrative: bool = False,
) -> ProgressDisclosure:
    """Records the document that allows progress by unit to be shown to the public.

    Raises NotYetIssued for a document of a later day: nothing is published before it is allowed.
    """
    today = timezone.localdate(now)
    require(by, Permission.RECORD_DISCLOSURE, today)
    if issued_on > today:
        raise NotYetIssued(gettext("Ngày ban hành không thể sau hôm nay."))
    disclosure = ProgressDisclosure.objects.create(
        framework=framework,
        document_number=document_number,
        issued_on=issued_on,
        note=note,
        recorded_by=by,
        recorded_at=now,
        is_illustrative=is_illustrative,
    )
    record(
        by=by,
        now=now,
        verb="disclosure.recorded",
        subject=f"framework:{framework.pk}",
        data={"document": document_number, "issued_on": issued_on.isoformat()},
    )
    return disclosure


@transaction.atomic
def withdraw_disclosure(
    *, disclosure: ProgressDisclosure, by: Person, now: dt.datetime
) -> ProgressDisclosure:
    """Ends the publication of progress by unit from now on."""
    require(by, Permission.RECORD_DISCLOSURE, timezone.localdate(now))
    disclosure.withdrawn_at = now
    disclosure.save(update_fields=["withdrawn_at"])
    record(
        by=by,
        now=now,
        verb="disclosure.withdrawn",
        subject=f"framework:{disclosure.framework_id}",
        data={"document": disclosure.document_number},
    )
    return disclosure
