"""Puts illustrative letters of urging behind the demonstration's lateness, and today's digests."""

import datetime as dt
from collections import Counter

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from khung.assignments.calendar import working_calendar
from khung.assignments.models import OPEN_STATES, Assignment, Period
from khung.base.audit import record
from khung.orgs.models import PEOPLE_COMMITTEE, RoleHeld
from khung.orgs.queries import demonstration_accounts, on
from khung.reminders import board_letters, digests, news
from khung.reminders.models import Digest, Letter, LetterItem, LetterRecipient, ReminderRule
from khung.reports.demonstration import in_nobodys_name
from khung.rules import reminding
from khung.rules.calendar import WorkingCalendar

# Units a letter goes to, working days from the deadline to it, and from it to the new date.
UNITS, AFTER, GIVEN = 8, 2, 5
BY = "system:demonstration"


@transaction.atomic
def load(*, now: dt.datetime) -> int:
    """Writes one issued letter for each period that has late work and passed; returns how many.

    Does nothing where letters are kept already.
    """
    if Letter.objects.exists():
        return 0
    today, calendar = timezone.localdate(now), working_calendar()
    held = RoleHeld.objects.filter(on(today), role="coordinator").order_by("id").first()
    if held is None:
        return 0
    made = 0
    for period in Period.objects.filter(opened_at__isnull=False).order_by("starts_on"):
        made += _write(period, held, calendar, today, number=made + 101)
    board_letters.refresh_moving(now=now)
    record(by=BY, now=now, verb="letters.illustrated", subject="letters", data={"letters": made})
    return made


@transaction.atomic
def load_digests(*, now: dt.datetime) -> int:
    """The proposed rules written down, and today's digest of each demonstration person.

    A digest tells all that stands, so that there is one to see whatever day it is; nothing is
    sent. Returns how many are new.
    """
    if not ReminderRule.objects.exists():
        ReminderRule.objects.bulk_create(
            ReminderRule(kind=rule.kind, working_days=rule.working_days)
            for rule in reminding.PROPOSED
        )
        record(by=BY, now=now, verb="reminder_rules.begun", subject="reminder_rules")
    today = timezone.localdate(now)
    told = Digest.objects.filter(day=today).values_list("person_id", flat=True)
    people = demonstration_accounts(today).exclude(person__in=list(told))
    ids = sorted(set(people.order_by().values_list("person_id", flat=True)))
    stands, up_to = digests.standing_now(ids, today), news.end_of_chain()
    made = Digest.objects.bulk_create(
        Digest(
            person_id=person_id,
            day=today,
            items=[line.as_item() for line in lines.values()],
            read_to=up_to,
            made_at=now,
        )
        for person_id, lines in stands.items()
        if lines
    )
    if made:
        data = {"digests": len(made), "day": today.isoformat()}
        record(by=BY, now=now, verb="digests.made", subject="digests", data=data)
    return len(made)


def _write(
    period: Period,
    held: RoleHeld,
    calendar: WorkingCalendar,
    today: dt.date,
    *,
    number: int,
) -> bool:
    """One letter to the communes with most work that had no report when it was issued."""
    late = Assignment.objects.filter(
        on(today, "unit__"),
        period=period,
        is_late=True,
        is_illustrative=True,
        unit__level="commune",
        unit__kind=PEOPLE_COMMITTEE,
    )
    first = late.aggregate(day=Min("due_on"))["day"]
    if first is None:
        return False
    issued_on = calendar.add(first, AFTER)
    if issued_on > today:
        return False
    at = timezone.make_aware(dt.datetime.combine(issued_on, dt.time(9)))
    owed = [
        one
        for one in late.order_by("id")
        if one.due_on < issued_on
        and (one.state in OPEN_STATES or (one.updated_at is not None and one.updated_at > at))
    ]
    most = [pk for pk, _ in Counter(one.unit_id for one in owed).most_common(UNITS)]
    if not most:
        return False
    nobody = in_nobodys_name(at)
    letter = Letter.objects.create(
        period=period,
        from_unit=held.unit,
        new_date=calendar.add(issued_on, GIVEN),
        made_by=nobody,
        made_at=at,
        number=f"{number}/MH",
        issued_on=issued_on,
        signer="(minh họa)",
        recorded_by=nobody,
        recorded_at=at,
        is_illustrative=True,
    )
    LetterRecipient.objects.bulk_create(LetterRecipient(letter=letter, unit_id=pk) for pk in most)
    LetterItem.objects.bulk_create(
        LetterItem(letter=letter, assignment=one, state="not_started", due_on=one.due_on)
        for one in owed
        if one.unit_id in most
    )
    return True
