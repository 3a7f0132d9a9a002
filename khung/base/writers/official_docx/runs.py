"""Lines of an official document: their sizes, and how text comes into them."""

import re
from typing import Protocol

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from docx.text.paragraph import Paragraph

# Sizes in points, of those NĐ 30/2020/NĐ-CP allows for each part.
BODY = 14
SMALL = 13
COUNTRY = 12
ISSUER = 12
TABLE = 12
TOLD = 11
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Holder(Protocol):
    """What paragraphs are added to: a document or a cell."""

    def add_paragraph(self, text: str = ...) -> Paragraph: ...


def clean(text: str) -> str:
    """The text without the characters no XML can hold."""
    return _NOT_IN_XML.sub("", text)


def line(
    holder: Holder,
    text: str,
    *,
    size: float = BODY,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER,
    before: float = 0,
) -> Paragraph:
    """Adds a paragraph of one kind of type, centred unless told otherwise."""
    made = holder.add_paragraph()
    made.alignment = align
    made.paragraph_format.space_before = Pt(before)
    run = made.add_run(clean(text))
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return made


def rule(holder: Holder, aside_mm: float) -> None:
    """Adds a thin line across the holder, drawn in by so much on either side."""
    made = holder.add_paragraph()
    made.paragraph_format.left_indent = made.paragraph_format.right_indent = Pt(
        aside_mm * 72 / 25.4
    )
    made.paragraph_format.space_before = made.paragraph_format.line_spacing = Pt(3)
    properties = made._p.get_or_add_pPr()
    properties.insert_element_before(
        parse_xml(
            f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="6" w:space="1" '
            'w:color="000000"/></w:pBdr>'
        ),
        "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr",
    )  # fmt: skip
