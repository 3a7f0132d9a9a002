"""Slips found by the document's own usage, and words that are rare but right."""

import pytest

from khung.rules.document.slips import correct, find_slips, learn, name_slip

USAGE = [
    "Ban hành kế hoạch", "Ban hành văn bản", "ban hành quy định", "Ban hành chương trình",
    "phổ biến pháp luật", "tuyên truyền, phổ biến", "phổ biến quy định", "phổ biến rộng rãi",
    "đảm bảo an toàn", "đảm bảo đúng", "Đảm bảo đủ", "xử lý hành vi", "hành vi sai", "vi phạm luật",
    "vi phạm hành chính", "giải quyết TTHC", "giải quyết TTHC", "giải quyết TTHC",
    "các văn bản", "các văn bản", "các văn bản", "các bên", "các đơn vị", "các sở", "các xã",
    "các thôn", "các phường", "các huyện", "các phòng", "các ngành", "các cấp", "các mặt", "các kỳ",
    "hằng năm", "hằng năm", "hằng năm", "hằng năm",
]  # fmt: skip


def corrected(text: str) -> str:
    """A text read in a document that holds it too."""
    grown = learn([*USAGE, text], {"TTHC": "Thủ tục hành chính"})
    return correct(text, find_slips(text, grown))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Banh hành kế hoạch", "Ban hành kế hoạch"),
        ("để phô biến, tổ chức", "để phổ biến, tổ chức"),
        ("giải quyết TTTC về đất", "giải quyết TTHC về đất"),
        ("Bảo bảo an ninh", "Đảm bảo an ninh"),
        ("các công/trang thông tin điện tử", "các cổng/trang thông tin điện tử"),
        ("Công thông tin điện tử tỉnh", "Cổng thông tin điện tử tỉnh"),
        ("thực hiện thường hoặc đột xuất", "thực hiện thường xuyên hoặc đột xuất"),
        ("Công khai thủ tục hành chính TTHC mới", "Công khai TTHC mới"),
        ("tiếp nhận thư tố cáo", "tiếp nhận đơn thư tố cáo"),
    ],
)
def test_slips_are_proposed_with_the_capitals_of_the_source(text: str, expected: str) -> None:
    assert corrected(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "xử lý hành vi vi phạm",
        "các vấn đề mới",
        "hàng năm, hằng năm",
        "đơn thư khiếu nại",
        "cổng/trang thông tin điện tử, công báo",
        "công khai thủ tục hành chính (TTHC)",
        "bình thường hoặc bất thường",
        "xây dựng công trình",
        "người dân hài lòng",
        "",
    ],
)
def test_words_that_are_rare_or_double_but_right_are_left_alone(text: str) -> None:
    assert corrected(text) == text


def test_a_slip_says_where_and_beside_what_it_stands() -> None:
    (slip,) = find_slips("Nhằm phô biến quy định", learn([*USAGE, "phô biến"], {}))
    assert (slip.start, slip.end, slip.raw, slip.proposal) == (5, 8, "phô", "phổ")
    assert slip.context == "Nhằm phô biến quy"


def test_a_rare_middle_name_of_a_signer_is_doubted() -> None:
    assert name_slip("Nguyễn Tân Tuân") == "Nguyễn Tấn Tuân"
    assert name_slip("Nguyễn Tấn Tuân") is None
    assert name_slip("Tân An") is None
