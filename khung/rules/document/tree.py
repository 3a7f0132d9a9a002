"""What a reader hands in and what reading gives back: rows of strings, a tree and doubts."""

from dataclasses import dataclass
from datetime import date

FIELDS = {
    "dimension": "Nội dung",
    "subdimension": "Nội dung thành phần",
    "content": "Nội dung công việc",
    "methods": "Cách thức triển khai",
    "guiding": "Cơ quan hướng dẫn, kiểm tra",
    "implementing": "Cơ quan/người thực hiện",
    "timing": "Thời gian thực hiện",
}
LIST_FIELDS = ("content", "methods", "guiding", "implementing", "timing")


class UnreadableDocument(ValueError):
    """Nothing in the source can be recognised; the message is Vietnamese and for a person."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of the table as the file holds it."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceText:
    """What a format's reader makes of a file: numbered lines before the table, then its rows."""

    head: tuple[tuple[int, str], ...]
    rows: tuple[SourceRow, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One list item in the source's own words, and beside it what a slip was meant to say."""

    text: str
    corrected: str | None
    line: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a person should settle; `task` is None for the head of the Decision."""

    code: str
    message: str
    task: int | None
    line: int | None
    field: str | None
    raw: str
    proposal: str | None = None

    @property
    def key(self) -> str:
        """A stable name by which a settlement refers to this doubt."""
        raw = self.raw if len(self.raw) <= 60 else f"{self.raw[:59]}…"
        return f"{self.code}:{self.task or 'decision'}:{self.field or self.line or ''}:{raw}"


@dataclass(frozen=True, slots=True)
class ReadTask:
    """One task of the annex after repair; `source` holds its lines, its own row first."""

    no: int
    dimension: int | None
    subdimension: str | None
    content: tuple[Item, ...]
    methods: tuple[Item, ...]
    guiding: tuple[Item, ...]
    implementing: tuple[Item, ...]
    timing: tuple[Item, ...]
    source: tuple[int, ...]
    doubts: tuple[str, ...]

    def items(self, field: str) -> tuple[Item, ...]:
        """The items of one of `LIST_FIELDS`."""
        found: tuple[Item, ...] = getattr(self, field)
        return found


@dataclass(frozen=True, slots=True)
class Head:
    """What the Decision says of itself, as written; an empty text is what it does not say."""

    number: str
    issued_on: date | None
    issuer: str
    signer: str
    title: str
    addressees: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadDecision:
    """A Decision read: its head, its tasks in order, and every doubt."""

    head: Head
    tasks: tuple[ReadTask, ...]
    doubts: tuple[Doubt, ...]
