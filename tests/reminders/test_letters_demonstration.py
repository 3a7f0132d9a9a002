"""The demonstration's letters: issued, illustrative, with something that followed."""

import datetime as dt

from khung.assignments.models import Assignment
from khung.reminders import demonstration
from khung.reminders.letter_effects import effects
from khung.reminders.models import Letter
from tests.cast import TODAY, Cast

LATER = TODAY.replace(month=5)


def test_each_late_period_gets_one_letter_once(cast: Cast) -> None:
    cast.pass_deadline()
    Assignment.objects.update(is_illustrative=True)
    assert demonstration.load(now=LATER) == 1
    assert demonstration.load(now=LATER) == 0
    letter = Letter.objects.get()
    assert letter.is_illustrative
    # The communes' deadline is Wednesday 19 March; two worked days later.
    assert letter.issued_on == dt.date(2025, 3, 21)
    assert letter.new_date == dt.date(2025, 3, 28)
    assert {one.unit.level for one in letter.recipients.all()} == {"commune"}
    assert effects([letter])[letter.pk].tasks == letter.items.count() > 0


def test_real_work_gets_no_illustrative_letter(cast: Cast) -> None:
    cast.pass_deadline()
    assert demonstration.load(now=LATER) == 0
    assert not Letter.objects.exists()
