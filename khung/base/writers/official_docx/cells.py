"""Two columns side by side without ruling: the head and the end of an official document."""

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import _Cell


def two_columns(docx: Document, left_mm: float, right_mm: float) -> tuple[_Cell, _Cell]:
    """Adds an invisible table of two cells, each holding no paragraph yet."""
    table = docx.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _no_padding(table._tbl.tblPr)
    left, right = table.rows[0].cells
    for cell, width, column in ((left, left_mm, 0), (right, right_mm, 1)):
        cell.width = table.columns[column].width = Mm(width)
        cell._tc.remove(cell.paragraphs[0]._p)
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    return left, right


def _no_padding(properties: object) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "0")
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    look = properties.find(qn("w:tblLook"))  # type: ignore[attr-defined]
    look.addprevious(margins)
