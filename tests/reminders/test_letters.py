"""Letters of urging, from choosing late units to what followed: to whom, through whom, once."""

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from docx import Document

from khung.assignments.models import Assignment, CalendarDay
from khung.base.models import AuditEvent
from khung.base.versions import StaleRecord
from khung.orgs.models import Unit
from khung.reminders.actions import letters as actions
from khung.reminders.letter_effects import effects, effects_for_board
from khung.reminders.letters import checks, content, reading
from khung.reminders.letters.recipients import Selection, ended_late, late_units, plan
from khung.reminders.models import Letter
from khung.reports.models import Report
from khung.reports.uploads import prepared
from tests.assignments.scene import unit
from tests.cast import TODAY, Cast

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
NEW_DATE = dt.date(2025, 3, 10)


@pytest.fixture
def late(cast: Cast) -> Cast:
    cast.pass_deadline()
    return cast


def selection(cast: Cast, **said: Any) -> Selection:
    return Selection(cast.scene.period("2025-Q1"), **said)


def make(cast: Cast, *codes: str, **said: Any) -> actions.Made:
    wording: dict[str, Any] = {"signed_by": "coordinator", "new_date": NEW_DATE} | said
    return actions.make_letters(
        selection=wording.pop("selection", selection(cast)),
        units=[cast.scene.units[code].pk for code in codes],
        throughs=wording.pop("throughs", {}),
        wording=actions.Wording(**wording),
        from_unit=cast.scene.units["home"],
        by=cast["coordinator"],
        now=TODAY,
    )


def issue(cast: Cast, letter: Letter, number: str = "125/SNV-CCHC", **said: Any) -> Letter:
    given = {"issued_on": TODAY.date(), "by": cast["coordinator"], "version": letter.version}
    with prepared(BytesIO(PDF), "ky.pdf") as signed:
        return actions.record_letter(
            letter=letter,
            number=number,
            signer="Nguyễn Văn A",
            signed=signed,
            now=TODAY,
            **{**given, **said},
        )


def company(cast: Cast) -> Unit:
    made = unit(
        "telecom", "Viễn thông Thử", "province", parent=cast.scene.units["T"], kind="company"
    )
    like = cast.scene.assignment("health", 2)
    owed = Assignment.objects.get(pk=like.pk)
    owed.pk, owed.unit, owed.judge = None, made, cast.scene.units["office"]
    owed.guide, owed.path = cast.scene.units["health"], made.path
    owed.save()
    cast.scene.units["telecom"] = made
    return made


def test_late_units_are_those_with_unreported_work(late: Cast) -> None:
    day = TODAY.date()
    rows = {row["unit__name"]: row["n"] for row in late_units(selection(late), day)}
    communes = {f"Xã {side} {n}" for side in ("east", "west") for n in (1, 2)}
    assert communes <= set(rows)
    assert rows["Xã east 1"] == 3
    assert [row["unit__level"] for row in late_units(selection(late, level="district"), day)] == [
        "district",
        "district",
    ]
    assert not late_units(selection(late, at_least=99), day).exists()
    assert {row["n"] for row in late_units(selection(late, dimension=8), day)} == {1}


def test_a_village_and_an_ended_unit_get_no_letter(late: Cast) -> None:
    commune = late.scene.units["west1"]
    Unit.objects.filter(pk=commune.pk).update(valid_to=dt.date(2025, 2, 28))
    village = unit("v", "Thôn Thử", "village", parent=late.scene.units["east1"], kind="village")
    Assignment.objects.filter(unit=late.scene.units["east2"]).update(unit=village)
    found = {row["unit_id"] for row in late_units(selection(late), TODAY.date())}
    assert commune.pk not in found
    assert village.pk not in found
    assert ended_late(selection(late), TODAY.date()) == 1
    late.scene.units["v"] = village
    with pytest.raises(actions.NothingToUrge) as nothing:
        make(late, "west1", "v")
    assert {one.unit.code: one.why for one in nothing.value.dropped} == {
        "west1": "ended",
        "v": "village",
    }
    assert not Letter.objects.exists()


def test_a_commune_goes_through_its_district_while_there_is_one(late: Cast) -> None:
    said: dict[str, Any] = {"signed_by": "coordinator", "from_unit": late.scene.units["home"]}
    chosen = [late.scene.units["east1"].pk]
    before = plan(selection(late), chosen, day=dt.date(2025, 6, 30), **said)
    assert before.planned[0].through == late.scene.units["east"]
    Unit.objects.filter(code="east").update(valid_to=dt.date(2025, 6, 30))
    assert plan(selection(late), chosen, day=dt.date(2025, 6, 30), **said).planned[0].through
    after = plan(selection(late), chosen, day=dt.date(2025, 7, 1), **said)
    assert after.planned[0].through is None


def test_a_district_is_written_to_directly(late: Cast) -> None:
    made = make(late, "east")
    assert made.letters[0].recipients.get().through is None


def test_vertical_agencies_are_asked_through_their_own_body(late: Cast) -> None:
    above = unit("police", "Công an tỉnh", "province", parent=late.scene.units["T"], kind="police")
    below = unit(
        "police1", "Công an xã", "commune", parent=late.scene.units["east1"], kind="police"
    )
    Assignment.objects.filter(unit=late.scene.units["east2"]).update(unit=below)
    late.scene.units["police1"] = below
    letter = make(late, "police1", signed_by="committee").letters[0]
    assert letter.form == Letter.Form.REQUEST
    assert letter.recipients.get().through == above


def test_a_company_answers_through_the_department_that_guides_it(late: Cast) -> None:
    telecom = company(late)
    first = make(late, "telecom").letters[0]
    assert first.form == Letter.Form.REQUEST
    assert first.recipients.get().through == late.scene.units["health"]
    actions.withdraw_letter(
        letter=first, version=first.version, reason="Sai", by=late["coordinator"], now=TODAY
    )
    # What a person names is taken, and remembered.
    named = make(late, "telecom", throughs={telecom.pk: late.scene.units["office"].pk})
    assert named.letters[0].recipients.get().through == late.scene.units["office"]
    again = plan(
        selection(late),
        [telecom.pk],
        signed_by="committee",
        from_unit=late.scene.units["home"],
        day=TODAY.date(),
    )
    assert again.planned[0].through == late.scene.units["office"]


def test_one_letter_each_or_one_for_all(late: Cast) -> None:
    each = make(late, "east1", "east2", "west1")
    assert [letter.recipients.count() for letter in each.letters] == [1, 1, 1]
    assert {letter.items.count() for letter in each.letters} == {3}
    common = make(late, "east1", "east2", "health", one_each=False, signed_by="committee")
    # The Committee directs departments too, so that one letter does.
    assert [letter.recipients.count() for letter in common.letters] == [3]
    event = AuditEvent.objects.filter(verb="letters.made").latest("pk")
    assert event.data["letters"] == 1
    assert event.data["units"] == 3


def test_a_common_letter_is_parted_by_its_words(late: Cast) -> None:
    made = make(late, "east1", "health", one_each=False)
    forms = {letter.form: letter.recipients.get().unit.code for letter in made.letters}
    assert forms == {"urge": "east1", "request": "health"}


def test_who_reported_meanwhile_is_dropped(late: Cast) -> None:
    Assignment.objects.filter(unit__code="east1").update(state="submitted")
    made = make(late, "east1", "east2")
    assert [(one.unit.code, one.why) for one in made.dropped] == [("east1", "reported")]
    assert [letter.recipients.get().unit.code for letter in made.letters] == ["east2"]


def test_the_same_form_twice_makes_one_letter(late: Cast) -> None:
    make(late, "east1")
    with pytest.raises(actions.NothingToUrge) as nothing:
        make(late, "east1")
    assert nothing.value.dropped[0].why == "waiting"
    assert Letter.objects.count() == 1


def test_the_issuing_body_does_not_write_to_itself(late: Cast) -> None:
    late.scene.assignment("health", 2)
    Assignment.objects.filter(unit__code="health").update(
        unit=late.scene.units["home"], judge=late.scene.units["office"]
    )
    with pytest.raises(actions.NothingToUrge) as nothing:
        make(late, "home")
    assert nothing.value.dropped[0].why == "itself"
    # The Committee may urge it.
    assert make(late, "home", signed_by="committee").letters[0].form == Letter.Form.URGE


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (dt.date(2025, 2, 28), "đã qua"),
        (dt.date(2025, 3, 8), "ngày nghỉ; ngày làm việc kế tiếp là thứ Hai, 10/03/2025"),
        (dt.date(2025, 3, 11), "kế tiếp là thứ Tư, 12/03/2025"),
    ],
)
def test_the_new_date_is_a_working_day_to_come(late: Cast, day: dt.date, said: str) -> None:
    CalendarDay.objects.create(day="2025-03-11", is_working=False, note="Nghỉ", source="thử")
    with pytest.raises(checks.Refused, match=said):
        make(late, "east1", new_date=day)
    assert not Letter.objects.exists()


def test_only_the_coordinator_writes(late: Cast) -> None:
    for role in ("officer", "guide", "leader", "observer"):
        with pytest.raises(PermissionDenied):
            actions.make_letters(
                selection=selection(late),
                units=[late.scene.units["east1"].pk],
                throughs={},
                wording=actions.Wording("coordinator", NEW_DATE),
                from_unit=late.scene.units["home"],
                by=late[role],
                now=TODAY,
            )


def test_the_docx_leaves_number_and_date_to_the_clerk(late: Cast) -> None:
    letter = make(late, "east1", more="Đề nghị làm ngay.").letters[0]
    data = content.as_docx(content.texts(content.readable(Letter.objects.all()))[0])
    docx = Document(BytesIO(data))
    head = [cell.text for cell in docx.tables[0].rows[0].cells]
    assert "SỞ NỘI VỤ" in head[0]
    assert "Số:        /SNV-" in head[0]
    assert head[1].endswith("Thử, ngày       tháng       năm       \n") or "ngày       " in head[1]
    texts = [paragraph.text for paragraph in docx.paragraphs]
    assert "Kính gửi: Ủy ban nhân dân huyện east" in texts
    assert "Đề nghị làm ngay." in texts
    assert any("tính đến ngày 03/03/2025" in text for text in texts)
    listed = docx.tables[-1].rows
    assert len(listed) == 1 + letter.items.count()
    assert listed[1].cells[-1].text == "chưa báo cáo"


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
    board = effects_for_board(late.scene.period("2025-Q1"))
    assert (board.letters, board.tasks, board.soon, board.later) == (1, 6, 1, 2)


def test_drafts_have_no_effect(late: Cast) -> None:
    assert effects(make(late, "east1").letters) == {}


def test_many_letters_cost_no_more_queries(late: Cast, django_assert_num_queries: Any) -> None:
    codes = ("east1", "east2", "west1", "west2", "east", "west")
    with django_assert_num_queries(7):
        plan(
            selection(late),
            [late.scene.units[code].pk for code in codes],
            signed_by="coordinator",
            from_unit=late.scene.units["home"],
            day=TODAY.date(),
        )
    make(late, *codes)
    with django_assert_num_queries(8):
        assert len(content.texts(content.readable(Letter.objects.all()))) == 6
