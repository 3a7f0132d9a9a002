"""The layout of official documents, read back from the docx that was written."""

import datetime as dt
from io import BytesIO

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt

from khung.base.writers.official_docx import (
    Addressees,
    Annex,
    Block,
    Head,
    Paragraph,
    Recipients,
    Signature,
    Table,
    document,
)
from khung.base.writers.official_docx.head import day_words, number

LETTER = Head(
    "Ủy ban nhân dân tỉnh Thử",
    "Sở Nội vụ",
    "/SNV-",
    "Thử",
    None,
    "",
    "đôn đốc thực hiện nhiệm vụ",
    is_letter=True,
)
REPORT = Head(
    "Ủy ban nhân dân huyện Thử",
    "Ủy ban nhân dân xã Thử",
    "5/BC-UBND",
    "Xã Thử",
    dt.date(2025, 2, 3),
    "Báo cáo",
    "Kết quả Quý I",
    is_letter=False,
)


def opened(data: bytes) -> Docx:
    return Document(BytesIO(data))


def mm(length: Length | None) -> int:
    assert length is not None
    return int(length.mm + 0.5)


def cell_lines(docx: Docx, table: int, column: int) -> list[str]:
    cell = docx.tables[table].rows[0].cells[column]
    return [one.text for one in cell.paragraphs if one.text]


def test_the_head_of_a_letter_leaves_room_for_number_and_date() -> None:
    docx = opened(document(LETTER, []))
    assert cell_lines(docx, 0, 0) == [
        "ỦY BAN NHÂN DÂN\nTỈNH THỬ",
        "SỞ NỘI VỤ",
        "Số:        /SNV-",
        "V/v đôn đốc thực hiện nhiệm vụ",
    ]
    nation, motto, place = cell_lines(docx, 0, 1)
    assert (nation, motto) == ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
    assert place == "Thử, ngày       tháng       năm       "


def test_the_head_of_a_report_says_its_kind_and_zeros_lead() -> None:
    docx = opened(document(REPORT, []))
    assert "Số: 05/BC-UBND" in cell_lines(docx, 0, 0)
    assert cell_lines(docx, 0, 1)[-1] == "Xã Thử, ngày 03 tháng 02 năm 2025"
    title, about = [one for one in docx.paragraphs if one.text][:2]
    assert (title.text, about.text) == ("BÁO CÁO", "Kết quả Quý I")
    assert title.runs[0].bold
    assert about.runs[0].bold
    assert title.alignment == WD_ALIGN_PARAGRAPH.CENTER


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (dt.date(2025, 1, 9), "ngày 09 tháng 01 năm 2025"),
        (dt.date(2025, 3, 10), "ngày 10 tháng 3 năm 2025"),
        (dt.date(2025, 12, 31), "ngày 31 tháng 12 năm 2025"),
    ],
)
def test_days_are_written_as_the_decree_says(day: dt.date, said: str) -> None:
    assert day_words(day) == said


@pytest.mark.parametrize(
    ("given", "said"), [("7/BC-UBND", "07/BC-UBND"), ("112/SNV-CCHC", "112/SNV-CCHC")]
)
def test_numbers_below_ten_get_a_zero(given: str, said: str) -> None:
    assert number(given) == said


def test_paper_type_and_page_numbers() -> None:
    docx = opened(document(LETTER, [Paragraph("Một")]))
    section = docx.sections[0]
    assert (mm(section.page_width), mm(section.page_height)) == (210, 297)
    assert 20 <= mm(section.top_margin) <= 25
    assert 20 <= mm(section.bottom_margin) <= 25
    assert 30 <= mm(section.left_margin) <= 35
    assert 15 <= mm(section.right_margin) <= 20
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    normal = docx.styles["Normal"]
    assert normal.font.name == "Times New Roman"
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "Times New Roman"


def test_a_paragraph_is_justified_and_drawn_in() -> None:
    made = next(
        one for one in opened(document(LETTER, [Paragraph("Một")])).paragraphs if one.text == "Một"
    )
    assert made.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert made.paragraph_format.first_line_indent == Mm(12.7)
    assert made.paragraph_format.space_after == Pt(6)
    assert made.runs[0].font.size == Pt(14)


def test_one_addressee_stands_in_the_line_several_below() -> None:
    one = opened(document(LETTER, [Addressees(["Sở Y tế"])]))
    assert "Kính gửi: Sở Y tế" in [it.text for it in one.paragraphs]
    two = opened(document(LETTER, [Addressees(["Sở Y tế", "Công an tỉnh"])]))
    texts = [it.text for it in two.paragraphs if it.text]
    assert texts == ["Kính gửi:", "- Sở Y tế;", "- Công an tỉnh."]


def test_a_table_repeats_its_head_and_cuts_no_row() -> None:
    table = Table(("STT", "Nhiệm vụ"), [("1", "A <b>&\nB")], (10, 90))
    made = opened(document(LETTER, [table])).tables[1]
    head, row = made.rows
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None
    assert row._tr.trPr.find(qn("w:tblHeader")) is None
    assert row._tr.trPr.find(qn("w:cantSplit")) is not None
    assert row.cells[1].text == "A <b>&\nB"


def test_a_table_needs_a_text_in_every_column() -> None:
    with pytest.raises(ValueError, match="zip"):
        document(LETTER, [Table(("A", "B"), [("1",)], (1, 1))])


def test_a_landscape_annex_turns_the_paper_and_goes_on_counting() -> None:
    annex = Annex("Danh mục", landscape=True)
    table = Table(("A",), [("1",)], (1,), landscape=True)
    docx = opened(document(LETTER, [Paragraph("Một"), annex, table]))
    first, second = docx.sections
    assert first.orientation == WD_ORIENT.PORTRAIT
    assert second.orientation == WD_ORIENT.LANDSCAPE
    assert mm(second.page_width) == 297
    assert not second.different_first_page_header_footer
    assert second.header.is_linked_to_previous


def test_signature_and_recipients_stand_side_by_side() -> None:
    signed = Signature("TM. Ủy ban nhân dân\nKT. Chủ tịch", "Phó Chủ tịch", "Trần Thị B")
    told = Recipients(["Như trên", "Lưu: VT, "])
    orders: list[list[Block]] = [[signed, told], [told, signed]]
    for blocks in orders:
        docx = opened(document(REPORT, blocks))
        assert cell_lines(docx, 1, 0) == ["Nơi nhận:", "- Như trên;", "- Lưu: VT."]
        assert cell_lines(docx, 1, 1) == [
            "TM. ỦY BAN NHÂN DÂN",
            "KT. CHỦ TỊCH",
            "PHÓ CHỦ TỊCH",
            "Trần Thị B",
        ]


def test_the_same_input_gives_the_same_bytes_and_names_no_tool() -> None:
    blocks: list[Block] = [Paragraph("Một"), Signature("", "Giám đốc"), Recipients(["Lưu: VT"])]
    written = document(REPORT, blocks)
    assert written == document(REPORT, blocks)
    core = opened(written).core_properties
    assert core.author == "Ủy ban nhân dân xã Thử"
    assert core.comments == ""
    assert core.created == dt.datetime(2025, 2, 3, tzinfo=dt.UTC)


def test_characters_no_xml_holds_are_left_out() -> None:
    docx = opened(document(LETTER, [Paragraph("a\x00b\x0bc"), Table(("A",), [("x\x01y",)], (1,))]))
    assert "abc" in [one.text for one in docx.paragraphs]
    assert docx.tables[1].rows[1].cells[0].text == "xy"
