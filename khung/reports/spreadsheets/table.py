"""A table somebody filled in: its columns by their heads, and what is wrong with its cells."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from khung.base.readers.xlsx import (
    MOST_COLUMNS,
    MOST_ROWS,
    NotReadable,
    Sheet,
    TooLarge,
    Value,
    address,
    read_sheets,
)
from khung.base.wording import number
from khung.rules.amounts import written
from khung.rules.text import fold, nfc, squeeze

# The head stands among the first rows: somebody may have added a line above it.
_HEAD_WITHIN = 20


class NotThisSheet(ValueError):
    """A file that cannot be read as the sheet at all; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that has to be put right in the file: the cell, and what to do there."""

    at: str
    why: str

    @property
    def words(self) -> str:
        """ "Ô F12: …"; without a cell, what is wrong alone."""
        if not self.at:
            return self.why
        return gettext("Ô %(cell)s: %(why)s") % {"cell": self.at, "why": self.why}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the head with their numbers from zero, the column of each known head."""

    columns: Mapping[str, int]
    rows: Sequence[tuple[int, Sequence[Value]]]
    problems: Sequence[Problem]


def open_table(data: bytes, heads: Mapping[str, str], sure: str, needed: Iterable[str]) -> Table:
    """The first sheet with a row of heads (name in code: head) that has the one named `sure`.

    A `needed` head that is missing, and any that stands twice, is a problem of the table. Raises
    NotThisSheet.
    """
    for sheet in _sheets(data):
        found = _head(sheet, heads, sure)
        if found is not None:
            row, places = found
            columns = {name: at[0] for name, at in places.items()}
            rows = list(enumerate(sheet.rows[row + 1 :], row + 1))
            return Table(columns, rows, list(_wrong_heads(row, places, heads, needed)))
    raise NotThisSheet(
        gettext(
            "Không thấy bảng trong tệp: thiếu hàng tiêu đề có cột “%(head)s”. Dùng tệp tải từ "
            "trang này, không xóa hàng tiêu đề."
        )
        % {"head": heads[sure]}
    )


def _sheets(data: bytes) -> list[Sheet]:
    try:
        return read_sheets(data)
    except TooLarge as why:
        raise NotThisSheet(
            gettext(
                "Bảng có ô ghi quá hàng %(rows)s hoặc quá cột %(columns)s. Xóa những ô thừa ở xa, "
                "hoặc tải lại tệp rồi chép nội dung vào."
            )
            % {"rows": number(MOST_ROWS), "columns": number(MOST_COLUMNS)}
        ) from why
    except NotReadable as why:
        raise NotThisSheet(
            gettext(
                "Không mở được tệp: tệp hỏng hoặc đặt mật khẩu. Mở bằng Excel hay LibreOffice, bỏ "
                "mật khẩu, lưu lại dạng .xlsx rồi chọn lại."
            )
        ) from why


def _head(
    sheet: Sheet, heads: Mapping[str, str], sure: str
) -> tuple[int, dict[str, list[int]]] | None:
    """The row of the heads, and the columns under each known head."""
    names = {fold(squeeze(head)): name for name, head in heads.items()}
    for row, cells in enumerate(sheet.rows[:_HEAD_WITHIN]):
        found: dict[str, list[int]] = {}
        for at, value in enumerate(cells):
            name = names.get(fold(squeeze(str(value))))
            if name:
                found.setdefault(name, []).append(at)
        if sure in found and len(found) > 1:
            return row, found
    return None


def _wrong_heads(
    row: int, places: Mapping[str, Sequence[int]], heads: Mapping[str, str], needed: Iterable[str]
) -> Iterable[Problem]:
    for name in needed:
        if name not in places:
            why = gettext(
                "Hàng %(row)s thiếu cột “%(head)s”. Thêm lại cột, hoặc tải tệp mới rồi chép sang."
            )
            yield Problem("", why % {"row": row + 1, "head": heads[name]})
    for name, columns in places.items():
        for at in columns[1:]:
            why = gettext("cột “%(head)s” có hai lần. Xóa một cột.") % {"head": heads[name]}
            yield Problem(address(row, at), why)


def cell_text(value: Value) -> str:
    """The text of a cell as it is stored: composed letters, one kind of line break."""
    if isinstance(value, dt.datetime | dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return written(Decimal(repr(round(value, 6))))
    return nfc(str(value).replace("\r\n", "\n").replace("_x000D_", "")).strip()
