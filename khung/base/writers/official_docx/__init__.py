"""Official letters and reports as docx, in the layout of NĐ 30/2020/NĐ-CP, Phụ lục I.

The caller says what stands in the document; where it stands, in which type and size, is settled
here. Number and date left open stay open, for the clerk (văn thư) who issues the document. The
same input gives the same bytes.
"""

from collections.abc import Sequence

from docx import Document

from khung.base.writers.official_docx import closing, head, paper, text
from khung.base.writers.official_docx.blocks import (
    Addressees,
    Annex,
    Block,
    Head,
    Paragraph,
    Recipients,
    Signature,
    Table,
)

__all__ = [
    "Addressees",
    "Annex",
    "Block",
    "Head",
    "Paragraph",
    "Recipients",
    "Signature",
    "Table",
    "document",
]


def document(top: Head, blocks: Sequence[Block]) -> bytes:
    """The docx of a document: its head, then the blocks in their order."""
    docx = Document()
    paper.prepare(docx, top)
    head.draw(docx, top)
    left = list(blocks)
    while left:
        block, following = left.pop(0), left[0] if left else None
        match block, following:
            case (Signature(), Recipients()) | (Recipients(), Signature()):
                left.pop(0)
                closing.draw(docx, block, following)
            case ((Signature() | Recipients()), _):
                closing.draw(docx, block)
            case Annex(), _:
                paper.turn(docx, block.landscape, new_page=True)
                text.annex(docx, block)
            case Table(), _:
                paper.turn(docx, block.landscape)
                text.table(docx, block)
            case Addressees(), _:
                text.addressees(docx, block)
            case Paragraph(), _:
                text.paragraph(docx, block)
    return paper.packed(docx)
