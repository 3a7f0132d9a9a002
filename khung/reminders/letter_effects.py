"""What happened after a letter: of the tasks it lists, how many were reported, and how soon."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from khung.assignments.calendar import working_calendar
from khung.reminders.models import Letter, LetterItem
from khung.reports.models import Report
from khung.rules.calendar import WorkingCalendar

SOON, LATER = 5, 10
# More days than ten worked ones ever take, long holidays included.
_SPAN = dt.timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Effect:
    """Of the tasks a letter lists, how many were reported within 5 and 10 working days after the
    day it was issued (counted from the next day), and until now. `later_on` is the tenth day."""

    tasks: int
    soon: int
    later: int
    so_far: int
    soon_on: dt.date
    later_on: dt.date

    def is_over(self, today: dt.date) -> bool:
        return today > self.later_on


def effects(letters: Iterable[Letter]) -> dict[int, Effect]:
    """What followed each issued letter, by its id; drafts are left out. Three queries in all.

    A report taken back does not count, and one sent before the letter was issued neither.
    """
    issued = {letter.pk: letter.issued_on for letter in letters if letter.issued_on}
    if not issued:
        return {}
    calendar = working_calendar(min(issued.values()), max(issued.values()) + _SPAN)
    listed: dict[int, list[int]] = {pk: [] for pk in issued}
    items = LetterItem.objects.filter(letter__in=issued)
    for letter_id, assignment_id in items.values_list("letter_id", "assignment_id"):
        listed[letter_id].append(assignment_id)
    sent: dict[int, list[dt.date]] = {}
    # Asked through the items, so that the question does not grow with what they list.
    reports = Report.objects.filter(
        assignment__letters__letter__in=issued, sent_at__isnull=False, withdrawn_at__isnull=True
    )
    for assignment_id, at in reports.order_by().distinct().values_list("assignment_id", "sent_at"):
        if at is not None:
            sent.setdefault(assignment_id, []).append(timezone.localdate(at))
    return {
        pk: _effect(day, calendar, [sent.get(one, []) for one in listed[pk]])
        for pk, day in issued.items()
    }


def _effect(day: dt.date, calendar: WorkingCalendar, sent: list[list[dt.date]]) -> Effect:
    soon_on, later_on = calendar.add(day, SOON), calendar.add(day, LATER)
    first = [min((one for one in days if one >= day), default=None) for days in sent]
    after = [one for one in first if one is not None]
    return Effect(
        tasks=len(sent),
        soon=sum(one <= soon_on for one in after),
        later=sum(one <= later_on for one in after),
        so_far=len(after),
        soon_on=soon_on,
        later_on=later_on,
    )
