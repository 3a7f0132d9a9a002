"""The calendar of working days, filled once and edited after."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from khung.assignments.models import CalendarDay
from khung.base.audit import record
from khung.base.versions import claim
from khung.orgs.acting import require
from khung.orgs.models import Person
from khung.rules.permissions import Permission


@transaction.atomic
def fill_calendar(*, days: Sequence[CalendarDay], by: Person | str, now: dt.datetime) -> int:
    """Adds days the calendar does not know yet; days already there are a person's and stay."""
    require(by, Permission.EDIT_CALENDAR, timezone.localdate(now))
    known = set(CalendarDay.objects.values_list("day", flat=True))
    new = [day for day in days if day.day not in known]
    CalendarDay.objects.bulk_create(new)
    record(by=by, now=now, verb="calendar.filled", subject="calendar", data={"days": len(new)})
    return len(new)


@transaction.atomic
def remove_calendar_day(*, day: dt.date, version: int, by: Person, now: dt.datetime) -> None:
    """Takes a day out of the calendar: it is what its weekday says again. Raises StaleRecord."""
    require(by, Permission.EDIT_CALENDAR, timezone.localdate(now))
    current = claim(CalendarDay(day=day), version)
    current.delete()
    record(
        by=by,
        now=now,
        verb="calendar.day_removed",
        subject=f"calendar:{day.isoformat()}",
        data={"day": f"{day:%d/%m/%Y}", "was_working": current.is_working, "note": current.note},
    )


@transaction.atomic
def set_calendar_day(
    *,
    day: dt.date,
    is_working: bool,
    note: str,
    version: int,
    by: Person,
    now: dt.datetime,
) -> CalendarDay:
    """Says whether a day is worked. `version` is 0 for a day not in the calendar yet.

    Raises StaleRecord where somebody changed the day since.
    """
    require(by, Permission.EDIT_CALENDAR, timezone.localdate(now))
    values: dict[str, Any] = {"is_working": is_working, "note": note, "source": by.full_name}
    if version:
        current = claim(CalendarDay(day=day), version)
        CalendarDay.objects.filter(day=day).update(**values)
        current.refresh_from_db()
    else:
        current, made = CalendarDay.objects.get_or_create(day=day, defaults=values)
        if not made:
            current = claim(current, version)
    record(
        by=by,
        now=now,
        verb="calendar.day_set",
        subject=f"calendar:{day.isoformat()}",
        data={"day": f"{day:%d/%m/%Y}", "is_working": is_working, "note": note},
    )
    return current
