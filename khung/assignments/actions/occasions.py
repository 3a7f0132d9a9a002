"""Occasions: opened in the units they touch, and closed."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from khung.assignments import expanding
from khung.assignments.actions.periods import make_period
from khung.assignments.models import Occasion, OccasionUnit
from khung.assignments.moving import exempt_many
from khung.base.audit import record
from khung.base.versions import claim
from khung.frameworks.models import Framework
from khung.orgs.acting import require
from khung.orgs.models import Person, Unit
from khung.rules.calendar import period_on
from khung.rules.permissions import Permission


@transaction.atomic
def open_occasion(
    *,
    framework: Framework,
    kind: str,
    title: str,
    starts_on: dt.date,
    ends_on: dt.date,
    units: Sequence[Unit],
    by: Person,
    now: dt.datetime,
    phases: Sequence[Mapping[str, str]] = (),
    is_illustrative: bool = False,
) -> tuple[Occasion, int]:
    """Opens an occasion in the units it touches; returns it and how many assignments it made."""
    require(by, Permission.OPEN_OCCASION, timezone.localdate(now))
    counts_in = make_period(code=period_on(ends_on, framework.cycle), by=by, now=now)
    occasion = Occasion.objects.create(
        kind=kind,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        phases=list(phases),
        counts_in=counts_in,
        opened_by=by,
        opened_at=now,
        is_illustrative=is_illustrative,
    )
    OccasionUnit.objects.bulk_create(OccasionUnit(occasion=occasion, unit=unit) for unit in units)
    due = {
        deadline.level: (ends_on, max(deadline.locks_on, ends_on))
        for deadline in counts_in.deadlines.all()
    }
    made = expanding.write_occasion(framework, occasion, [unit.path for unit in units], due)
    record(
        by=by,
        now=now,
        verb="occasion.opened",
        subject=f"occasion:{occasion.pk}",
        data={"kind": kind, "title": title, "units": len(units), "made": made},
    )
    return occasion, made


@transaction.atomic
def close_occasion(
    *, occasion: Occasion, version: int, by: Person, now: dt.datetime
) -> tuple[Occasion, int]:
    """Ends an occasion: what nobody began is closed as exempt; returns it and how many those were.

    Raises StaleRecord.
    """
    require(by, Permission.OPEN_OCCASION, timezone.localdate(now))
    current = claim(occasion, version)
    current.closed_at = now
    current.save(update_fields=["closed_at"])
    closed = exempt_many(
        current.assignments.filter(state="not_started"),
        reason=f"Kết thúc: {current.title}",
        by=by,
        now=now,
    )
    record(
        by=by,
        now=now,
        verb="occasion.closed",
        subject=f"occasion:{current.pk}",
        data={"title": current.title, "closed": closed},
    )
    return current, closed
