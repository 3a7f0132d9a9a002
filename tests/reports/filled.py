"""Files as people hand them in: a spreadsheet that was downloaded, with cells filled in."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from khung.base.readers.xlsx import read_sheets


def workbook(rows: Sequence[Sequence[Any]], name: str = "Bảng") -> bytes:
    """An xlsx file of one sheet with these rows, each value as its kind."""
    made = BytesIO()
    options = {
        "strings_to_urls": False,
        "strings_to_formulas": False,
        "default_date_format": "dd/mm/yyyy",
    }
    with Workbook(made, options) as book:
        sheet = book.add_worksheet(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value != "":
                    sheet.write(row, column, value)
    return made.getvalue()


def rows_of(data: bytes) -> list[list[Any]]:
    """The cells of the first sheet."""
    return [list(row) for row in read_sheets(data)[0].rows]


def filled(data: bytes, said: Mapping[int, Mapping[str, Any]], *, keep: bool = True) -> bytes:
    """The file with cells filled: {number of the task: {head of the column: value}}.

    Without `keep`, only the rows named.
    """
    rows = rows_of(data)
    head = next(n for n, row in enumerate(rows) if "Mã dòng" in row)
    heads = rows[head]
    written = rows[: head + 1]
    for row in rows[head + 1 :]:
        new = said.get(int(row[heads.index("Số")]), {})
        for name, value in new.items():
            row[heads.index(name)] = value
        if keep or new:
            written.append(row)
    return workbook(written)
