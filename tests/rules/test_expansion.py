"""From a task to the units that owe it, their guide and their judge."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khung.rules.actors import Actor, parse_actors
from khung.rules.expansion import (
    LEVELS,
    Duty,
    Meaning,
    TaskRule,
    UnitFact,
    UnitIndex,
    duties,
    implementers,
    settled_addressees,
)

OFFICE, HOME, HEALTH, JUSTICE = 10, 11, 12, 13
EAST, WEST = 20, 21
EAST_POLICE, WEST_POLICE = 30, 31
A, B, C = 40, 41, 42
VILLAGE = 50


def unit(
    pk: int, parent: str, level: str, kind: str, name: str, aliases: tuple[str, ...] = ()
) -> UnitFact:
    above = parent.strip("/").rpartition("/")[2]
    return UnitFact(
        pk, f"U{pk}", kind, level, name, aliases, int(above) if above else None, f"{parent}{pk}/"
    )


UNITS = (
    unit(1, "/", "province", "people_committee", "Tỉnh Thử"),
    unit(
        OFFICE,
        "/1/",
        "province",
        "specialised_agency",
        "Văn phòng Ủy ban nhân dân tỉnh",
        ("Văn phòng UBND tỉnh",),
    ),
    unit(HOME, "/1/", "province", "specialised_agency", "Sở Nội vụ"),
    unit(HEALTH, "/1/", "province", "specialised_agency", "Sở Y tế"),
    unit(JUSTICE, "/1/", "province", "specialised_agency", "Sở Tư pháp"),
    unit(EAST, "/1/", "district", "people_committee", "Huyện Đông"),
    unit(WEST, "/1/", "district", "people_committee", "Huyện Tây"),
    unit(EAST_POLICE, f"/1/{EAST}/", "district", "police", "Công an Huyện Đông"),
    unit(WEST_POLICE, f"/1/{WEST}/", "district", "police", "Công an Huyện Tây"),
    unit(A, f"/1/{EAST}/", "commune", "people_committee", "Xã An"),
    unit(B, f"/1/{EAST}/", "commune", "people_committee", "Xã Bình"),
    unit(C, f"/1/{WEST}/", "commune", "people_committee", "Xã Cát"),
    unit(VILLAGE, f"/1/{EAST}/{A}/", "village", "village", "Thôn Một"),
)
ADDRESSEES = tuple(
    actor
    for phrase in ("Sở Nội vụ", "Sở Y tế", "UBND cấp huyện")
    for actor in parse_actors(phrase).actors
)
INDEX = UnitIndex(UNITS, ADDRESSEES, coordinators=(f"U{HOME}",), coordinator_judges=(f"U{OFFICE}",))


def actors(text: str) -> tuple[Actor, ...]:
    return parse_actors(text).actors


def task(implementing: str = "", guiding: str = "", meanings: tuple[Meaning, ...] = ()) -> TaskRule:
    return TaskRule(
        1,
        tuple(parse_actors(text) for text in guiding.split("; ") if text),
        tuple(parse_actors(text) for text in implementing.split("; ") if text),
        (),
        meanings,
    )


def owing(rule: TaskRule, index: UnitIndex = INDEX) -> list[int]:
    return [one.unit.id for one in implementers(rule, index).units]


def duty_of(pk: int, rule: TaskRule, index: UnitIndex = INDEX) -> Duty:
    return next(duty for duty in duties(rule, index) if duty.unit.id == pk)


def parties(pk: int, rule: TaskRule, index: UnitIndex = INDEX) -> tuple[int | None, int | None]:
    """Ids of the guide and the judge of a unit's duty."""
    duty = duty_of(pk, rule, index)
    return (
        duty.guide.id if duty.guide else None,
        duty.judge.id if duty.judge else None,
    )


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("UBND cấp xã", [A, B, C]),
        ("UBND cấp huyện, cấp xã", [EAST, WEST, A, B, C]),
        ("UBND tỉnh", [1]),
        ("Sở Y tế", [HEALTH]),
        ("Văn phòng UBND tỉnh", [OFFICE]),
        ("Các cơ quan chuyên môn thuộc UBND tỉnh", [OFFICE, HOME, HEALTH, JUSTICE]),
        ("Các cơ quan, đơn vị, địa phương", [HOME, HEALTH, EAST, WEST]),
        ("Công an cấp huyện", [EAST_POLICE, WEST_POLICE]),
        ("Trưởng thôn, Tổ trưởng Tổ dân phố", [VILLAGE]),
    ],
)
def test_a_phrase_names_the_units_of_that_day(phrase: str, expected: list[int]) -> None:
    found = implementers(task(phrase), INDEX)
    assert [one.unit.id for one in found.units] == expected
    assert found.unresolved == ()


ALL = "Các cơ quan, đơn vị, địa phương"
RADIO = "Đài Phát thanh và Truyền hình Thử"


@pytest.mark.parametrize(
    ("means", "adds", "owe", "unmatched"),
    [
        (None, False, [HEALTH], (RADIO,)),
        (("Sở Tư pháp",), False, [HEALTH, JUSTICE], ()),
        (("Sở Lạ",), False, [HEALTH], ("Sở Lạ",)),
        (("Sở Tư pháp",), True, [HEALTH, JUSTICE], (RADIO,)),
        ((), False, [HEALTH], ()),
    ],
    ids=["no answer", "another body", "no body either", "added", "nobody, on purpose"],
)
def test_an_addressee_that_is_no_unit_is_told_until_it_is_answered(
    means: tuple[str, ...] | None, adds: bool, owe: list[int], unmatched: tuple[str, ...]
) -> None:
    written = (*actors("Sở Y tế"), *actors(RADIO))
    answers = [Meaning("guiding", "Sở Y tế", actors("Sở Tư pháp"))]  # answers another question
    if means is not None:
        meant = tuple(actor for words in means for actor in actors(words))
        answers.append(Meaning("implementing", RADIO.upper(), meant, adds))
    index = UnitIndex(UNITS, settled_addressees(written, answers))
    assert owing(task(ALL), index) == owe
    assert index.unmatched_addressees == unmatched
    assert implementers(task(ALL), index).unresolved == ()


def test_a_unit_named_twice_owes_the_task_once_under_the_first_words() -> None:
    found = implementers(task("Sở Y tế; Các cơ quan chuyên môn thuộc UBND tỉnh; Sở Y tế"), INDEX)
    assert [one.unit.id for one in found.units] == [HEALTH, OFFICE, HOME, JUSTICE]
    assert found.units[0].phrase == "Sở Y tế"


def test_counts_by_level_name_every_level() -> None:
    found = implementers(task("UBND cấp huyện, cấp xã; Sở Y tế"), INDEX)
    assert found.by_level() == {"province": 1, "district": 2, "commune": 3, "village": 0}


@pytest.mark.parametrize(
    ("phrase", "unresolved"),
    [
        ("Các doanh nghiệp viễn thông", ("Các doanh nghiệp viễn thông",)),
        ("Sở Ngoại vụ", ("Sở Ngoại vụ",)),
        ("Công an tỉnh, công an cấp huyện, cấp xã", ("Công an tỉnh", "Công an cấp xã")),
        ("Công ty Cổ phần Đô thị", ("Công ty Cổ phần Đô thị",)),
    ],
)
def test_what_names_nobody_is_said_and_holds_back_that_part_only(
    phrase: str, unresolved: tuple[str, ...]
) -> None:
    found = implementers(task(f"{phrase}; UBND cấp xã"), INDEX)
    assert found.unresolved == unresolved
    assert {A, B, C} <= {one.unit.id for one in found.units}


def test_villages_nobody_knows_are_unresolved() -> None:
    index = UnitIndex([one for one in UNITS if one.level != "village"])
    found = implementers(task("Trưởng thôn, Tổ trưởng Tổ dân phố; UBND cấp xã"), index)
    assert found.unresolved == ("Trưởng thôn, Tổ trưởng Tổ dân phố",)
    assert found.by_level()["village"] == 0


def test_without_districts_their_phrase_is_unresolved_and_communes_still_owe() -> None:
    index = UnitIndex([one for one in UNITS if one.level in ("province", "commune")])
    found = implementers(task("UBND cấp huyện, cấp xã"), index)
    assert [one.unit.id for one in found.units] == [A, B, C]
    assert found.unresolved == ("UBND cấp huyện",)


def meaning(phrase: str, means: str, role: str = "implementing", *, adds: bool = False) -> Meaning:
    return Meaning(role, phrase, actors(means) if means else (), adds)


@pytest.mark.parametrize(
    ("phrase", "answer", "expected", "unresolved"),
    [
        # In place of the whole phrase.
        ("Các doanh nghiệp viễn thông", meaning("các doanh nghiệp viễn thông", "Sở Tư pháp"),
         [JUSTICE], ()),
        # Added to what it means by itself.
        ("Các cơ quan, đơn vị, địa phương",
         meaning("Các cơ quan, đơn vị, địa phương", "UBND cấp xã", adds=True),
         [HOME, HEALTH, EAST, WEST, A, B, C], ()),
        # In place of one part only.
        ("Công an tỉnh, công an cấp huyện", meaning("Công an tỉnh", "Sở Tư pháp"),
         [JUSTICE, EAST_POLICE, WEST_POLICE], ()),
        # Nobody, on purpose: neither work nor a line in the worklist.
        ("Các doanh nghiệp viễn thông", meaning("Các doanh nghiệp viễn thông", ""), [], ()),
        ("Công an tỉnh, công an cấp huyện", meaning("Công an tỉnh", ""),
         [EAST_POLICE, WEST_POLICE], ()),
        # An answer to a question of another role changes nothing.
        ("Sở Ngoại vụ", meaning("Sở Ngoại vụ", "Sở Tư pháp", "guiding"), [], ("Sở Ngoại vụ",)),
        # An answer that itself names nobody of that day.
        ("Sở Ngoại vụ", meaning("Sở Ngoại vụ", "Sở Công Thương"), [], ("Sở Công Thương",)),
    ],
)  # fmt: skip
def test_a_persons_answer_replaces_adds_or_names_nobody(
    phrase: str, answer: Meaning, expected: list[int], unresolved: tuple[str, ...]
) -> None:
    found = implementers(task(phrase, meanings=(answer,)), INDEX)
    assert [one.unit.id for one in found.units] == expected
    assert found.unresolved == unresolved


def test_the_words_of_the_worklist_are_enough_to_answer_with() -> None:
    rule = task("Các doanh nghiệp viễn thông (gọi tắt là doanh nghiệp)")
    (words,) = implementers(rule, INDEX).unresolved
    assert words != rule.implementing[0].text
    settled = task(rule.implementing[0].text, meanings=(meaning(words, "Sở Tư pháp"),))
    assert owing(settled) == [JUSTICE]
    assert implementers(settled, INDEX).unresolved == ()


@pytest.mark.parametrize(("pk", "district"), [(A, EAST), (B, EAST), (C, WEST)])
def test_the_guide_of_a_commune_is_its_own_district(pk: int, district: int) -> None:
    assert parties(pk, task("UBND cấp xã", "UBND cấp huyện")) == (district, district)


@pytest.mark.parametrize(
    ("pk", "police"), [(A, EAST_POLICE), (C, WEST_POLICE), (EAST, EAST_POLICE)]
)
def test_a_body_of_the_units_own_district_is_nearest(pk: int, police: int) -> None:
    rule = task("UBND cấp huyện, cấp xã", "Công an cấp huyện")
    assert parties(pk, rule) == (police, police)


def test_a_body_of_another_district_is_nobodys_guide() -> None:
    index = UnitIndex([one for one in UNITS if one.id != EAST_POLICE])
    rule = task("UBND cấp xã", "Công an cấp huyện")
    assert parties(A, rule, index) == (None, None)
    assert parties(C, rule, index) == (WEST_POLICE, WEST_POLICE)


def test_many_provincial_bodies_are_not_guessed_among() -> None:
    rule = task("UBND cấp xã", "Các cơ quan chuyên môn thuộc UBND tỉnh")
    assert parties(A, rule) == (None, None)


def test_a_unit_that_guides_itself_is_judged_by_the_coordinator() -> None:
    assert parties(HEALTH, task("Sở Y tế", "Sở Y tế")) == (HEALTH, HOME)
    assert parties(EAST, task("UBND cấp huyện", "UBND cấp huyện")) == (EAST, HOME)


def test_the_coordinators_own_work_is_judged_by_the_office() -> None:
    assert parties(HOME, task("Sở Nội vụ", "Sở Nội vụ")) == (HOME, OFFICE)


def test_the_coordinator_is_judged_by_its_guide_where_that_is_another() -> None:
    assert parties(HOME, task("Sở Nội vụ", "Sở Tư pháp")) == (JUSTICE, JUSTICE)


def test_nobody_judges_where_neither_coordinator_nor_office_is_there() -> None:
    assert parties(HEALTH, task("Sở Y tế", "Sở Y tế"), UnitIndex(UNITS)) == (HEALTH, None)


def test_the_first_coordinator_of_that_day_judges() -> None:
    index = UnitIndex(UNITS, coordinators=("ended", f"U{JUSTICE}", f"U{HOME}"))
    assert parties(HEALTH, task("Sở Y tế", "Sở Y tế"), index) == (HEALTH, JUSTICE)


def test_two_guides_are_no_judge_until_a_person_says_which() -> None:
    rule = task("UBND cấp xã; Sở Y tế", "Sở Tư pháp; Sở Y tế")
    assert parties(A, rule) == (JUSTICE, None)


def test_the_settlement_says_which_guide_judges_whom() -> None:
    rule = task(
        "UBND cấp huyện, cấp xã; Sở Y tế",
        "Sở Tư pháp; Sở Y tế",
        (
            meaning("", "Sở Tư pháp", "judging"),
            meaning("UBND cấp xã", "Sở Y tế", "judging"),
        ),
    )
    assert parties(A, rule) == (HEALTH, HEALTH)
    assert parties(EAST, rule) == (JUSTICE, JUSTICE)
    assert parties(HEALTH, rule) == (JUSTICE, JUSTICE)


def test_a_settled_judge_that_is_the_unit_itself_gives_way() -> None:
    rule = task("Sở Y tế", "Sở Tư pháp; Sở Y tế", (meaning("", "Sở Y tế", "judging"),))
    assert parties(HEALTH, rule) == (HEALTH, HOME)


def test_a_settled_judge_that_is_not_there_is_not_replaced_in_silence() -> None:
    rule = task("UBND cấp xã", "Sở Y tế", (meaning("", "Sở Ngoại vụ", "judging"),))
    assert parties(A, rule) == (HEALTH, None)


@pytest.mark.parametrize("guiding", ["", "Sở Ngoại vụ", "Các doanh nghiệp viễn thông"])
def test_an_unresolved_guide_never_stops_an_assignment(guiding: str) -> None:
    rule = task("UBND cấp xã", guiding)
    assert [duty.unit.id for duty in duties(rule, INDEX)] == [A, B, C]
    assert parties(A, rule) == (None, None)


PHRASES = (
    "UBND cấp huyện, cấp xã", "UBND cấp huyện", "UBND cấp xã", "UBND tỉnh", "Sở Nội vụ", "Sở Y tế",
    "Sở Tư pháp", "Văn phòng UBND tỉnh", "Công an cấp huyện", "Trưởng thôn",
    "Các cơ quan, đơn vị, địa phương", "Các cơ quan chuyên môn thuộc UBND tỉnh",
    "Các doanh nghiệp viễn thông", "Sở Ngoại vụ",
)  # fmt: skip
phrases = st.lists(st.sampled_from(PHRASES), max_size=4)


@st.composite
def provinces(draw: st.DrawFn) -> tuple[UnitFact, ...]:
    """A province with some of its bodies, districts with police, communes with villages."""
    units = [UNITS[0], *draw(st.lists(st.sampled_from(UNITS[1:5]), unique=True))]
    pk = 100
    for district in range(draw(st.integers(0, 3))):
        above = unit(pk, "/1/", "district", "people_committee", f"Huyện {district}")
        units.append(above)
        if draw(st.booleans()):
            units.append(unit(pk + 1, above.path, "district", "police", f"Công an {district}"))
        for commune in range(draw(st.integers(0, 4))):
            pk += 10
            here = unit(pk, above.path, "commune", "people_committee", f"Xã {district}.{commune}")
            units.append(here)
            if draw(st.booleans()):
                units.append(unit(pk + 1, here.path, "village", "village", f"Thôn {pk}"))
        pk += 10
    return tuple(units)


@st.composite
def rules(draw: st.DrawFn) -> TaskRule:
    answers = tuple(
        meaning(draw(st.sampled_from(("", *PHRASES))), "; ".join(draw(phrases)), role, adds=adds)
        for role, adds in draw(
            st.lists(
                st.tuples(st.sampled_from(("guiding", "implementing", "judging")), st.booleans()),
                max_size=3,
            )
        )
    )
    return task("; ".join(draw(phrases)), "; ".join(draw(phrases)), answers)


@given(provinces(), rules())
def test_whatever_the_words_each_unit_owes_once_and_none_judges_itself(
    units: tuple[UnitFact, ...], rule: TaskRule
) -> None:
    index = UnitIndex(
        units, ADDRESSEES, coordinators=(f"U{HOME}",), coordinator_judges=(f"U{OFFICE}",)
    )
    found = implementers(rule, index)
    made = list(duties(rule, index))
    owing_ids = [one.unit.id for one in found.units]
    assert [duty.unit.id for duty in made] == owing_ids
    assert max(Counter(owing_ids).values(), default=1) == 1
    assert sum(found.by_level().values()) == len(owing_ids)
    assert set(found.by_level()) == set(LEVELS)
    assert all(duty.judge is None or duty.judge.id != duty.unit.id for duty in made)
    there = {one.id for one in units}
    parties_named = [*(duty.guide for duty in made), *(duty.judge for duty in made)]
    assert {party.id for party in parties_named if party} <= there
    for duty in made:
        district = next((one for one in units if one.id == duty.unit.parent_id), None)
        if duty.guide and duty.guide.level == "district" and duty.unit.level == "commune":
            assert district is not None
            assert duty.guide.path.startswith(district.path)
