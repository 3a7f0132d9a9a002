import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khung.rules.methods import EVIDENCE, EVIDENCE_LABELS, KINDS, method_kind
from tests.rules.phrases_methods import OTHER_PLANS, SEED

CASES = [
    (text, kind) for table in (SEED, OTHER_PLANS) for kind, texts in table.items() for text in texts
]


@pytest.mark.parametrize(("text", "kind"), CASES)
def test_method_has_the_kind_of_the_table(text: str, kind: str) -> None:
    assert method_kind(text) == kind
    assert method_kind(unicodedata.normalize("NFD", f"- {text};")) == kind


def test_the_first_decision_uses_each_kind_but_the_gazette_alone() -> None:
    assert set(KINDS) - set(SEED) == {"gazette"}


def test_every_kind_asks_for_labelled_evidence() -> None:
    assert list(EVIDENCE) == list(KINDS)
    asked = {code for codes in EVIDENCE.values() for code in codes}
    assert asked == set(EVIDENCE_LABELS)


def test_what_the_design_asks_of_three_kinds() -> None:
    assert set(EVIDENCE["posting"]) == {"photo", "place", "dates_up_down"}
    assert {"minutes", "numbers"} <= set(EVIDENCE["meeting"])
    assert "link" in EVIDENCE["web_post"]


@given(st.text(max_size=80))
def test_any_text_has_a_kind(text: str) -> None:
    assert method_kind(text) in KINDS
