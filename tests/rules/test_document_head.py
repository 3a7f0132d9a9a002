"""The head of a Decision, also where it is laid out otherwise."""

from datetime import date

import pytest

from khung.rules.document.head import paragraphs, read_head
from khung.rules.document.tree import Doubt, Head

LINES = """\
ỦY BAN NHÂN DÂN TỈNH BẮC NAM
Số: 12/2023/QĐ-UBND
Bắc Nam, ngày 5 tháng 3 năm 2023
QUYẾT ĐỊNH
Ban hành Bộ khung nhiệm vụ
của tỉnh Bắc Nam

Điều 2. Chánh Văn phòng UBND tỉnh, Giám đốc Sở Nội vụ; Chủ tịch UBND cấp huyện, cấp xã;
thủ trưởng các cơ quan, đơn vị có liên quan chịu trách nhiệm thi hành Quyết định này./.

TM. ỦY BAN NHÂN DÂN
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
(Đã ký)
Trần Thị Bình
"""


def head(text: str = LINES) -> tuple[Head, list[Doubt]]:
    return read_head(paragraphs(list(enumerate(text.split("\n"), start=1))))


def test_a_head_laid_out_without_blank_lines() -> None:
    found, doubts = head()
    assert found == Head(
        number="12/2023/QĐ-UBND",
        issued_on=date(2023, 3, 5),
        issuer="ỦY BAN NHÂN DÂN TỈNH BẮC NAM",
        signer="Trần Thị Bình",
        title="Ban hành Bộ khung nhiệm vụ của tỉnh Bắc Nam",
        addressees=("Văn phòng UBND tỉnh", "Sở Nội vụ", "UBND cấp huyện, cấp xã"),
    )
    assert doubts == []


@pytest.mark.parametrize(
    ("annex", "codes"),
    [
        ("(Kèm theo Quyết định số 12/2023/QĐ-UBND ngày 05/3/2023)", set()),
        ("(Kèm theo Quyết định số 12/2023/QĐ-UBND ngày 06/3/2023)", {"dates_differ"}),
        ("(Kèm theo Quyết định số 12/2023/QĐ-UBND ngày 31/02/2023)", set()),
    ],
)
def test_the_annex_must_agree_with_the_date(annex: str, codes: set[str]) -> None:
    found, doubts = head(f"{LINES}\n{annex}")
    assert found.issued_on == date(2023, 3, 5)
    assert {doubt.code for doubt in doubts} == codes


def test_text_that_ran_into_its_neighbour_is_no_title_and_no_number() -> None:
    text = LINES.replace("của tỉnh Bắc Nam\n", "của tỉnh Bắc Nam\nCăn cứ Luật số 1;\n" * 20)
    found, doubts = head(text.replace("QĐ-UBND", "QĐ-UBND" + "-A" * 40))
    assert (found.title, found.number, found.signer) == ("", "", "Trần Thị Bình")
    assert [(doubt.code, doubt.field) for doubt in doubts] == [
        ("head_missing", "number"),
        ("head_missing", "title"),
    ]


def test_what_is_missing_is_doubted_field_by_field() -> None:
    found, doubts = head("Phụ lục")
    assert found == Head("", None, "", "", "", ())
    assert {(d.code, d.field) for d in doubts} == {
        ("head_missing", name) for name in ("number", "issued_on", "issuer", "signer", "title")
    }
