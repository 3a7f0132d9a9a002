"""The table of the annex: its header, its pages, and rows that a page break cut in two."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from khung.rules.document.items import Cell
from khung.rules.document.tree import SourceRow, UnreadableDocument
from khung.rules.text import fold, squeeze

# How plans head their columns; a heading is recognised by likeness, marks aside.
HEADINGS: dict[str, tuple[str, ...]] = {
    "dimension": ("Nội dung", "Chỉ số nội dung", "Trục nội dung", "Lĩnh vực nội dung"),
    "subdimension": ("Nội dung thành phần", "Chỉ số thành phần", "Chỉ số nội dung thành phần"),
    "content": (
        "Nội dung công việc thực hiện",
        "Nội dung công việc",
        "Nội dung nhiệm vụ",
        "Nhiệm vụ cụ thể",
        "Nhiệm vụ",
    ),
    "methods": ("Cách thức triển khai", "Cách thức thực hiện", "Giải pháp thực hiện"),
    "guiding": ("Cơ quan hướng dẫn, kiểm tra", "Đơn vị hướng dẫn, kiểm tra"),
    "implementing": (
        "Cơ quan/người thực hiện",
        "Cơ quan thực hiện",
        "Đơn vị thực hiện",
        "Cơ quan chủ trì",
        "Đơn vị chủ trì",
    ),
    "timing": ("Thời gian thực hiện", "Thời hạn hoàn thành", "Thời gian hoàn thành"),
}
NEEDED = ("content", "implementing")
FEWEST_COLUMNS = 3
SAME_HEADING = 85.0

_CELL_FIELDS = ("content", "methods", "guiding", "implementing", "timing")
# Short cells that say who and when: a task has them, the rest of a cut row mostly not.
_CLOSING_FIELDS = ("guiding", "implementing", "timing")
# A closing column counts as usual when this share of the rows fills it.
_USUAL_SHARE = 0.6
# A whole value is one that at least this many rows hold.
_WHOLE_VALUE_ROWS = 3
_ENDS = (".", ";", ":", ")", ">")


@dataclass(frozen=True, slots=True)
class Part:
    """One row of the file by field; `top` says that a repeated header stands above it."""

    line: int
    top: bool
    cells: dict[str, str]
    overflow: str = ""

    @property
    def is_heading(self) -> bool:
        """Whether it holds nothing but labels: it stands over tasks and is none itself."""
        return not any(name in self.cells for name in _CELL_FIELDS)


@dataclass(slots=True)
class Record:
    """The parts of one task, and codes of what was doubtful in putting them together."""

    parts: list[Part] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    _last: dict[str, str] = field(default_factory=dict)

    def add(self, part: Part) -> None:
        self.parts.append(part)
        self._last |= part.cells

    def cell(self, name: str) -> Cell:
        return Cell(tuple((p.line, p.cells[name]) for p in self.parts if name in p.cells))

    def last(self, name: str) -> str:
        """The text on which a further part would go on."""
        return self._last.get(name, "")


def read_parts(rows: Sequence[SourceRow]) -> list[Part]:
    """The rows below the header by field, repeated headers and empty rows left out.

    Raises UnreadableDocument where no row is a header with the needed columns.
    """
    columns: dict[str, int] | None = None
    heading = ""
    parts: list[Part] = []
    top = False
    for row in rows:
        wording = squeeze(" ".join(row.cells))
        if columns is None:
            columns = _columns(row.cells)
            heading = fold(wording)
        elif len(wording) < 2 * len(heading) and _repeats(wording, row, heading):
            top = True
        elif wording:
            parts.append(_part(row, columns, top=top))
            top = False
    if columns is None:
        raise UnreadableDocument(
            "Không tìm thấy dòng tiêu đề của bảng nhiệm vụ (cần ít nhất các cột "
            "“Nội dung công việc thực hiện” và “Cơ quan/người thực hiện”). Hãy kiểm tra tên cột."
        )
    return parts


def join_parts(parts: Sequence[Part]) -> list[Record]:
    """Put rows that go on from the row before them back into one record each."""
    usual = _Usual(parts)
    records: list[Record] = []
    for part in parts:
        if records and not any(map(records[-1].last, _CELL_FIELDS)):
            records[-1].add(part)
            continue
        if records:
            evidence = _goes_on(records[-1], part, usual)
            if evidence > 0:
                records[-1].add(part)
                if evidence == 1:
                    records[-1].doubts.append("row_joined")
                continue
        if part.top and records and open_field(records[-1]):
            records[-1].doubts.append("cut_off")
        records.append(Record())
        records[-1].add(part)
    return records


def open_field(record: Record) -> str | None:
    """The field whose text at the end of a page promises more, if there is one."""
    ends = ((name, record.last(name).rstrip()) for name in _CELL_FIELDS)
    return next((name for name, text in ends if text.endswith((",", ";"))), None)


def _repeats(wording: str, row: SourceRow, heading: str) -> bool:
    """Whether a row is the header again, as a whole or by its columns."""
    return fuzz.ratio(fold(wording), heading) >= SAME_HEADING or _columns(row.cells) is not None


def _part(row: SourceRow, columns: dict[str, int], *, top: bool) -> Part:
    cells = {
        name: row.cells[place].strip()
        for name, place in columns.items()
        if place < len(row.cells) and row.cells[place].strip()
    }
    known = set(columns.values())
    overflow = " ".join(c.strip() for i, c in enumerate(row.cells) if i not in known and c.strip())
    return Part(row.line, top, cells, overflow)


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    """Where each field stands if the row is a header."""
    scores = sorted(_heading_scores(cells), reverse=True)
    columns: dict[str, int] = {}
    for _, place, name in scores:
        if name not in columns and place not in columns.values():
            columns[name] = place
    if len(columns) < FEWEST_COLUMNS or any(name not in columns for name in NEEDED):
        return None
    return columns


def _heading_scores(cells: Sequence[str]) -> Iterator[tuple[float, int, str]]:
    for place, cell in enumerate(cells):
        label = fold(squeeze(cell))
        if not label or len(label) > 60:
            continue
        for name, wordings in _FOLDED_HEADINGS.items():
            score = max(fuzz.ratio(label, wording) for wording in wordings)
            if score >= SAME_HEADING:
                yield score, place, name


class _Usual:
    """What is usual in this table: closing columns that rows fill, and whole values in them."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.columns = tuple(
            name
            for name in _CLOSING_FIELDS
            if sum(name in part.cells for part in parts) >= _USUAL_SHARE * len(parts)
        )
        values = Counter(
            (name, squeeze(part.cells[name]))
            for part in parts
            for name in _CLOSING_FIELDS
            if name in part.cells
        )
        self.whole = {value for value, rows in values.items() if rows >= _WHOLE_VALUE_ROWS}


def _goes_on(record: Record, part: Part, usual: _Usual) -> int:
    """Evidence that `part` goes on from `record`: above 0 it does, at exactly 1 it is doubtful."""
    if part.is_heading:
        return 2
    resumed = [n for n in _CELL_FIELDS if _resumes(record.last(n), part.cells.get(n, ""))]
    fresh = [n for n in _CELL_FIELDS if _is_fresh(n, record.last(n), part.cells.get(n, ""), usual)]
    closing = [n for n in usual.columns if n in part.cells]
    if usual.columns and not closing:
        if resumed:
            return 3
        return 1 if part.top else 0
    filled_in = [n for n in usual.columns if n in part.cells and not record.last(n)]
    left_out = [n for n in usual.columns if n not in part.cells]
    evidence = 2 * (len(resumed) + len(filled_in)) + len(left_out) - len(fresh)
    return evidence if part.top or resumed else min(evidence, 0)


def _resumes(before: str, after: str) -> bool:
    """Whether `after` goes on in the middle of the sentence `before`."""
    return bool(before and after and (after[0].islower() or after[0] in ",;.)/"))


def _is_fresh(name: str, before: str, after: str, usual: _Usual) -> bool:
    if not after or _resumes(before, after):
        return False
    if (name, squeeze(after)) in usual.whole:
        return True
    return not before or before.rstrip().endswith(_ENDS)


_FOLDED_HEADINGS = {name: tuple(map(fold, wordings)) for name, wordings in HEADINGS.items()}
