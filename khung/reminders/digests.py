"""The daily digest: everything one person should know, once a working day, at their hour."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from khung.assignments.calendar import working_calendar
from khung.base.audit import record
from khung.base.locks import named_lock
from khung.orgs.models import Person, RoleHeld
from khung.orgs.queries import on
from khung.reminders import audiences, news
from khung.reminders.addresses import Address, addresses_of
from khung.reminders.audiences import Audience
from khung.reminders.lines import KINDS, NAMED_AT_MOST, Line
from khung.reminders.models import Digest, OutboxMessage
from khung.reminders.rules_in_force import rules_in_force
from khung.reminders.standing import Standing, standing
from khung.rules.reminding import Day, day_of

# Whoever has chosen none.
USUAL_HOUR = 7
TEMPLATE = "digest"
LOCK = "digests"
_PORTION = 300
# The calendar around a day, and how long ago a missed day is still made up for.
_AROUND = dt.timedelta(days=150)
_MADE_UP = dt.timedelta(days=news.DAYS)


def reminding_day(today: dt.date, since: dt.date | None = None) -> Day:
    """What the rules in force say of a day, and of days after `since` that were missed."""
    calendar = working_calendar(today - _AROUND, today + _AROUND)
    return day_of(rules_in_force(), today, calendar, since)


def make_digests(*, hours: range, now: dt.datetime) -> int:
    """Makes today's digests of those who chose one of these hours; returns how many.

    Nobody gets a second one for a day, however often it runs. A digest is made when a rule speaks
    of something today or something happened since the last one; it then tells all that stands.
    """
    today = now.date()
    last_day = Digest.objects.filter(day__lt=today).aggregate(last=Max("day"))["last"]
    since = max(last_day, today - _MADE_UP) if last_day else None
    day = reminding_day(today, since)
    up_to, floor = news.end_of_chain(), news.oldest_worth_telling(now)
    happened = news.news(floor, up_to)
    made = 0
    for people in _portions(_due(hours, today)):
        worn = audiences.audience(people, today)
        told = Told(standing(worn.units, people, day), happened)
        read = _read_to(people, floor, today)
        found = [
            (person_id, lines)
            for person_id in people
            if (lines := told.to(worn, person_id, read[person_id]))
        ]
        made += _write(found, up_to=up_to, now=now)
    if made:
        with named_lock(LOCK):
            record(
                by="system:schedule",
                now=now,
                verb="digests.made",
                subject="digests",
                data={"digests": made, "day": today.isoformat()},
            )
    return made


def standing_now(people: Collection[int], today: dt.date) -> dict[int, dict[str, Line]]:
    """What of each kind stands open for these people now, whether or not a rule speaks of it."""
    worn = audiences.audience(people, today)
    told = Told(standing(worn.units, people, reminding_day(today)), news.News())
    return {
        person_id: {line.kind: line for line in told.all_lines(worn, person_id, 0)}
        for person_id in people
    }


@dataclass(frozen=True, slots=True)
class Told:
    """What stands and what happened, to be told to each person as it concerns them."""

    standing: Standing
    happened: news.News

    def to(self, worn: Audience, person_id: int, since: int) -> list[Line]:
        """A person's lines; none where nothing calls for a digest today."""
        if not any(self._calls(key, since) for key in worn.keys(person_id)):
            return []
        return self.all_lines(worn, person_id, since)

    def _calls(self, key: audiences.Key, since: int) -> bool:
        found = self.standing.get(key)
        if KINDS[key[0]].is_news:
            return self.happened.since(key, since) > 0
        return found is not None and (found.fires or self.happened.since(key, since) > 0)

    def all_lines(self, worn: Audience, person_id: int, since: int) -> list[Line]:
        """Every kind of which something stands, all that is of a kind in one line."""
        lines: dict[str, Line] = {}
        for key in worn.keys(person_id):
            kind = key[0]
            found = self.standing.get(key)
            before = lines.get(kind, Line(kind, 0))
            if KINDS[kind].is_news:
                line = Line(kind, before.n + self.happened.since(key, since))
            elif found is not None:
                names = (*before.names, *(str(name) for name in found.names))[:NAMED_AT_MOST]
                line = Line(kind, before.n + found.n, names, before.units + found.units)
            else:
                continue
            lines[kind] = line
        return [line for line in lines.values() if line.n]


def _due(hours: range, today: dt.date) -> QuerySet[Person]:
    """Those with a role today who want to be told in one of these hours and were not yet."""
    roles = RoleHeld.objects.filter(on(today), person=OuterRef("pk"))
    told = Digest.objects.filter(person=OuterRef("pk"), day=today)
    return (
        Person.objects.filter(Exists(roles), ~Exists(told), is_active=True)
        .annotate(hour=Coalesce("preference__hour", USUAL_HOUR))
        .filter(hour__gte=hours.start, hour__lt=hours.stop)
    )


def _portions(people: QuerySet[Person]) -> Iterator[list[int]]:
    """Their ids, some hundreds at a time."""
    ordered, last = people.order_by("pk").values_list("pk", flat=True), 0
    while ids := list(ordered.filter(pk__gt=last)[:_PORTION]):
        yield ids
        last = ids[-1]


def _read_to(people: Collection[int], floor: int, today: dt.date) -> dict[int, int]:
    """Up to where in the chain each of them was told already."""
    recent = Digest.objects.filter(person__in=people, day__gte=today - _MADE_UP)
    rows = recent.order_by().values_list("person_id").annotate(last=Max("read_to"))
    known = dict(rows)
    return {person_id: max(known.get(person_id, 0), floor) for person_id in people}


def _write(found: Sequence[tuple[int, list[Line]]], *, up_to: int, now: dt.datetime) -> int:
    """Writes the digests and the messages that carry them; one portion under the lock."""
    if not found:
        return 0
    today = now.date()
    addresses = addresses_of([person_id for person_id, _ in found])
    with named_lock(LOCK):
        there = set(
            Digest.objects.filter(
                day=today, person__in=[person_id for person_id, _ in found]
            ).values_list("person_id", flat=True)
        )
        made = Digest.objects.bulk_create(
            Digest(
                person_id=person_id,
                day=today,
                items=[line.as_item() for line in lines],
                read_to=up_to,
                made_at=now,
            )
            for person_id, lines in found
            if person_id not in there
        )
        OutboxMessage.objects.bulk_create(
            _message(digest, addresses[digest.person_id], now)
            for digest in made
            if digest.person_id in addresses
        )
    return len(made)


def _message(digest: Digest, address: Address, now: dt.datetime) -> OutboxMessage:
    return OutboxMessage(
        digest=digest,
        person_id=digest.person_id,
        channel=address.channel,
        address=address.address,
        template=TEMPLATE,
        not_before=now,
    )
