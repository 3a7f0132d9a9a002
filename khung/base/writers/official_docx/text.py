"""The body of an official document: addressees, paragraphs, tables, annexes."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt

from khung.base.writers.official_docx.blocks import Addressees, Annex, Paragraph, Table
from khung.base.writers.official_docx.paper import text_width
from khung.base.writers.official_docx.runs import TABLE, clean, line, rule

_INDENT_MM = 12.7
_TWIPS_A_MM = 1440 / 25.4


def paragraph(docx: Document, block: Paragraph) -> None:
    """A paragraph: justified with its first line drawn in, or centred."""
    centre, justify = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
    made = line(
        docx,
        block.text,
        bold=block.bold,
        italic=block.italic,
        align=centre if block.centred else justify,
    )
    made.paragraph_format.space_after = Pt(6)
    made.paragraph_format.line_spacing = 1.1
    if not block.centred:
        made.paragraph_format.first_line_indent = Mm(_INDENT_MM)


def addressees(docx: Document, block: Addressees) -> None:
    """ "Kính gửi: …" in one line, or one below the other."""
    lines = list(block.lines)
    if len(lines) == 1:
        line(docx, f"Kính gửi: {lines[0]}", before=6).paragraph_format.space_after = Pt(10)
        return
    left = WD_ALIGN_PARAGRAPH.LEFT
    line(docx, "Kính gửi:", align=left, before=6).paragraph_format.left_indent = Mm(30)
    for place, text in enumerate(lines, 1):
        made = line(docx, f"- {text}{'.' if place == len(lines) else ';'}", align=left)
        made.paragraph_format.left_indent = Mm(52)
        made.paragraph_format.first_line_indent = Mm(-3)
    made.paragraph_format.space_after = Pt(10)


def annex(docx: Document, block: Annex) -> None:
    """The title of an annex, at the top of its page."""
    line(docx, block.label, bold=True)
    line(docx, block.title.upper(), bold=True)
    if block.note:
        line(docx, block.note, italic=True)
    rule(docx, text_width(docx) * 0.35)
    line(docx, "", size=6)


def table(docx: Document, block: Table) -> None:
    """A ruled table over the width of the text; written as XML, for annexes of many pages."""
    wide = text_width(docx)
    scale = wide / sum(block.widths_mm)
    widths = [round(width * scale * _TWIPS_A_MM) for width in block.widths_mm]
    rows = [_row(block.columns, widths, block.centred, is_head=True)]
    rows += [_row(row, widths, block.centred) for row in block.rows]
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    made = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr><w:tblGrid>"
        + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        + f"</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
    docx.element.body.insert_element_before(made, "w:sectPr")
    line(docx, "", size=6)


def _row(
    texts: Sequence[str], widths: Sequence[int], centred: frozenset[int], *, is_head: bool = False
) -> str:
    repeats = "<w:tblHeader/>" if is_head else ""
    middle = '<w:vAlign w:val="center"/>' if is_head else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        f"{middle}</w:tcPr>"
        f"{_cell(text, is_head, is_head or place in centred)}</w:tc>"
        for place, (text, width) in enumerate(zip(texts, widths, strict=True))
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeats}</w:trPr>{cells}</w:tr>"


def _cell(text: str, bold: bool, centred: bool) -> str:
    weight = "<w:b/>" if bold else ""
    align = "center" if centred else "left"
    return "".join(
        f'<w:p><w:pPr><w:spacing w:before="40" w:after="40"/><w:jc w:val="{align}"/></w:pPr>'
        f'<w:r><w:rPr>{weight}<w:sz w:val="{TABLE * 2}"/><w:szCs w:val="{TABLE * 2}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(part)}</w:t></w:r></w:p>'
        for part in clean(text).split("\n")
    )
