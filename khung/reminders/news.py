"""What happened since somebody was last told: the audit log, read as an outbox.

Events are read by their position in the chain, which they get only after their change is
committed: one read by time could be passed over while its transaction was still running.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Max, Min

from khung.assignments.models import Assignment
from khung.base.models import AuditEvent
from khung.difficulties.models import Difficulty
from khung.reminders import lines
from khung.reminders.audiences import EVERYBODY, Key, of_person, of_unit
from khung.reminders.models import LetterRecipient
from khung.reports.models import ReviewTurn, Share

# Older than this nothing is news, whoever was away.
DAYS = 14
_CHUNK = 500

# The kind of line each event begins, by what its subject or its data name.
_OF_ITS_UNIT = {
    "assignment.return": lines.RETURNED,
    "assignment.reopen": lines.RETURNED,
    "report.readied": lines.APPROVAL,
}
_OF_ITS_JUDGE = ("assignment.submit", "report.passed_on")
_OF_ITS_HOLDER = (
    *("difficulty.raised", "difficulty.answer", "difficulty.decide", "difficulty.send_on"),
    *("difficulty.carry_out", "difficulty.dispute"),
)
_OF_A_UNIT = {"lock_exception.granted": lines.ALLOWED}
_OF_EVERYBODY = {"exemption.proposed": lines.EXEMPTION}
_SHARED = "work.shared"
_LETTER = "letter.recorded"
VERBS = frozenset(
    {*_OF_ITS_UNIT, *_OF_ITS_JUDGE, *_OF_ITS_HOLDER, *_OF_A_UNIT, *_OF_EVERYBODY, _SHARED, _LETTER}
)

_Event = tuple[int, str, str, Mapping[str, Any]]


class News:
    """Where in the chain something happened, by the line it begins."""

    def __init__(self) -> None:
        self._positions: dict[Key, list[int]] = {}

    def add(self, key: Key, position: int) -> None:
        """Events come in their order."""
        self._positions.setdefault(key, []).append(position)

    def since(self, key: Key, position: int) -> int:
        """How often it happened after a position of the chain."""
        at = self._positions.get(key, [])
        return len(at) - bisect_right(at, position)


def end_of_chain() -> int:
    """The position up to which events can be read now; 0 before the first."""
    return AuditEvent.objects.aggregate(last=Max("position"))["last"] or 0


def oldest_worth_telling(now: dt.datetime) -> int:
    """The position before which nothing is news any more."""
    recent = AuditEvent.objects.filter(at__gte=now - dt.timedelta(days=DAYS))
    first = recent.aggregate(first=Min("position"))["first"]
    return end_of_chain() if first is None else first - 1


def news(after: int, up_to: int) -> News:
    """What happened between two positions of the chain."""
    sealed = AuditEvent.objects.filter(position__gt=after, position__lte=up_to, verb__in=VERBS)
    events: list[_Event] = [
        (position or 0, verb, subject, data)
        for position, verb, subject, data in sealed.order_by("position").values_list(
            "position", "verb", "subject", "data"
        )
    ]
    found = News()
    told: list[tuple[int, Key]] = []
    for read in (_units, _judges, _shares, _holders, _letters):
        told += read(events)
    for position, key in sorted(told):
        found.add(key, position)
    return found


def _of(events: Iterable[_Event], verbs: Collection[str]) -> list[tuple[int, str, int]]:
    """Position, verb and the number of the subject: "assignment:12" is 12."""
    return [
        (position, verb, int(subject.partition(":")[2]))
        for position, verb, subject, _ in events
        if verb in verbs and subject.partition(":")[2].isdecimal()
    ]


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    known = sorted(set(ids))
    return (known[start : start + _CHUNK] for start in range(0, len(known), _CHUNK))


def _units(events: list[_Event]) -> list[tuple[int, Key]]:
    of_work = _of(events, _OF_ITS_UNIT)
    units: dict[int, int] = {}
    for ids in _chunks(pk for _, _, pk in of_work):
        units |= dict(Assignment.objects.filter(pk__in=ids).values_list("pk", "unit_id"))
    told: list[tuple[int, Key]] = [
        (at, (_OF_ITS_UNIT[verb], of_unit(units[pk]))) for at, verb, pk in of_work if pk in units
    ]
    told += [(at, (_OF_A_UNIT[verb], of_unit(pk))) for at, verb, pk in _of(events, _OF_A_UNIT)]
    told += [(at, (_OF_EVERYBODY[verb], EVERYBODY)) for at, verb, _ in _of(events, _OF_EVERYBODY)]
    return told


def _judges(events: list[_Event]) -> list[tuple[int, Key]]:
    sent = _of(events, _OF_ITS_JUDGE)
    about: dict[int, str] = {}
    for ids in _chunks(pk for _, _, pk in sent):
        turns = ReviewTurn.objects.filter(assignment__in=ids, closed_at__isnull=True)
        for pk, unit_id, reviewer_id in turns.values_list("assignment", "unit_id", "reviewer_id"):
            about[pk] = of_person(reviewer_id) if reviewer_id else of_unit(unit_id)
    return [(at, (lines.JUDGING, about[pk])) for at, _, pk in sent if pk in about]


def _shares(events: list[_Event]) -> list[tuple[int, Key]]:
    given = [
        (at, pk)
        for at, verb, _, data in events
        if verb == _SHARED
        for pk in data.get("assignments", ())
    ]
    people: dict[int, int] = {}
    for ids in _chunks(pk for _, pk in given):
        shares = Share.objects.filter(assignment__in=ids)
        people |= dict(shares.values_list("assignment_id", "person_id"))
    return [(at, (lines.GIVEN, of_person(people[pk]))) for at, pk in given if pk in people]


def _holders(events: list[_Event]) -> list[tuple[int, Key]]:
    moved = _of(events, _OF_ITS_HOLDER)
    about: dict[int, Key] = {}
    for ids in _chunks(pk for _, _, pk in moved):
        rows = Difficulty.objects.filter(pk__in=ids).values_list("pk", "holder_id", "state")
        for pk, holder_id, state in rows:
            answered = state == Difficulty.State.ANSWERED
            kind = lines.ANSWERED if answered else lines.DIFFICULTY
            about[pk] = (kind, of_unit(holder_id))
    return [(at, about[pk]) for at, _, pk in moved if pk in about]


def _letters(events: list[_Event]) -> list[tuple[int, Key]]:
    issued = _of(events, (_LETTER,))
    sent_to: dict[int, list[int]] = {}
    for ids in _chunks(pk for _, _, pk in issued):
        recipients = LetterRecipient.objects.filter(letter__in=ids)
        for letter_id, unit_id in recipients.values_list("letter_id", "unit_id"):
            sent_to.setdefault(letter_id, []).append(unit_id)
    return [
        (at, (lines.LETTER, of_unit(unit_id)))
        for at, _, pk in issued
        for unit_id in sent_to.get(pk, ())
    ]
