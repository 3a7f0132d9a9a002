"""Good tables made from a tree, and the damage that scanning does to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from khung.rules.document import LIST_FIELDS, ReadDecision, ReadTask, SourceRow, SourceText
from khung.rules.taxonomy import dimension_name, subdimension_name

HEADER = (
    "Nội dung",
    "Nội dung thành phần",
    "Nội dung công việc thực hiện",
    "Cách thức triển khai",
    "Cơ quan hướng dẫn, kiểm tra",
    "Cơ quan/người thực hiện",
    "Thời gian thực hiện",
)
# Doubts that say that something about the table itself was put right or is not sure.
LAYOUT_DOUBTS = frozenset({
    "row_joined", "cut_off", "label_row", "label_split", "label_column", "label_position",
    "label_order", "label_unknown", "content_column", "cell_shared", "cell_outside", "field_empty",
    "dimension_unknown", "dimension_inferred", "dimension_absent", "subdimension_unknown",
    "subdimension_absent", "subdimensions_unnamed", "item_split", "ocr_slip", "bracket_lost",
})  # fmt: skip


@dataclass
class Table:
    """Rows of cells; `page_tops` are the rows above which a header is repeated."""

    rows: list[list[str]]
    page_tops: set[int] = field(default_factory=set)

    def source(self) -> SourceText:
        lines: list[tuple[str, ...]] = [HEADER]
        for place, row in enumerate(self.rows):
            if place in self.page_tops:
                lines.append(HEADER)
            lines.append(tuple(row))
        rows = tuple(SourceRow(no, cells) for no, cells in enumerate(lines, start=1))
        return SourceText(((0, "Nha Trang, ngày 07 tháng 11 năm 2022"),), rows)

    def cut(self, place: int, at: Callable[[int, int], int]) -> None:
        """Cut a row in two over a page break; `at` says at which word each column is cut."""
        first: list[str] = []
        second: list[str] = []
        for column, cell in enumerate(self.rows[place]):
            words = cell.split(" ")
            cut = at(column, len(words))
            first.append(" ".join(words[:cut]))
            second.append(" ".join(words[cut:]))
        self.rows[place : place + 1] = [first, second]
        self.page_tops = {top + (top > place) for top in self.page_tops} | {place + 1}


def good_table(tasks: Sequence[ReadTask]) -> Table:
    """The table these tasks would stand in had nothing gone wrong."""
    rows: list[list[str]] = []
    above: tuple[int | None, str | None] = (None, None)
    for task in tasks:
        labels = ["", ""]
        if task.dimension and task.dimension != above[0]:
            labels[0] = dimension_name(task.dimension)
        if task.subdimension and task.subdimension != above[1]:
            labels[1] = subdimension_name(task.subdimension, 2022)
        above = (task.dimension, task.subdimension)
        rows.append([*labels, *(_cell([i.text for i in task.items(f)]) for f in LIST_FIELDS)])
    return Table(rows)


def substance(task: ReadTask) -> tuple[object, ...]:
    """What a task says, without where it stood."""
    words = tuple(tuple(item.text for item in task.items(name)) for name in LIST_FIELDS)
    return task.dimension, task.subdimension, words


def layout_doubts(decision: ReadDecision) -> set[str]:
    """The keys of the doubts about the table itself."""
    return {doubt.key for doubt in decision.doubts if doubt.code in LAYOUT_DOUBTS}


def _cell(texts: Sequence[str]) -> str:
    if len(texts) == 1:
        return texts[0]
    return " ".join(
        f"- {text}{';' if place < len(texts) else '.'}" for place, text in enumerate(texts, 1)
    )
