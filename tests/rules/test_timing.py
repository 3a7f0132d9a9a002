import json
import unicodedata
from dataclasses import asdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khung.rules import timing
from khung.rules.text import squeeze
from khung.rules.timing import TimingPart, as_dict, parse_timing, proposed_wording
from tests.rules.phrases_timing import OTHER_PLANS, SEED, Expected

TABLES = {**SEED, **OTHER_PLANS}
FRAGMENTS = [
    "Thường xuyên",
    "thường",
    "Trước",
    "trong và sau",
    "kỳ bầu cử",
    "khi",
    "30/6",
    "2023",
    "Quý",
    "IV",
    "hằng năm",
    "6 tháng",
    "/lần",
    "02 lần",
    "mỗi",
    "và",
    "hoặc",
    ";",
    ", ",
    "- ",
    "đột xuất",
    "bố trí vốn",
]


def read(text: str) -> Expected:
    """A parsed phrase in the form of the tables."""
    parsed = parse_timing(text)
    return Expected(parsed.kind, tuple(as_dict(part) for part in parsed.parts), parsed.doubts)


@pytest.mark.parametrize("phrase", TABLES)
def test_phrase_means_what_the_table_says(phrase: str) -> None:
    assert read(phrase) == TABLES[phrase]


@pytest.mark.parametrize("phrase", TABLES)
def test_composition_and_blanks_change_nothing(phrase: str) -> None:
    assert read(unicodedata.normalize("NFD", phrase)) == TABLES[phrase]
    assert read(f"\n- {phrase.replace(' ', '  ')};") == TABLES[phrase]


def test_two_spellings_of_each() -> None:
    for left, right in (("Hàng tháng", "Hằng tháng"), ("Tháng 9 hàng năm", "Tháng 9 hằng năm")):
        [one], [other] = parse_timing(left).parts, parse_timing(right).parts
        assert as_dict(one) | {"text": ""} == as_dict(other) | {"text": ""}


def test_nothing_written_is_a_doubt() -> None:
    for text in ("", " ; "):
        assert parse_timing(text) == timing.Timing(text, "unknown", (), ("timing_missing",))


def test_another_columns_text_is_not_read_as_timing() -> None:
    text = "Thường xuyên, " * 40 + "thường xuyên"
    assert parse_timing(text).doubts == ("timing_unknown",)


def test_lost_word_is_proposed_never_put_in() -> None:
    lost = "Thực hiện thường hoặc đột xuất"
    assert proposed_wording(lost) == "Thực hiện thường xuyên hoặc đột xuất"
    assert parse_timing(lost).parts[0].text == "Thực hiện thường"
    assert proposed_wording("Thường xuyên") is None


def test_twenty_ninth_of_february() -> None:
    assert parse_timing("Trước 29/2/2024").doubts == ()
    assert parse_timing("Trước 29/2/2023").doubts == ("timing_date_invalid",)
    assert parse_timing("Trước 29/2 hằng năm").doubts == ()


def test_everything_a_part_can_say_is_labelled() -> None:
    for phrase, expected in TABLES.items():
        assert set(expected.doubts) <= set(timing.DOUBTS)
        for part in parse_timing(phrase).parts:
            assert part.kind in timing.KINDS
            assert part.per is None or part.per in timing.CYCLES
            assert part.occasion is None or part.occasion in timing.OCCASIONS
            assert part.season is None or part.season in timing.SEASONS
            assert set(part.phases) <= set(timing.PHASES)
    assert set(timing.SEASON_LABELS) == set(timing.SEASONS)


def test_seed_has_a_wording_for_each_occasion() -> None:
    told = {part.occasion for phrase in SEED for part in parse_timing(phrase).parts}
    assert told - {None} == set(timing.OCCASIONS)


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(FRAGMENTS)).map(" ".join)))
def test_nothing_written_is_lost(text: str) -> None:
    parsed = parse_timing(text)
    assert parsed.text == text
    assert parsed.kind == (parsed.parts[0].kind if parsed.parts else "unknown")
    assert all(part.kind in timing.KINDS for part in parsed.parts)
    if parsed.kind == "unknown":
        assert parsed.doubts
    written = squeeze(text)
    places = [(0, 0)]
    for part in parsed.parts:
        start = written.index(part.text, places[-1][1])
        places.append((start, start + len(part.text)))
    for (_, end), (start, _) in pairwise([*places, (len(written), len(written))]):
        between = written[end:start].lower().strip(" ;,.-+•")
        assert between in {"", "và", "hoặc", "cũng như"} or not parsed.parts


@given(
    st.builds(
        TimingPart,
        text=st.text(max_size=10),
        kind=st.sampled_from(sorted(timing.KINDS)),
        count=st.none() | st.integers(1, 9),
        phases=st.lists(st.sampled_from(sorted(timing.PHASES))).map(tuple),
        due_month=st.none() | st.integers(1, 12),
        yearly=st.booleans(),
    )
)
def test_any_part_can_be_said_in_json(part: TimingPart) -> None:
    said = as_dict(part)
    assert json.loads(json.dumps(said)) == said
    values = {name: list(v) if name == "phases" else v for name, v in asdict(part).items()}
    assert said == {name: value for name, value in values.items() if value} | {"text": part.text}
