"""Text files: lines are numbered, tables are parted from heads, and what is no text is refused."""

import codecs
import unicodedata

import pytest

from khung.frameworks.readers.text import read_text
from khung.rules.document import UnreadableDocument

TEXT = "UBND TỈNH\tCỘNG HÒA\r\n\r\nQuyết định\r\nA\tB\tC\r\n\r\n1\t\t3\r\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        unicodedata.normalize("NFD", TEXT).encode(),
    ],
)
def test_the_table_begins_at_the_first_row_of_three_cells(data: bytes) -> None:
    source = read_text(data, "qd.txt")
    assert source.head == ((1, "UBND TỈNH\tCỘNG HÒA"), (2, ""), (3, "Quyết định"))
    assert [(row.line, row.cells) for row in source.rows] == [
        (4, ("A", "B", "C")),
        (6, ("1", "", "3")),
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "qd.txt rỗng"),
        (b" \n\t\n", "qd.txt rỗng"),
        (b"\x89PNG\r\n\x1a\n", "không phải văn bản UTF-8"),
        (b"PK\x03\x04\x00\x00", "không phải văn bản UTF-8"),
        ("Quyết định".encode("utf-16-le"), "không phải văn bản UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_by_name(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableDocument, match=message):
        read_text(data, "qd.txt")
