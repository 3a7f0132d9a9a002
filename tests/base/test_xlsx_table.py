"""Tables as files: what is seen is what the spreadsheet reads, and nothing runs in it."""

import datetime as dt
import zipfile
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from khung.base.writers.xlsx_table import (
    MOST_CHARACTERS,
    export_format,
    table_file,
    xlsx_bytes,
)

HEAD = ("Đơn vị", "Số nhiệm vụ", "Hạn")


def read(data: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()


def test_numbers_dates_and_vietnamese_come_back_as_they_were() -> None:
    at = dt.datetime(2025, 3, 3, 23, 30, tzinfo=timezone.get_default_timezone())
    rows = read(
        xlsx_bytes(
            ("Chữ", "Số", "Số lẻ", "Ngày", "Lúc", "Trống"),
            [("Xã Thủy Hòa", 1234567, Decimal("12.5"), dt.date(2025, 3, 19), at, None)],
        )
    )
    assert rows[0] == ["Chữ", "Số", "Số lẻ", "Ngày", "Lúc", "Trống"]
    assert rows[1][:4] == ["Xã Thủy Hòa", 1234567, 12.5, dt.date(2025, 3, 19)]
    assert rows[1][4] == dt.datetime(2025, 3, 3, 23, 30)  # noqa: DTZ001 - a sheet knows no zone


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "@x", "https://vidu.vn", "{=A1}", "0012"])
def test_text_stays_text(text: str) -> None:
    data = xlsx_bytes(HEAD, [(text, 1, "")])
    assert read(data)[1][0] == text
    with zipfile.ZipFile(BytesIO(data)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet


def test_what_xml_cannot_hold_and_what_is_too_long_breaks_nothing() -> None:
    rows = read(xlsx_bytes(HEAD, [("a\x07b <&> \n dòng", 1, "x" * 40_000)]))
    assert "<&>" in rows[1][0]
    assert len(rows[1][2]) == MOST_CHARACTERS


def test_the_head_stays_and_filters_over_every_row() -> None:
    data = xlsx_bytes(HEAD, ([f"Xã {n}", n, ""] for n in range(250)))
    assert len(read(data)) == 251
    with zipfile.ZipFile(BytesIO(data)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert '<autoFilter ref="A1:C251"/>' in sheet
    assert 'state="frozen"' in sheet


def test_an_empty_table_is_its_head() -> None:
    assert read(xlsx_bytes(HEAD, [])) == [list(HEAD)]


def test_the_format_is_chosen_in_the_address() -> None:
    assert export_format({"export": "xlsx"}) == "xlsx"
    assert export_format({"export": "exe"}) == export_format({}) == ""
    csv, xlsx = (table_file(it, "bang", HEAD, [("=1", 2, "")]) for it in ("csv", "xlsx"))
    assert csv.headers["Content-Disposition"] == 'attachment; filename="bang.csv"'
    assert xlsx.headers["Content-Disposition"] == 'attachment; filename="bang.xlsx"'
    assert "'=1" in csv.content.decode()
    assert read(xlsx.content)[1][:2] == ["=1", 2]
    with pytest.raises(ValueError, match="pdf"):
        table_file("pdf", "bang", HEAD, [])
