"""What the page of a task shows: each column as understood, and as it stood in the Decision."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from khung.desk.timing_words import timing_words
from khung.frameworks.models import Doubt, TaskItem
from khung.frameworks.tasks import SourceLine, WordedTask, source_lines
from khung.rules import methods
from khung.rules.document.tree import FIELDS
from khung.rules.text import squeeze
from khung.rules.timing import parse_timing
from khung.rules.wording import Run, compare, mark


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item: its words, what the correction changed, its kind, and what its kind asks for."""

    words: str
    is_corrected: bool
    written: tuple[Run, ...]
    corrected: tuple[Run, ...]
    kind: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell as it stood, doubtful passages marked."""

    line: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of the task beside its source."""

    code: str
    label: str
    items: tuple[ItemView, ...]
    source: tuple[SourceCell, ...]
    doubts: tuple[Doubt, ...]


def columns(
    task: WordedTask, source: Sequence[SourceLine], doubts: Sequence[Doubt]
) -> list[ColumnView]:
    """The five columns of a task, then whatever else stood on its lines."""
    items = {
        "content": task.content,
        "methods": task.methods,
        "guiding": task.guiding,
        "implementing": task.implementing,
        "timing": task.timing,
    }
    found = [
        ColumnView(
            code,
            gettext(FIELDS[code]),
            tuple(map(_item, items[code])),
            _cells(code, source, doubts),
            tuple(doubt for doubt in doubts if _concerns(doubt, code)),
        )
        for code in items
    ]
    labels = [
        ColumnView(
            code,
            gettext(FIELDS[code]) if code else gettext("Ngoài các cột"),
            (),
            _cells(code, source, doubts),
            tuple(doubt for doubt in doubts if _concerns(doubt, code)),
        )
        for code in ("dimension", "subdimension", "")
    ]
    return [*found, *(label for label in labels if label.source or label.doubts)]


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A row of the table as it stood, one doubtful passage marked."""

    line: int
    cells: tuple[tuple[Run, ...], ...]


def lines(doubt: Doubt) -> list[MarkedLine]:
    """The rows of the task a doubt is about; none for a doubt about the Decision's head."""
    if doubt.task_version is None:
        return []
    return [
        MarkedLine(row.line, tuple(mark(squeeze(cell), [doubt.raw]) for cell in row.cells.values()))
        for row in source_lines(doubt.task_version)
    ]


def _item(item: TaskItem) -> ItemView:
    written, corrected = compare(item.text, item.words)
    kind = ""
    asks: tuple[str, ...] = ()
    if item.field == TaskItem.Field.METHOD:
        kind = gettext(methods.KINDS[item.kind or "other"])
        codes = methods.EVIDENCE[item.kind or "other"]
        asks = tuple(gettext(methods.EVIDENCE_LABELS[code]) for code in codes)
    elif item.field == TaskItem.Field.TIMING:
        asks = tuple(map(timing_words, parse_timing(item.words).parts))
    is_corrected = bool(item.corrected) and item.corrected != item.text
    return ItemView(item.words, is_corrected, written, corrected, kind, asks)


def _cells(
    code: str, source: Sequence[SourceLine], doubts: Sequence[Doubt]
) -> tuple[SourceCell, ...]:
    passages = [doubt.raw for doubt in doubts if doubt.raw]
    return tuple(
        SourceCell(row.line, mark(squeeze(row.cells[code]), passages))
        for row in source
        if row.cells.get(code)
    )


def _concerns(doubt: Doubt, code: str) -> bool:
    field = "methods" if doubt.field == TaskItem.Field.METHOD else doubt.field
    return field == code
