"""When people are reminded of work: which dates a rule speaks of on a working day."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from khung.rules.calendar import WorkingCalendar

BEFORE, AT, AFTER, SUPERIOR, JUDGING = "before", "at", "after", "superior", "judging"
MOST_DAYS = 60

# What a rule does, in words; {n} is its number of working days.
SENTENCES: Mapping[str, str] = {
    BEFORE: "Nhắc đơn vị thực hiện khi còn {n} ngày làm việc đến hạn.",
    AT: "Nhắc đơn vị thực hiện đúng ngày hạn.",
    AFTER: "Nhắc đơn vị thực hiện khi đã quá hạn {n} ngày làm việc.",
    SUPERIOR: "Báo cấp trên trực tiếp khi đơn vị đã quá hạn {n} ngày làm việc.",
    JUDGING: "Nhắc cơ quan thẩm định khi đã quá hạn thẩm định {n} ngày làm việc.",
}
MESSAGES: Mapping[str, str] = {
    "at_has_no_days": "Nhắc đúng ngày hạn thì số ngày là 0.",
    "needs_days": "Số ngày làm việc của quy tắc này từ 1 đến 60.",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of reminder and its number of working days before or after the due date."""

    kind: str
    working_days: int = 0


# Proposed by this project; no norm sets them. In force until the coordinator sets others.
PROPOSED = (
    Rule(BEFORE, 5),
    Rule(BEFORE, 1),
    Rule(AT),
    Rule(AFTER, 1),
    Rule(AFTER, 5),
    Rule(SUPERIOR, 5),
    Rule(JUDGING, 1),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Due dates from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last


def wrong(rule: Rule) -> str | None:
    """Why there can be no such rule, in Vietnamese; None for a rule that can be."""
    if rule.kind == AT:
        return MESSAGES["at_has_no_days"] if rule.working_days else None
    if not 1 <= rule.working_days <= MOST_DAYS:
        return MESSAGES["needs_days"]
    return None


def spoken_of(rule: Rule, today: dt.date, calendar: WorkingCalendar) -> Span | None:
    """The due dates a rule speaks of today; None on a day that is not worked.

    A date that is not worked is spoken of before it on the last worked day: work due on a Saturday
    is due "today" on the Friday.
    """
    if not calendar.is_working(today):
        return None
    one = dt.timedelta(days=1)
    n = rule.working_days
    if rule.kind in (BEFORE, AT):
        first = calendar.add(today, n)
        return Span(first, calendar.on_or_after(first + one) - one)
    return Span(_back(today, n, calendar), _back(today, n - 1, calendar) - one)


def _back(day: dt.date, working_days: int, calendar: WorkingCalendar) -> dt.date:
    """The worked day that comes `working_days` before a worked `day`."""
    for _ in range(working_days):
        day -= dt.timedelta(days=1)
        while not calendar.is_working(day):
            day -= dt.timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class Day:
    """What the rules say of one day: the due dates each kind speaks of, and how far they reach."""

    today: dt.date
    spans: Mapping[str, tuple[Span, ...]]
    # Work due up to then is "soon"; None where no rule looks ahead.
    soon_until: dt.date | None
    # Work due up to then is told to the superior; None where no rule does.
    superior_until: dt.date | None

    def has(self, kind: str) -> bool:
        """Whether a rule of the kind is in force."""
        return kind in self.spans

    def speaks_of(self, kind: str, due_on: dt.date) -> bool:
        """Whether a rule of the kind applies today to work due then."""
        return any(due_on in span for span in self.spans.get(kind, ()))


def day_of(
    rules: Iterable[Rule], today: dt.date, calendar: WorkingCalendar, since: dt.date | None = None
) -> Day:
    """What the rules say of `today`, and of the worked days after `since` nobody was reminded on.

    The calendar knows the days around: 60 working days back and ahead.
    """
    known = list(rules)
    missed = (today - since).days if since else 1
    days = [today - dt.timedelta(days=back) for back in range(max(missed, 1))]
    spans: dict[str, tuple[Span, ...]] = {}
    for rule in known:
        found = (spoken_of(rule, day, calendar) for day in days)
        spans[rule.kind] = (*spans.get(rule.kind, ()), *(span for span in found if span))
    ahead = [rule.working_days for rule in known if rule.kind == BEFORE]
    upward = [rule.working_days for rule in known if rule.kind == SUPERIOR]
    worked = calendar.on_or_after(today)
    soon = spoken_of(Rule(BEFORE, max(ahead)), worked, calendar) if ahead else None
    told = spoken_of(Rule(SUPERIOR, min(upward)), worked, calendar) if upward else None
    return Day(today, spans, soon.last if soon else None, told.last if told else None)
