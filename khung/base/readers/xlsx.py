"""Reading an xlsx file people filled in: each sheet as rows of values, cells by their address.

The reader of the library lays a sheet out as one rectangle, so one stray cell at the far corner
would ask for all the memory of the machine: where the cells are is looked at first.
"""

import datetime as dt
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.parsers import expat

from python_calamine import CalamineError, load_workbook

Value = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta
# More than any table of this program: what is larger was not made for it.
MOST_ROWS, MOST_COLUMNS = 5_000, 100
MOST_UNPACKED = 100 * 1024 * 1024
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class NotReadable(ValueError):
    """No xlsx file, or a damaged or locked one."""


class TooLarge(ValueError):
    """A sheet has cells beyond the last row or column that is read, or unpacks to too much."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet from its cell A1 on; an empty cell is the empty string."""

    name: str
    rows: Sequence[Sequence[Value]]


def address(row: int, column: int) -> str:
    """The name of a cell, counted from zero: (11, 5) is "F12"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def read_sheets(data: bytes) -> list[Sheet]:
    """The sheets of a workbook in their order. Raises NotReadable, TooLarge."""
    _look_at_extent(data)
    try:
        book = load_workbook(BytesIO(data))
        return [
            Sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
    except (CalamineError, OSError, ValueError) as why:
        raise NotReadable(str(why)) from why
    except BaseException as why:
        # A panic of the library, which is written in Rust, is no Exception.
        if type(why).__name__ == "PanicException":
            raise NotReadable("damaged") from why
        raise


def _look_at_extent(data: bytes) -> None:
    """Raises TooLarge where a filled cell lies too far out, NotReadable where parts are broken."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            entries = packed.infolist()
            if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise TooLarge
            for entry in entries:
                if entry.filename.startswith("xl/") and entry.filename.endswith(".xml"):
                    with packed.open(entry) as part:
                        _Extent().read(part.read(MOST_UNPACKED + 1))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as why:
        raise NotReadable(str(why)) from why
    except expat.ExpatError as why:
        raise NotReadable(str(why)) from why


class _Extent:
    """Follows the rows and cells of one part of a workbook."""

    def __init__(self) -> None:
        self.row = self.column = 0

    def read(self, part: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EntityDeclHandler = _no_entities
        parser.Parse(part, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(" ")[2]
        if kind == "row":
            given = attributes.get("r", "")
            self.row = int(given) if given.isdecimal() else self.row + 1
            self.column = 0
        elif kind == "c":
            found = _CELL.fullmatch(attributes.get("r", ""))
            self.column += 1
            if found:
                self.column, self.row = _number(found[1]), int(found[2])
        elif kind in ("v", "is", "f") and (self.row > MOST_ROWS or self.column > MOST_COLUMNS):
            raise TooLarge


def _number(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - ord("A") + 1
    return found


def _no_entities(*_declared: object) -> None:
    """No spreadsheet declares entities; what does may grow without end as it is read."""
    raise NotReadable("entities")
