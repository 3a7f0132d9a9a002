"""The format of the spreadsheet: its columns, what a row says, and the key that names it.

A row's key is "NV" with the id of the assignment and two marks of what stood there when the file
was written: of the report's words, and of its links and occurrences. By them a row nobody touched
is told from one that was changed, in the file or meanwhile by a colleague. The file is a paper of
the office and Vietnamese in every language of the pages.
"""

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from decimal import Decimal

from khung.rules.amounts import written
from khung.rules.reporting import OUTCOMES


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in code, its head, its width in characters, who fills it."""

    name: str
    head: str
    width: int
    is_filled: bool = False


COLUMNS = (
    Column("no", "Số", 5),
    Column("content", "Nội dung công việc", 42),
    Column("methods", "Cách thức triển khai", 40),
    Column("due_on", "Hạn", 11),
    Column("state", "Trạng thái", 14),
    Column("outcome", "Kết quả", 18, is_filled=True),
    Column("text", "Nội dung kết quả", 48, is_filled=True),
    Column("reason", "Lý do", 26, is_filled=True),
    Column("quantity", "Số lượng", 11, is_filled=True),
    Column("quantity_of", "Đơn vị tính", 12, is_filled=True),
    Column("methods_done", "Cách thức đã làm", 11, is_filled=True),
    Column("links", "Đường dẫn kiểm chứng", 36, is_filled=True),
    Column("occurrences", "Các lần đã thực hiện", 34, is_filled=True),
    Column("key", "Mã dòng", 31),
)
FILLED = tuple(column for column in COLUMNS if column.is_filled)
HEADS = {column.name: column.head for column in COLUMNS}
# What a report holds of words, as its form on the page.
WORDS = ("outcome", "text", "reason", "quantity", "quantity_of", "methods_done")
LONGEST = {"text": 10_000, "reason": 1000, "quantity_of": 100}
LONGEST_LINK, LONGEST_OCCURRENCE = 1000, 500
_KEY = re.compile(r"NV(\d{1,18})-([0-9a-f]{10})-([0-9a-f]{10})")


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says. `outcome` is "" where nobody chose one; methods are numbers from 1."""

    outcome: str = ""
    text: str = ""
    reason: str = ""
    quantity: Decimal | None = None
    quantity_of: str = ""
    methods_done: tuple[int, ...] = ()
    links: tuple[str, ...] = ()
    occurrences: tuple[tuple[dt.date, str], ...] = ()

    @property
    def cells(self) -> dict[str, str]:
        """Each filled column as its cell reads."""
        return {
            "outcome": OUTCOMES.get(self.outcome, ""),
            "text": self.text,
            "reason": self.reason,
            "quantity": written(self.quantity),
            "quantity_of": self.quantity_of,
            "methods_done": "; ".join(str(n) for n in self.methods_done),
            "links": "\n".join(self.links),
            "occurrences": "\n".join(f"{day:%d/%m/%Y}: {text}" for day, text in self.occurrences),
        }

    @property
    def words_mark(self) -> str:
        """The mark of the report's words."""
        cells = self.cells
        return _mark([cells[name] for name in WORDS])

    @property
    def proofs_mark(self) -> str:
        """The mark of what is only ever added: links and occurrences, in any order."""
        days = sorted(f"{day.isoformat()} {text}" for day, text in self.occurrences)
        return _mark([sorted(self.links), days])


def _mark(values: object) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:10]


@dataclass(frozen=True, slots=True)
class Key:
    """The assignment a row is about, and the marks of what stood there."""

    assignment: int
    words_mark: str
    proofs_mark: str

    def __str__(self) -> str:
        return f"NV{self.assignment}-{self.words_mark}-{self.proofs_mark}"


def key_of(assignment: int, said: Said) -> Key:
    """The key of a row that says this."""
    return Key(assignment, said.words_mark, said.proofs_mark)


def read_key(text: str) -> Key | None:
    """The key a cell holds; None for any other text."""
    found = _KEY.fullmatch(text.strip())
    return Key(int(found[1]), found[2], found[3]) if found else None
