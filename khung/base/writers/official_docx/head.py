"""What stands above the text: issuing body, national name and motto, number, date, subject."""

import datetime as dt

from docx.document import Document

from khung.base.writers.official_docx.blocks import Head
from khung.base.writers.official_docx.cells import two_columns
from khung.base.writers.official_docx.paper import text_width
from khung.base.writers.official_docx.runs import BODY, COUNTRY, ISSUER, SMALL, line, rule

_LEFT_MM, _RIGHT_MM = 68.0, 97.0
NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
# Room for the clerk's pen where number or date are still open.
ROOM = " " * 7
_COMMITTEE = "ỦY BAN NHÂN DÂN"


def draw(docx: Document, top: Head) -> None:
    """Draws the head; the empty paragraph a new document begins with is not used."""
    left, right = two_columns(docx, _LEFT_MM, _RIGHT_MM)
    if top.issuer_parent:
        line(left, _of_a_committee(top.issuer_parent), size=ISSUER)
    line(left, _of_a_committee(top.issuer), size=ISSUER, bold=True)
    rule(left, _LEFT_MM * 0.31)
    line(left, f"Số: {number(top.number_symbol)}", size=SMALL, before=4)
    if top.is_letter and top.about:
        line(left, f"V/v {top.about}", size=COUNTRY, before=2)
    line(right, NATION, size=COUNTRY, bold=True)
    line(right, MOTTO, size=SMALL, bold=True)
    rule(right, 18.5)
    line(right, f"{top.place}, {day_words(top.day)}", size=SMALL, italic=True, before=4)
    if top.kind_title:
        line(docx, top.kind_title.upper(), bold=True, before=18)
        line(docx, top.about, size=BODY, bold=True)
        rule(docx, text_width(docx) * 0.3)
    line(docx, "", size=6)


def _of_a_committee(name: str) -> str:
    """A body in capitals; a People's Committee breaks before its territory, never inside it."""
    return name.upper().replace(f"{_COMMITTEE} ", f"{_COMMITTEE}\n", 1)


def number(number_symbol: str) -> str:
    """The number as it stands after "Số:": below 10 with a zero, and room where it is open."""
    written, slash, symbol = number_symbol.partition("/")
    if written.strip().isdecimal():
        written = f"{int(written):02d}"
    return f"{written.strip() or ROOM}{slash}{symbol}"


def day_words(day: dt.date | None) -> str:
    """ "ngày 05 tháng 02 năm 2025": a zero before days below 10 and the months 1 and 2."""
    if day is None:
        return f"ngày{ROOM}tháng{ROOM}năm{ROOM}"
    month = f"{day.month:02d}" if day.month < 3 else f"{day.month}"
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
