"""The paper of an official document: size, margins, type, page numbers, and the packed file."""

import datetime as dt
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from khung.base.writers.official_docx.blocks import Head
from khung.base.writers.official_docx.runs import BODY, SMALL, clean

FONT = "Times New Roman"
_LEFT, _RIGHT, _EDGE = 30, 15, 20
# What stands in a document that has no date yet; any fixed day would do.
_UNDATED = dt.date(2020, 3, 5)
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def prepare(docx: Document, top: Head) -> None:
    """Sets paper, type, page numbers and properties of a new document."""
    _type(docx)
    section = docx.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(_EDGE)
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    _properties(docx, top)


def text_width(docx: Document) -> float:
    """The width of the text of the newest section, in millimetres."""
    width = docx.sections[-1].page_width
    return (width.mm if width else 210.0) - _LEFT - _RIGHT


def turn(docx: Document, landscape: bool, *, new_page: bool = False) -> None:
    """Turns the paper on a new page where it does not lie so yet."""
    section = docx.sections[-1]
    if landscape == (section.orientation == WD_ORIENT.LANDSCAPE):
        if new_page:
            docx.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        return
    turned = docx.add_section(WD_SECTION.NEW_PAGE)
    turned.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    turned.page_width, turned.page_height = section.page_height, section.page_width
    turned.different_first_page_header_footer = False


def packed(docx: Document) -> bytes:
    """The file, with no time of writing in it: the same document is the same bytes."""
    written, target = BytesIO(), BytesIO()
    docx.save(written)
    with ZipFile(written) as source, ZipFile(target, "w") as copy:
        for name in source.namelist():
            entry = ZipInfo(name, _ZIP_TIME)
            entry.compress_type = ZIP_DEFLATED
            copy.writestr(entry, source.read(name))
    return target.getvalue()


def _type(docx: Document) -> None:
    normal = docx.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(BODY)
    normal.font.color.rgb = RGBColor(0, 0, 0)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    layout = normal.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing = 1.0
    for language in docx.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")


def _page_number(paragraph: Paragraph) -> None:
    """The field PAGE, centred; the header of the first page stays empty."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    run.font.size = Pt(SMALL)
    for kind, code in (("begin", ""), ("", "PAGE"), ("separate", ""), ("end", "")):
        if code:
            element = OxmlElement("w:instrText")
            element.text = code
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _properties(docx: Document, top: Head) -> None:
    core = docx.core_properties
    core.author = core.last_modified_by = clean(top.issuer)[:255]
    core.title = clean(top.about)[:255]
    core.comments = core.keywords = core.subject = ""
    core.language = "vi-VN"
    core.created = core.modified = dt.datetime.combine(top.day or _UNDATED, dt.time())
    core.revision = 1
