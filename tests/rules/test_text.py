import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khung.rules.text import fold, nfc, office_name, old_style_tones, squeeze, vietnamese_key


def test_squeeze_composes_and_leaves_single_spaces() -> None:
    decomposed = unicodedata.normalize("NFD", "  Khánh \t Hòa\n")
    assert squeeze(decomposed) == "Khánh Hòa"
    assert nfc(unicodedata.normalize("NFD", "Quyết định")) == "Quyết định"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ĐƯỜNG", "duong"),
        ("Ủy ban nhân dân", "uy ban nhan dan"),
        (unicodedata.normalize("NFD", "Hỏi - Đáp"), "hoi - dap"),
        ("Ðảm bảo", "dam bao"),
    ],
)
def test_fold_drops_marks_and_case(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("hoà", "hòa"),
        ("Khánh Hoà", "Khánh Hòa"),
        ("HOÀ", "HÒA"),
        ("thuỷ", "thủy"),
        ("sức khoẻ", "sức khỏe"),
        ("hoạ sĩ", "họa sĩ"),
        ("quý", "quý"),
        ("hoàn toàn", "hoàn toàn"),
        ("thuyết, nguyễn, xoài", "thuyết, nguyễn, xoài"),
    ],
)
def test_tone_marks_move_to_the_old_place(new: str, old: str) -> None:
    assert old_style_tones(new) == old
    assert old_style_tones(old) == old


def test_names_sort_by_the_vietnamese_alphabet_and_tones() -> None:
    names = ["Đào", "Diên", "Ân", "An", "Ăn", "Bàn", "Bạn", "Bán", "Bản", "Bãn", "Ban", "Ước", "Uy"]
    assert sorted(names, key=vietnamese_key) == [
        "An", "Ăn", "Ân", "Ban", "Bàn", "Bản", "Bãn", "Bán", "Bạn", "Diên", "Đào", "Uy", "Ước",
    ]  # fmt: skip


def test_letters_weigh_before_tones_and_blanks_before_letters() -> None:
    assert vietnamese_key("Bá a") < vietnamese_key("Ba b")
    assert vietnamese_key("Vạn Ninh") < vietnamese_key("Vạnh")


@given(st.text())
def test_folding_is_stable_and_a_key_tells_texts_apart(text: str) -> None:
    assert fold(nfc(text)) == fold(unicodedata.normalize("NFD", text))
    assert vietnamese_key(text)[2] == text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("ỦY BAN NHÂN DÂN TỈNH PHÚ YÊN", "Ủy ban nhân dân tỉnh Phú Yên"),
        ("HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ HÀ NỘI", "Hội đồng nhân dân thành phố Hà Nội"),
        ("SỞ NỘI VỤ", "Sở Nội vụ"),
        ("Văn phòng UBND tỉnh", "Văn phòng UBND tỉnh"),
    ],
)
def test_an_office_in_capitals_is_named_as_in_a_sentence(written: str, said: str) -> None:
    assert office_name(written) == said
