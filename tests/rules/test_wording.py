"""Words as written beside words as corrected."""

from hypothesis import given
from hypothesis import strategies as st

from khung.rules.wording import Run, compare, mark


def test_only_the_corrected_word_differs() -> None:
    written, corrected = compare("phô biến, tổ chức", "phổ biến, tổ chức")
    assert written == (Run("phô", True), Run(" biến, tổ chức", False))
    assert corrected == (Run("phổ", True), Run(" biến, tổ chức", False))


def test_a_word_put_back_differs_on_one_side_only() -> None:
    written, corrected = compare("thường hoặc đột xuất", "thường xuyên hoặc đột xuất")
    assert not any(run.differs for run in written)
    assert [run.text.strip() for run in corrected if run.differs] == ["xuyên"]


def test_texts_without_a_word_in_common_differ_whole() -> None:
    written, corrected = compare("các cơ quan", "gồm UBND cấp xã")
    assert written == (Run("các cơ quan", True),)
    assert corrected == (Run("gồm UBND cấp xã", True),)


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_of_either_text_is_lost(written: str, corrected: str) -> None:
    first, second = compare(written, corrected)
    assert "".join(run.text for run in first) == written
    assert "".join(run.text for run in second) == corrected


def test_passages_are_marked_the_longest_first() -> None:
    runs = mark("Banh hành, banh hành văn bản", ["Banh", "Banh hành"])
    assert [run.text for run in runs if run.differs] == ["Banh hành"]
    assert "".join(run.text for run in runs) == "Banh hành, banh hành văn bản"


def test_without_passages_nothing_is_marked() -> None:
    assert mark("Công khai", [""]) == (Run("Công khai", False),)
    assert mark("", ["a"]) == ()
