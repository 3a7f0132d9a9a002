"""What followed a period's letters of urging, for the board: counted every hour, read as one row.

Counting reads every item of the letters and every report of what they list, so that no page does.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from khung.assignments.models import Period
from khung.base.locks import named_lock
from khung.reminders.letter_effects import effects
from khung.reminders.models import Letter, LetterFigures

LOCK = "letter_figures"
# The ten working days of a letter are long over by then; a report taken back later moves nothing.
STILL_MOVING = dt.timedelta(days=120)


def figures_of(period: Period) -> LetterFigures | None:
    """What followed the letters of a period as last counted; None before, or without letters."""
    return LetterFigures.objects.filter(period=period).first()


def moving_periods(today: dt.date) -> list[Period]:
    """The periods with letters whose figures may still change, and those never counted."""
    issued = Letter.objects.filter(period=OuterRef("pk")).exclude(number="")
    lately = issued.filter(issued_on__gte=today - STILL_MOVING)
    counted = LetterFigures.objects.filter(period=OuterRef("pk"))
    moving = Q(Exists(lately)) | (Q(Exists(issued)) & ~Q(Exists(counted)))
    return list(Period.objects.filter(moving).order_by("starts_on"))


def refresh(period: Period, *, now: dt.datetime) -> LetterFigures:
    """Counts what followed the letters issued for a period. May be repeated without harm."""
    with named_lock(LOCK), transaction.atomic():
        found = effects(Letter.objects.filter(period=period).exclude(number="")).values()
        figures, _ = LetterFigures.objects.update_or_create(
            period=period,
            defaults={
                "letters": len(found),
                "tasks": sum(one.tasks for one in found),
                "soon": sum(one.soon for one in found),
                "later": sum(one.later for one in found),
                "computed_at": now,
            },
        )
    return figures


def refresh_moving(*, now: dt.datetime) -> int:
    """Counts every period that may have changed; returns how many."""
    moving = moving_periods(timezone.localdate(now))
    for period in moving:
        refresh(period, now=now)
    return len(moving)
