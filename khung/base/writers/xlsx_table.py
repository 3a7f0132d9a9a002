"""A table as an xlsx file, exactly as it is seen; and the choice between xlsx and csv.

Every list that can be exported answers `?export=xlsx` and `?export=csv` with `table_file`:

    if chosen := export_format(request.GET):
        return table_file(chosen, f"viec-{unit.code}", columns, rows)
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice

from django.http import HttpResponse
from django.utils.timezone import is_aware, localtime
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from khung.base.writers.csv_table import csv_file

FORMATS = ("xlsx", "csv")
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Excel's own limits (support.microsoft.com, "Excel specifications and limits").
MOST_CHARACTERS = 32_767
MOST_ROWS = 1_048_575
# Column widths in characters; texts longer than that wrap.
_NARROWEST, _WIDEST = 8, 60
# The rows whose texts decide the widths: they are kept back until the widths are known.
_MEASURED = 100


def export_format(asked: Mapping[str, str]) -> str:
    """The format asked for in an address ("xlsx" or "csv"), else ""."""
    wanted = asked.get("export", "")
    return wanted if wanted in FORMATS else ""


def table_file(
    format: str,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
) -> HttpResponse:
    """The table as a download, `name` without an ending. Raises ValueError for another format."""
    if format == "csv":
        return csv_file(f"{name}.csv", columns, rows)
    if format == "xlsx":
        return xlsx_file(f"{name}.xlsx", columns, rows)
    raise ValueError(f"no such table format: {format}")


def xlsx_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The table as a download named `name`, with the same arguments as `csv_file`."""
    response = HttpResponse(xlsx_bytes(head, rows), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def xlsx_bytes(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """One sheet: a head that stays in sight and filters, numbers as numbers, dates as dates.

    Text stays text: nothing is taken for a formula or a link. Memory holds one row at a time.
    Raises ValueError for more rows than a sheet can hold.
    """
    made = BytesIO()
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with Workbook(made, {**options, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top"})
        waiting = iter(rows)
        measured = list(islice(waiting, _MEASURED))
        for column, width in enumerate(_widths(head, measured)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 1)
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, bold)
        written = 0
        for written, row in enumerate(chain(measured, waiting), 1):
            if written > MOST_ROWS:
                raise ValueError("more rows than a sheet can hold")
            _write(sheet, written, row, plain, day, moment)
        if head:
            sheet.autofilter(0, 0, written, len(head) - 1)
    return made.getvalue()


def _write(
    sheet: Worksheet, number: int, row: Sequence[object], plain: object, day: object, moment: object
) -> None:
    for column, value in enumerate(row):
        match value:
            case None | "":
                continue
            case bool():
                sheet.write_boolean(number, column, value, plain)
            case int() | float() | Decimal():
                sheet.write_number(number, column, value, plain)
            case dt.datetime():
                local = localtime(value).replace(tzinfo=None) if is_aware(value) else value
                sheet.write_datetime(number, column, local, moment)
            case dt.date():
                sheet.write_datetime(number, column, value, day)
            case _:
                sheet.write_string(number, column, str(value)[:MOST_CHARACTERS], plain)


def _widths(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[int]:
    """A width for each column: its longest line, but no wider than can be read."""
    widths = [len(title) + 3 for title in head]
    for row in rows:
        for column, value in enumerate(row[: len(widths)]):
            longest = max((len(line) for line in str(value).splitlines()), default=0)
            widths[column] = max(widths[column], longest + 1)
    return [min(max(width, _NARROWEST), _WIDEST) for width in widths]
