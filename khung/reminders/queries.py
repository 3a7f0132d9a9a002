"""Reading reminders: one's own digests, what is unread, what was and was not sent."""

import datetime as dt

from django.db.models import Case, IntegerField, QuerySet, Value, When

from khung.orgs.acting import Acting
from khung.orgs.models import Person
from khung.reminders.models import Digest, OutboxMessage, Preference, ReminderRule
from khung.rules.permissions import Permission


def digests_of(person: Person) -> QuerySet[Digest]:
    """Somebody's own digests, the newest first; nobody reads another's."""
    return Digest.objects.filter(person=person).order_by("-day")


def unread(person: Person, day: dt.date) -> int:
    """How many digests of a day the person has not seen yet, 0 or 1; one query."""
    return Digest.objects.filter(person=person, day=day, read_at__isnull=True).count()


def preference_of(person: Person) -> Preference:
    """How somebody wants to be told; an unsaved one with version 0 where nothing was chosen."""
    found = Preference.objects.filter(person=person).first()
    return found or Preference(person=person, version=0)


def rules() -> QuerySet[ReminderRule]:
    """Every rule that was set, by its place around the due date."""
    order = Case(
        *(
            When(kind=kind, then=Value(place))
            for place, kind in enumerate(ReminderRule.Kind.values)
        ),
        output_field=IntegerField(),
    )
    return ReminderRule.objects.annotate(place=order).order_by("place", "working_days", "id")


def outbox_visible_to(acting: Acting) -> QuerySet[OutboxMessage]:
    """Messages, newest first, for those who look after reminders or the machine; else none."""
    may = {Permission.SET_REMINDERS, Permission.RUN_JOBS} & acting.permissions
    if not may:
        return OutboxMessage.objects.none()
    return OutboxMessage.objects.select_related("person", "digest").order_by("-id")


def sees_addresses(acting: Acting) -> bool:
    """Whether somebody may see where others are written to: whoever keeps the accounts."""
    return acting.may(Permission.MANAGE_PEOPLE)
