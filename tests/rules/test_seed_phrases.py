"""The tables of phrases hold all that the first Decision says, and nothing it does not."""

from pathlib import Path

import pytest

from khung.frameworks.readers.text import read_text
from khung.rules.actors import learn_definitions, parse_actors
from khung.rules.document import LIST_FIELDS, ReadDecision, read
from tests.rules import phrases_actors, phrases_methods, phrases_timing

SEED = Path(__file__).parents[2] / "demonstration" / "khanh-hoa" / "decision.txt"


@pytest.fixture(scope="module")
def decision() -> ReadDecision:
    return read(read_text(SEED.read_bytes(), SEED.name))


def phrases(decision: ReadDecision, field: str) -> set[str]:
    return {item.text for task in decision.tasks for item in task.items(field)}


@pytest.mark.parametrize(
    ("field", "table", "count"),
    [
        ("guiding", set(phrases_actors.GUIDING), 16),
        ("implementing", set(phrases_actors.IMPLEMENTING), 42),
        ("timing", set(phrases_timing.SEED), 20),
        ("methods", {text for texts in phrases_methods.SEED.values() for text in texts}, 99),
    ],
)
def test_no_phrase_of_the_decision_is_missing(
    decision: ReadDecision, field: str, table: set[str], count: int
) -> None:
    assert phrases(decision, field) == table
    assert len(table) == count


def test_definitions_of_the_decision(decision: ReadDecision) -> None:
    texts = [text for field in LIST_FIELDS for text in sorted(phrases(decision, field))]
    assert learn_definitions(texts) == phrases_actors.DEFINITIONS


def test_bodies_that_carry_the_decision_out(decision: ReadDecision) -> None:
    named = [actor for text in decision.head.addressees for actor in parse_actors(text).actors]
    assert [actor.name or actor.kind for actor in named] == [
        "Văn phòng UBND tỉnh",
        "specialised_agency",
        "Ban Quản lý Khu kinh tế Vân Phong",
        "social_insurance",
        "police",
        "Đài Phát thanh và Truyền hình Khánh Hòa",
        "Báo Khánh Hòa",
        "people_committee",
    ]
