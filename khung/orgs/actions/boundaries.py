"""What changes the outlines of territories."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from khung.base import audit
from khung.orgs.acting import By, require
from khung.orgs.models import UnitBoundary
from khung.rules.permissions import Permission
from khung.rules.shapes import Ring


@transaction.atomic
def load_boundaries(
    *, rings: Mapping[int, Sequence[Ring]], source: str, by: By, now: dt.datetime
) -> int:
    """Sets the outlines of these units, by id, in place of earlier ones; returns how many.

    One audit event for all. Raises PermissionDenied.
    """
    require(by, Permission.EDIT_UNITS, timezone.localdate(now))
    UnitBoundary.objects.filter(unit_id__in=rings).delete()
    UnitBoundary.objects.bulk_create(
        UnitBoundary(unit_id=unit_id, rings=list(found), source=source[:255], loaded_at=now)
        for unit_id, found in rings.items()
    )
    if rings:
        audit.record(
            by=by,
            now=now,
            verb="units.bounded",
            subject="units",
            data={"units": len(rings), "source": source},
        )
    return len(rings)
