"""Letters once written: numbered by the clerk or withdrawn, read by units, and what followed."""

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from khung.base.versions import StaleRecord
from khung.reminders.actions import letters as actions
from khung.reminders.letter_effects import effects
from khung.reminders.letters import checks, content, reading
from khung.reminders.models import Letter
from khung.reports.models import Report
from tests.cast import TODAY, Cast
from tests.reminders.urging import PDF, issue, make


@pytest.fixture
def late(cast: Cast) -> Cast:
    cast.pass_deadline()
    return cast


def test_a_recorded_letter_keeps_its_number_and_never_changes(late: Cast) -> None:
    letter = make(late, "east1").letters[0]
    issued = issue(late, letter, " 125/SNV-CCHC ")
    assert (issued.number, issued.issued_on) == ("125/SNV-CCHC", TODAY.date())
    assert issued.signed_file is not None
    assert issued.signed_file.size == len(PDF)
    for again in (letter, issued):
        with pytest.raises(actions.LetterClosed):
            issue(late, again, "126/SNV")
        with pytest.raises(actions.LetterClosed):
            actions.withdraw_letter(
                letter=again,
                version=again.version,
                reason="Sai",
                by=late["coordinator"],
                now=TODAY,
            )
    data = content.as_docx(content.texts(content.readable(Letter.objects.all()))[0])
    head = [cell.text for cell in Document(BytesIO(data)).tables[0].rows[0].cells]
    assert "Số: 125/SNV-CCHC" in head[0]
    assert "ngày 03 tháng 3 năm 2025" in head[1]


def test_a_number_used_twice_is_asked_about(late: Cast) -> None:
    first, second = make(late, "east1", "east2").letters
    issue(late, first)
    with pytest.raises(actions.NumberTaken):
        issue(late, second, "125 / snv-cchc")
    assert issue(late, second, number_seen=True).number == "125/SNV-CCHC"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"number": "SNV"}, "number"),
        ({"issued_on": dt.date(2025, 3, 2)}, "issued_on"),
        ({"issued_on": dt.date(2025, 3, 4)}, "issued_on"),
    ],
)
def test_what_the_clerk_records_is_checked(late: Cast, said: dict[str, Any], field: str) -> None:
    letter = make(late, "east1").letters[0]
    with pytest.raises(checks.Refused) as refused:
        issue(late, letter, **{"number": "1/SNV", **said})
    assert refused.value.field == field
    letter.refresh_from_db()
    assert letter.number == ""


def test_a_draft_somebody_else_touched_is_stale(late: Cast) -> None:
    letter = make(late, "east1").letters[0]
    Letter.objects.update(version=5)
    with pytest.raises(StaleRecord):
        issue(late, letter)


def test_a_withdrawn_draft_keeps_its_reason_and_frees_its_units(late: Cast) -> None:
    letter = make(late, "east1").letters[0]
    said: dict[str, Any] = {"by": late["coordinator"], "now": TODAY}
    with pytest.raises(checks.Refused, match="lý do"):
        actions.withdraw_letter(letter=letter, version=letter.version, reason=" ", **said)
    gone = actions.withdraw_letter(letter=letter, version=letter.version, reason="Nhầm kỳ", **said)
    assert reading.state_of(gone) == reading.WITHDRAWN
    assert gone.withdrawn_reason == "Nhầm kỳ"
    assert len(make(late, "east1").letters) == 1


def test_a_unit_reads_what_was_issued_to_it_or_through_it(late: Cast) -> None:
    units = late.scene.units
    letter = make(late, "east1").letters[0]
    assert not reading.sent_to(units["east1"]).exists()
    issue(late, letter)
    assert reading.sent_to(units["east1"]).get() == letter
    assert reading.sent_to(units["east"]).get() == letter
    assert not reading.sent_to(units["west1"]).exists()


def report(assignment_id: int, number: int, day: dt.date, by: Any, **said: Any) -> None:
    at = TODAY.replace(year=day.year, month=day.month, day=day.day, hour=23, minute=30)
    Report.objects.create(
        assignment_id=assignment_id, number=number, edited_at=at, sent_at=at, sent_by=by, **said
    )


def test_what_followed_counts_working_days_from_the_day_after(
    late: Cast, django_assert_num_queries: Any
) -> None:
    letter = issue(late, make(late, "east1", "east2", one_each=False).letters[0])
    one, two, three, four, *_ = letter.items.values_list("assignment_id", flat=True)
    by = late["officer"]
    # Issued on Monday 3 March: the fifth worked day is the 10th, the tenth the 17th.
    report(one, 1, dt.date(2025, 3, 10), by)
    report(two, 1, dt.date(2025, 3, 11), by)
    report(three, 1, dt.date(2025, 3, 18), by)
    report(four, 1, dt.date(2025, 3, 4), by, withdrawn_at=TODAY)
    report(four, 2, dt.date(2025, 3, 1), by)
    with django_assert_num_queries(3):
        effect = effects([letter])[letter.pk]
    assert (effect.soon_on, effect.later_on) == (dt.date(2025, 3, 10), dt.date(2025, 3, 17))
    assert (effect.tasks, effect.soon, effect.later, effect.so_far) == (6, 1, 2, 3)
    assert not effect.is_over(dt.date(2025, 3, 17))
    assert effect.is_over(dt.date(2025, 3, 18))


def test_drafts_have_no_effect(late: Cast) -> None:
    assert effects(make(late, "east1").letters) == {}
