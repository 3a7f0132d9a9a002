"""What stands open on a day, by kind of line and by whom it concerns."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from khung.assignments.models import OPEN_STATES, Assignment
from khung.difficulties.models import Difficulty
from khung.frameworks.models import TaskItem, TaskVersion
from khung.reminders import lines
from khung.reminders.audiences import EVERYBODY, Key, of_person, of_unit
from khung.reminders.lines import NAMED_AT_MOST
from khung.reports.models import ExemptionProposal, Report, ReviewTurn, Share
from khung.rules import routing
from khung.rules.reminding import AFTER, AT, BEFORE, JUDGING, SUPERIOR, Day
from khung.rules.text import squeeze

_NAME_LENGTH = 90


@dataclass(slots=True)
class Found:
    """So many of a kind; `names` are task versions (numbers) until they are looked up."""

    n: int = 0
    fires: bool = False
    names: list[int | str] = field(default_factory=list)
    units: int = 0

    def add(self, name: int | str | None, fires: bool, n: int = 1) -> None:
        self.n += n
        self.fires = self.fires or fires
        if name is not None and len(self.names) < NAMED_AT_MOST:
            self.names.append(name)


Standing = dict[Key, Found]
_Row = tuple[str, str, int | str | None, bool, int]


def standing(units: Collection[int], people: Collection[int], day: Day) -> Standing:
    """What concerns these units and people, in ten queries whatever their number.

    `fires` tells whether a rule in force speaks of it today.
    """
    found: Standing = {}
    sources: tuple[Iterable[_Row], ...] = (
        _own(units, day),
        _given(people, day),
        _to_approve(units, day),
        _to_judge(units, people, day),
        _difficulties(units, day),
        _exemptions(),
    )
    for rows in sources:
        for kind, about, name, fires, n in rows:
            found.setdefault((kind, about), Found()).add(name, fires, n)
    found |= _below(units, day)
    _name(found)
    return found


def _open(today: dt.date) -> QuerySet[Assignment]:
    """Work that still waits for a report which its unit can still send."""
    there = Q(unit__valid_to__isnull=True) | Q(unit__valid_to__gte=today)
    return Assignment.objects.filter(there, state__in=OPEN_STATES, locks_on__gte=today)


def _own(units: Collection[int], day: Day) -> Iterator[_Row]:
    near = Q(due_on__lte=day.soon_until or day.today) | Q(state="returned")
    owed = (
        _open(day.today).filter(near, unit__in=units).order_by("due_on", "task_version__no", "id")
    )
    for unit_id, due_on, state, version in owed.values_list(
        "unit_id", "due_on", "state", "task_version_id"
    ):
        about = of_unit(unit_id)
        if state == "returned":
            yield lines.RETURNED, about, version, False, 1
        if due_on < day.today:
            if day.has(AFTER):
                yield lines.OVERDUE, about, version, day.speaks_of(AFTER, due_on), 1
        elif day.speaks_of(AT, due_on):
            yield lines.DUE_TODAY, about, version, True, 1
        elif day.soon_until and due_on <= day.soon_until:
            yield lines.DUE_SOON, about, version, day.speaks_of(BEFORE, due_on), 1


def _is_near(day: Day, due_on: dt.date) -> bool:
    return any(day.speaks_of(kind, due_on) for kind in (BEFORE, AT, AFTER))


def _given(people: Collection[int], day: Day) -> Iterator[_Row]:
    """Shares in which the colleague still has to write."""
    written = Report.objects.filter(
        assignment=OuterRef("assignment"), sent_at__isnull=True, is_ready=True
    )
    shares = Share.objects.filter(
        ~Exists(written), person__in=people, assignment__in=_open(day.today)
    )
    for person_id, due_on, version in shares.order_by("due_on", "id").values_list(
        "person_id", "due_on", "assignment__task_version_id"
    ):
        yield lines.GIVEN, of_person(person_id), version, _is_near(day, due_on), 1


def _to_approve(units: Collection[int], day: Day) -> Iterator[_Row]:
    waiting = Report.objects.filter(
        sent_at__isnull=True,
        is_ready=True,
        approved_at__isnull=True,
        assignment__in=_open(day.today).filter(unit__in=units),
    ).exclude(assignment__unit__reporting_habit__head_approves=False)
    for unit_id, due_on, version in waiting.order_by("assignment__due_on", "id").values_list(
        "assignment__unit_id", "assignment__due_on", "assignment__task_version_id"
    ):
        yield lines.APPROVAL, of_unit(unit_id), version, _is_near(day, due_on), 1


def _to_judge(units: Collection[int], people: Collection[int], day: Day) -> Iterator[_Row]:
    """Turns of a unit, or of their reviewer; those outside a sample wait unread."""
    mine = Q(unit__in=units) | Q(unit__isnull=True) | Q(reviewer__in=people)
    turns = (
        ReviewTurn.objects.filter(mine, closed_at__isnull=True, is_in_sample=True)
        .order_by()
        .values_list("unit_id", "reviewer_id", "due_on")
    )
    for unit_id, reviewer_id, due_on, n in turns.annotate(n=Count("id")):
        about = of_person(reviewer_id) if reviewer_id else of_unit(unit_id)
        yield lines.JUDGING, about, None, day.speaks_of(JUDGING, due_on), n


def _difficulties(units: Collection[int], day: Day) -> Iterator[_Row]:
    """Difficulties by the unit they wait for now; an answer waits for whoever raised it."""
    waiting = Difficulty.objects.filter(state__in=routing.OPEN_STATES, holder__in=units)
    for holder_id, state, text, due_on in waiting.order_by("due_on", "id").values_list(
        "holder_id", "state", "text", "due_on"
    ):
        answered = state == Difficulty.State.ANSWERED
        kind = lines.ANSWERED if answered else lines.DIFFICULTY
        yield kind, of_unit(holder_id), _short(text), _is_near(day, due_on), 1


def _exemptions() -> Iterator[_Row]:
    waiting = ExemptionProposal.objects.filter(answered_at__isnull=True)
    for version in waiting.order_by("id").values_list("assignment__task_version_id", flat=True):
        yield lines.EXEMPTION, EVERYBODY, version, False, 1


def _below(units: Collection[int], day: Day) -> Standing:
    """Overdue work of the units directly below, the ones with most of it by name."""
    if day.superior_until is None:
        return {}
    late = (
        _open(day.today)
        .filter(due_on__lte=day.superior_until, unit__parent__in=units)
        .order_by()
        .values_list("unit__parent_id", "unit__sort_key", "unit__name", "due_on")
        .annotate(n=Count("id"))
    )
    by_unit: dict[int, dict[tuple[str, str], int]] = {}
    fires: set[int] = set()
    for parent_id, place, name, due_on, n in late:
        owing = by_unit.setdefault(parent_id, {})
        owing[place, name] = owing.get((place, name), 0) + n
        if day.speaks_of(SUPERIOR, due_on):
            fires.add(parent_id)
    return {
        (lines.BELOW, of_unit(parent_id)): Found(
            n=sum(owing.values()),
            fires=parent_id in fires,
            names=_most_first(owing),
            units=len(owing),
        )
        for parent_id, owing in by_unit.items()
    }


def _most_first(owing: dict[tuple[str, str], int]) -> list[int | str]:
    """Units by how much each owes, then in the Vietnamese order of their names."""
    ordered = sorted(owing.items(), key=lambda one: (-one[1], one[0]))
    return [f"{name} ({n})" for (_, name), n in ordered[:NAMED_AT_MOST]]


def _name(found: Standing) -> None:
    """Puts the words of tasks in place of their ids: two queries for all of them."""
    ids = {name for one in found.values() for name in one.names if isinstance(name, int)}
    numbers = dict(TaskVersion.objects.filter(pk__in=ids).values_list("pk", "no"))
    content = TaskItem.objects.filter(task_version__in=ids, field=TaskItem.Field.CONTENT)
    words: dict[int, str] = {}
    for item in content.order_by("task_version_id", "position"):
        words.setdefault(item.task_version_id, item.words)
    for one in found.values():
        one.names = [
            _short(f"{numbers[name]}. {words.get(name, '')}") if isinstance(name, int) else name
            for name in one.names
        ]


def _short(text: str) -> str:
    said = squeeze(text)
    if len(said) <= _NAME_LENGTH:
        return said
    return said[:_NAME_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:-–") + "…"
