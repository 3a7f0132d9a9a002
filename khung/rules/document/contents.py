"""The items of each task, with its content brought back from where a scan put it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from khung.rules.document.items import (
    Block,
    Entry,
    actor_entries,
    blocks,
    clean,
    entries,
    inline_hyphens,
)
from khung.rules.document.labels import Piece
from khung.rules.document.layout import Record, open_field
from khung.rules.document.tree import FIELDS, LIST_FIELDS, Doubt
from khung.rules.text import fold

# As like as this, text under a label column repeats the content beside it.
_SAME_TEXT = 90.0
# A column that fewer tasks fill may stay empty without a doubt.
_USUAL_SHARE = 0.6
_ACTOR_FIELDS = ("guiding", "implementing")


@dataclass(slots=True)
class Draft:
    """A task in the making: its number, its lines (own row first), items and doubts."""

    no: int
    lines: list[int]
    entries: dict[str, tuple[Entry, ...]]
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def words(self) -> str:
        """All it says, in lower case."""
        return " ".join(e.text for found in self.entries.values() for e in found).lower()

    def doubt(
        self,
        code: str,
        message: str,
        name: str | None,
        raw: str,
        proposal: str | None = None,
        line: int | None = None,
    ) -> None:
        """Note a doubt about this task; `name` is the field it is about."""
        line = self.lines[0] if line is None else line
        self.doubts.append(Doubt(code, message, self.no, line, name, raw, proposal))


def draft_tasks(records: Sequence[Record], strays: Iterable[Piece]) -> list[Draft]:
    """One draft for each record; `strays` are texts in label columns that are no label."""
    joints = inline_hyphens(text for r in records for p in r.parts for text in p.cells.values())
    drafts = [_draft(no, record, joints) for no, record in enumerate(records, start=1)]
    for piece in strays:
        _take_stray(drafts[piece.record], piece)
    contents = [blocks(record.cell("content"), joints) for record in records]
    for place in range(len(drafts)):
        _share_content(drafts, place, contents[place])
    _doubt_empty_fields(drafts)
    return drafts


def _draft(no: int, record: Record, joints: frozenset[str]) -> Draft:
    found = {
        name: (actor_entries if name in _ACTOR_FIELDS else entries)(record.cell(name), joints)
        for name in LIST_FIELDS
    }
    own_first = sorted(record.parts, key=lambda part: part.is_heading)
    draft = Draft(no, [part.line for part in own_first], found)
    if "row_joined" in record.doubts:
        last = record.parts[-1]
        draft.doubt(
            "row_joined",
            f"Dòng {last.line} được hiểu là phần tiếp theo của nhiệm vụ này, nhưng chưa chắc chắn.",
            "content",
            clean(" ".join(last.cells.values()))[:120],
            line=last.line,
        )
    for name, items in found.items():
        for entry in items:
            if entry.unsure:
                draft.doubt(
                    "item_split",
                    f"“{entry.text}” được hiểu là một mục riêng vì đứng đầu trang sau, "
                    "nhưng trước đó không có dấu kết thúc mục.",
                    name,
                    entry.text,
                    line=entry.line,
                )
    open_name = open_field(record)
    if "cut_off" in record.doubts and open_name:
        draft.doubt(
            "cut_off",
            f"Cột “{FIELDS[open_name]}” kết thúc bằng dấu “;” hoặc “,” ở cuối trang; "
            "có thể mất phần sau.",
            open_name,
            found[open_name][-1].text if found[open_name] else "",
        )
    for part in record.parts:
        if part.overflow:
            draft.doubt(
                "cell_outside",
                "Có nội dung nằm ngoài các cột của bảng.",
                None,
                clean(part.overflow),
                line=part.line,
            )
    return draft


def _take_stray(draft: Draft, piece: Piece) -> None:
    """Text under a label column: the content that slipped there, a repeat of it, or unknown."""
    content = draft.entries["content"]
    text = clean(piece.text)
    if not content and piece.field == "subdimension":
        draft.entries["content"] = (Entry(text, piece.line),)
        draft.doubt(
            "content_column",
            "Nội dung công việc đứng ở cột “Nội dung thành phần”; đã đưa về đúng cột.",
            "content",
            text,
            text,
            piece.line,
        )
    elif not any(fuzz.ratio(fold(text), fold(e.text)) >= _SAME_TEXT for e in content):
        draft.doubt(
            "label_unknown",
            f"Chữ ở cột “{FIELDS[piece.field]}” không phải tên nội dung nào của PAPI.",
            piece.field,
            text,
            None,
            piece.line,
        )


def _share_content(drafts: Sequence[Draft], place: int, found: tuple[Block, ...]) -> None:
    """Give the blocks of a cell to the tasks whose texts it holds.

    A cell with a paragraph and a list above rows without content holds the content of those
    rows too, one block each.
    """
    if len(found) < 2:
        return
    end = place + 1
    while end < len(drafts) and not drafts[end].entries["content"]:
        end += 1
    takers = drafts[place:end]
    if len(takers) < 2 or len(takers) != len(found):
        return
    own_line = takers[0].lines[0]
    for draft, block in zip(takers, found, strict=True):
        draft.entries["content"] = block.entries
        if draft is not takers[0]:
            draft.lines.append(block.entries[0].line)
        draft.doubt(
            "cell_shared",
            f"Ô nội dung công việc ở dòng {own_line} chứa nội dung của {len(takers)} nhiệm vụ "
            f"({takers[0].no}–{takers[-1].no}); đã chia theo từng đoạn, từng danh sách.",
            "content",
            block.entries[0].text,
            "; ".join(entry.text for entry in block.entries),
            own_line,
        )


def _doubt_empty_fields(drafts: Sequence[Draft]) -> None:
    for name in LIST_FIELDS:
        filled = sum(bool(draft.entries[name]) for draft in drafts)
        if name != "content" and filled < _USUAL_SHARE * len(drafts):
            continue
        for draft in drafts:
            if not draft.entries[name]:
                message = f"Không thấy nội dung ở cột “{FIELDS[name]}”."
                draft.doubt("field_empty", message, name, "")
