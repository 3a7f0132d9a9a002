"""Which dates a rule speaks of on a day: weekends, holidays, days nobody was reminded on."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khung.rules import phones, reminding
from khung.rules.calendar import WorkingCalendar
from khung.rules.reminding import AFTER, AT, BEFORE, JUDGING, SUPERIOR, Rule, Span

# Thursday 30/04 and Friday 01/05/2026 are off, Saturday 09/05 is worked.
CALENDAR = WorkingCalendar(
    {dt.date(2026, 4, 30): False, dt.date(2026, 5, 1): False, dt.date(2026, 5, 9): True}
)
DAYS = st.dates(dt.date(2026, 4, 1), dt.date(2026, 6, 30))


def day(text: str) -> dt.date:
    return dt.datetime.strptime(f"{text}/2026", "%d/%m/%Y").date()  # noqa: DTZ007


@pytest.mark.parametrize(
    ("rule", "today", "first", "last"),
    [
        # Over a holiday and a weekend: Monday is the first worked day after Wednesday.
        (Rule(BEFORE, 1), "29/04", "04/05", "04/05"),
        # On the last worked day before it, work due on a day off is due today.
        (Rule(AT), "29/04", "29/04", "03/05"),
        (Rule(AT), "08/05", "08/05", "08/05"),
        # What fell due on the days off is one worked day late on Monday.
        (Rule(AFTER, 1), "04/05", "29/04", "03/05"),
        (Rule(SUPERIOR, 5), "08/05", "29/04", "03/05"),
        (Rule(JUDGING, 1), "05/05", "04/05", "04/05"),
    ],
)
def test_a_rule_counts_worked_days(rule: Rule, today: str, first: str, last: str) -> None:
    assert reminding.spoken_of(rule, day(today), CALENDAR) == Span(day(first), day(last))


@given(today=DAYS, due=DAYS, n=st.integers(0, 12))
def test_each_due_date_is_spoken_of_on_its_one_day(today: dt.date, due: dt.date, n: int) -> None:
    """The spans agree with the count of days that pages show as what is left."""
    before = reminding.spoken_of(Rule(BEFORE, n) if n else Rule(AT), today, CALENDAR)
    after = reminding.spoken_of(Rule(AFTER, n or 1), today, CALENDAR)
    if not CALENDAR.is_working(today):
        assert before is None
        assert after is None
        return
    left = CALENDAR.left(today, due)
    assert before is not None
    assert (due in before) == (left == n and due >= today)
    assert after is not None
    assert (due in after) == (left == -(n or 1) and due < today)


def test_days_nobody_was_reminded_on_are_made_up_for() -> None:
    rules = [Rule(AFTER, 1)]
    alone = reminding.day_of(rules, day("07/05"), CALENDAR, since=day("06/05"))
    assert alone.speaks_of(AFTER, day("06/05"))
    assert not alone.speaks_of(AFTER, day("05/05"))
    after_a_stop = reminding.day_of(rules, day("07/05"), CALENDAR, since=day("05/05"))
    assert after_a_stop.speaks_of(AFTER, day("05/05"))
    assert not after_a_stop.speaks_of(AFTER, day("04/05"))


def test_how_far_the_rules_reach() -> None:
    found = reminding.day_of(reminding.PROPOSED, day("08/05"), CALENDAR)
    assert (found.soon_until, found.superior_until) == (day("14/05"), day("03/05"))
    nothing = reminding.day_of([], day("08/05"), CALENDAR)
    assert (nothing.soon_until, nothing.superior_until) == (None, None)
    assert not nothing.has(AT)
    assert not nothing.speaks_of(AT, day("08/05"))


def test_rules_that_cannot_be() -> None:
    assert reminding.wrong(Rule(AT, 1)) == "Nhắc đúng ngày hạn thì số ngày là 0."
    assert reminding.wrong(Rule(BEFORE, 0)) == reminding.wrong(Rule(AFTER, 61))
    assert [rule for rule in reminding.PROPOSED if reminding.wrong(rule)] == []
    assert set(reminding.SENTENCES) == {rule.kind for rule in reminding.PROPOSED}


@pytest.mark.parametrize("text", ["0905 123 456", "+84 905.123.456", "84905123456", "0905-123-456"])
def test_numbers_get_their_country_code(text: str) -> None:
    assert phones.with_country_code(text) == "84905123456"
    assert phones.as_written("84905123456") == "0905 123 456"


@pytest.mark.parametrize("text", ["", "02583 822 222", "0905 123 45", "+1 905 123 456", "an@x.vn"])
def test_what_is_no_mobile_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="10 chữ số"):
        phones.with_country_code(text)
