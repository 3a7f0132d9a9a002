"""Cells into items: what begins one, and what only looks like it."""

import pytest

from khung.rules.document.items import Cell, actor_entries, blocks, entries, inline_hyphens


def cell(*pieces: str) -> Cell:
    return Cell(tuple(enumerate(pieces, start=7)))


def texts(*pieces: str, joints: frozenset[str] = frozenset()) -> list[str]:
    return [entry.text for entry in entries(cell(*pieces), joints)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tăng cường kiểm tra.", ["Tăng cường kiểm tra"]),
        ("- Một; - Hai: gồm ba; - Bốn.", ["Một", "Hai: gồm ba", "Bốn"]),
        ("Kiểm tra. - Báo cáo (nếu có). - Họp", ["Kiểm tra", "Báo cáo (nếu có)", "Họp"]),
        ('<ul style="x"> - Một; - Hai. </ul>', ["Một", "Hai"]),
        ("<ul><li>Một;</li><li>Hai</li></ul>", ["Một", "Hai"]),
        ("<p>Đoạn một.</p><p>Đoạn hai.</p>", ["Đoạn một", "Đoạn hai"]),
        ("- Sở Lao động - Thương binh và Xã hội;", ["Sở Lao động - Thương binh và Xã hội"]),
        ("kinh tế - chính trị - xã hội", ["kinh tế - chính trị - xã hội"]),
        ("Chuyên mục Hỏi - Đáp trên Cổng", ["Chuyên mục Hỏi - Đáp trên Cổng"]),
        ("Ủy ban (UBND) - gọi tắt", ["Ủy ban (UBND) - gọi tắt"]),
        ("Một việc; hai việc. Ba việc", ["Một việc; hai việc. Ba việc"]),
        ("qua mạng xã hội (Zalo, Facebook,...).", ["qua mạng xã hội (Zalo, Facebook,...)"]),
        ("theo quy định .", ["theo quy định"]),
        ("và các việc khác...", ["và các việc khác..."]),
        ("• Một\n• Hai", ["Một", "Hai"]),
        (" ; . ", []),
    ],
)
def test_an_item_begins_only_at_a_mark_an_element_or_a_paragraph(
    text: str, expected: list[str]
) -> None:
    assert texts(text) == expected


def test_a_page_break_joins_the_broken_item_and_keeps_the_lines() -> None:
    found = entries(cell("- Công bố danh mục, công bố", "TTHC đúng quy định; - Xây dựng."))
    assert [(e.text, e.line) for e in found] == [
        ("Công bố danh mục, công bố TTHC đúng quy định", 7),
        ("Xây dựng", 8),
    ]


def test_a_name_cut_at_its_hyphen_is_known_from_the_rest_of_the_document() -> None:
    joints = inline_hyphens(["Sở Lao động - Thương binh và Xã hội", "kinh tế - chính trị - xã hội"])
    assert joints == {"động - Thương", "tế - chính", "trị - xã"}
    cut = ("Sở Lao động", "- Thương binh và Xã hội")
    assert texts(*cut, joints=joints) == ["Sở Lao động - Thương binh và Xã hội"]
    assert texts("phát triển kinh tế", "- xã hội") == ["phát triển kinh tế - xã hội"]
    unsure = entries(cell(*cut))
    assert [(e.text, e.unsure) for e in unsure] == [
        ("Sở Lao động", False),
        ("Thương binh và Xã hội", True),
    ]


def test_only_actors_are_parted_by_semicolons_and_not_inside_brackets() -> None:
    found = actor_entries(cell("- Thanh tra tỉnh; UBND cấp xã (phường; thị trấn); - Trưởng thôn."))
    assert [e.text for e in found] == [
        "Thanh tra tỉnh",
        "UBND cấp xã (phường; thị trấn)",
        "Trưởng thôn",
    ]
    assert texts("Họp (tổ chức cuộc họp; gửi văn bản)") == ["Họp (tổ chức cuộc họp; gửi văn bản)"]


def test_a_paragraph_above_a_list_is_a_block_of_its_own() -> None:
    found = blocks(cell("<p>Công khai danh mục.</p> <ul> - Lấy ý kiến; - Quản lý. </ul>"))
    assert [(b.listed, [e.text for e in b.entries]) for b in found] == [
        (False, ["Công khai danh mục"]),
        (True, ["Lấy ý kiến", "Quản lý"]),
    ]
