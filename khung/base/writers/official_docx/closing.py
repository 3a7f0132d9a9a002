"""The end of an official document: who is told on the left, who signs on the right."""

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import _Cell

from khung.base.writers.official_docx.blocks import Recipients, Signature
from khung.base.writers.official_docx.cells import two_columns
from khung.base.writers.official_docx.paper import text_width
from khung.base.writers.official_docx.runs import COUNTRY, TOLD, line

# Empty lines for the signature and the seal.
_ROOM = 5


def draw(docx: Document, *blocks: object) -> None:
    """Draws the signature and the recipients, whichever of them there is."""
    line(docx, "", size=6)
    width = text_width(docx)
    left, right = two_columns(docx, width / 2, width / 2)
    told = next((block for block in blocks if isinstance(block, Recipients)), None)
    signed = next((block for block in blocks if isinstance(block, Signature)), None)
    _told(left, told)
    _signed(right, signed)


def _told(cell: _Cell, told: Recipients | None) -> None:
    if told is None:
        cell.add_paragraph()
        return
    left = WD_ALIGN_PARAGRAPH.LEFT
    line(cell, "Nơi nhận:", size=COUNTRY, bold=True, italic=True, align=left)
    last = len(told.lines) - 1
    for place, text in enumerate(told.lines):
        end = "." if place == last else ";"
        line(cell, f"- {text.rstrip(' ,;.')}{end}", size=TOLD, align=left)


def _signed(cell: _Cell, signed: Signature | None) -> None:
    if signed is None:
        cell.add_paragraph()
        return
    for text in (*signed.authority.split("\n"), *signed.title.split("\n")):
        if text:
            line(cell, text.upper(), bold=True)
    for _ in range(_ROOM):
        line(cell, "")
    line(cell, signed.name, bold=True)
