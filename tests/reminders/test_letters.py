"""Letters of urging, from choosing late units to their drafts: to whom, through whom, once."""

import datetime as dt
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from docx import Document

from khung.assignments.models import Assignment, CalendarDay
from khung.base.models import AuditEvent
from khung.orgs.models import Unit
from khung.reminders.actions import letters as actions
from khung.reminders.letters import checks, content
from khung.reminders.letters.recipients import ended_late, late_units, plan
from khung.reminders.models import Letter
from tests.assignments.scene import unit
from tests.cast import TODAY, Cast
from tests.reminders.urging import NEW_DATE, make, selection


@pytest.fixture
def late(cast: Cast) -> Cast:
    cast.pass_deadline()
    return cast


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
