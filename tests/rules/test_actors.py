import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khung.rules import actors
from khung.rules.actor_scan import split_words
from khung.rules.actor_wordings import CONJUNCTIONS, OWN_LEVEL, WORDINGS
from khung.rules.actors import LEVELS, Actor, holds_villages, learn_definitions, parse_actors
from khung.rules.text import squeeze
from tests.rules.phrases_actors import (
    ADDRESSEES,
    DEFINITIONS,
    GUIDING,
    IMPLEMENTING,
    OTHER_PLANS,
    Expected,
)

TABLES = {**GUIDING, **IMPLEMENTING, **ADDRESSEES, **OTHER_PLANS}
FRAGMENTS = [
    "UBND",
    "UBND cấp huyện",
    "cấp xã",
    "các chi nhánh",
    "Văn phòng Đăng ký đất đai tỉnh",
    "Sở Y tế",
    "Các cơ quan, đơn vị, địa phương",
    "Chủ tịch",
    "và",
    "tỉnh",
    "(",
    "/",
    ";",
    ", ",
    "- ",
    "Phòng Giáo đục",
    "thôn",
    "Khánh Hòa",
    "2023",
]


def described(actor: Actor) -> str:
    """An actor the way the tables write it."""
    if actor.kind == "named":
        assert actor.name is not None
        return actor.name
    return f"{actor.kind}/{actor.level}" if actor.level else actor.kind


@pytest.mark.parametrize("phrase", TABLES)
def test_phrase_means_what_the_table_says(phrase: str) -> None:
    expected = TABLES[phrase]
    parsed = parse_actors(phrase, DEFINITIONS)
    assert Expected(tuple(map(described, parsed.actors)), parsed.doubts) == expected


@pytest.mark.parametrize("phrase", TABLES)
def test_spelling_of_marks_and_composition_changes_nothing(phrase: str) -> None:
    usual = parse_actors(phrase, DEFINITIONS)
    decomposed = parse_actors(unicodedata.normalize("NFD", phrase), DEFINITIONS)
    assert decomposed.actors == usual.actors
    spaced = parse_actors(f" - {phrase.replace(' ', '  ')};", DEFINITIONS)
    assert (spaced.actors, spaced.doubts) == (usual.actors, usual.doubts)


def test_new_style_tones_are_the_same_words() -> None:
    assert parse_actors("Uỷ ban nhân dân cấp xã").actors[0].kind == "people_committee"
    assert parse_actors("Uỷ ban nhân dân cấp xã").doubts == ()


def test_text_of_an_actor_is_the_part_as_written() -> None:
    phrase = "Sở Tài nguyên và Môi trường, Văn phòng Đăng ký đất đai tỉnh và các chi nhánh"
    assert [actor.text for actor in parse_actors(phrase).actors] == [
        "Sở Tài nguyên và Môi trường",
        "Văn phòng Đăng ký đất đai tỉnh",
        "Văn phòng Đăng ký đất đai các chi nhánh",
    ]
    police = parse_actors("Công an tỉnh, công an cấp huyện, cấp xã").actors
    assert [actor.text for actor in police] == [
        "Công an tỉnh",
        "công an cấp huyện",
        "Công an cấp xã",
    ]


def test_no_phrase_no_actor() -> None:
    for text in ("", "  ", " ; "):
        parsed = parse_actors(text)
        assert (parsed.text, parsed.actors, parsed.doubts) == (text, (), ())


def test_bare_definition_without_its_explanation_stays_one_actor() -> None:
    assert parse_actors("Văn phòng Đăng ký đất đai").actors == (
        Actor("Văn phòng Đăng ký đất đai", "land_registry", None, None),
    )


def test_definitions_are_learnt_from_the_text() -> None:
    learnt = learn_definitions(
        [
            "Giới thiệu lãnh đạo cấp huyện, cấp xã, thôn/tổ dân phố (gọi chung là thôn).",
            "- Trưởng thôn/Tổ trưởng Tổ dân phố (gọi chung là Trưởng thôn).",
            "Công khai thủ tục hành chính (gọi tắt là TTHC), thông tin tiếp nhận",
            "Sở Tài nguyên và Môi trường, Văn phòng Đăng ký đất đai tỉnh và các chi nhánh "
            "(gọi chung là Văn phòng Đăng ký đất đai)",
            "Gọi điện (gọi điện thoại) không phải là định nghĩa (nếu có)",
        ]
    )
    assert learnt == DEFINITIONS


def test_other_ways_to_define() -> None:
    learnt = learn_definitions(
        [
            "Giao Ban Chỉ đạo cải cách hành chính (sau đây gọi tắt là “Ban Chỉ đạo”) theo dõi",
            "Báo cáo của Bảo hiểm xã hội (viết tắt là BHXH)",
            "Nêu rõ; các cơ quan ngành dọc (sau đây gọi là Cơ quan phối hợp)",
        ]
    )
    assert learnt == {
        "Ban Chỉ đạo": "Ban Chỉ đạo cải cách hành chính",
        "BHXH": "Bảo hiểm xã hội",
        "Cơ quan phối hợp": "các cơ quan ngành dọc",
    }


def test_every_kind_and_doubt_is_labelled() -> None:
    assert set(WORDINGS) == set(actors.KINDS)
    assert set(OWN_LEVEL) <= set(actors.KINDS)
    assert set(OWN_LEVEL.values()) <= set(actors.LEVELS)
    for expected in TABLES.values():
        assert set(expected.doubts) <= set(actors.DOUBTS)


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(FRAGMENTS)).map(" ".join)))
def test_nothing_written_is_lost(text: str) -> None:
    parsed = parse_actors(text)
    assert parsed.text == text
    assert all(actor.kind in actors.KINDS for actor in parsed.actors)
    assert set(parsed.doubts) <= set(actors.DOUBTS)
    assert ("actor_unknown" in parsed.doubts) == any(a.kind == "unknown" for a in parsed.actors)
    covered = {word.plain for actor in parsed.actors for word in split_words(actor.text)}
    written = {word.plain for word in split_words(squeeze(text))}
    assert written - covered <= set(CONJUNCTIONS)


def test_villages_lie_below_the_lowest_level_of_government() -> None:
    assert [level for level in LEVELS if holds_villages(level)] == ["commune"]
    assert not holds_villages("")
