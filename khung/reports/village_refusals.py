"""What became of no use is not kept: refused photographs and words go after a time."""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from khung.base.audit import record
from khung.reports.models import VillageSending
from khung.reports.unused import delete_unused
from khung.reports.villages import KEEP_REFUSED

AT_ONCE = 100


def clear_refused(*, now: dt.datetime) -> int:
    """Deletes what was refused long enough ago; returns how many sendings it emptied.

    When it was sent and what was answered stay, and a photograph a report stands on.
    """
    over = VillageSending.objects.filter(
        Q(evidence__isnull=False) | ~Q(text=""),
        is_taken_over=False,
        handled_at__lte=now - KEEP_REFUSED,
    )
    found = list(over.order_by("id").values_list("pk", flat=True).distinct()[:AT_ONCE])
    for pk in found:
        _clear(pk)
    if found:
        with transaction.atomic():
            record(
                by="system:tick",
                now=now,
                verb="villages.cleared",
                subject="villages",
                data={"sendings": len(found)},
            )
    return len(found)


@transaction.atomic
def _clear(pk: int) -> None:
    sending = VillageSending.objects.select_for_update().get(pk=pk)
    pieces = list(sending.evidence.select_related("file"))
    sending.evidence.clear()
    for piece in pieces:
        delete_unused(piece)
    sending.text = ""
    sending.save(update_fields=["text"])
