"""Reading the spreadsheet back: which rows say what, and every cell that cannot be understood.

Columns are found by their heads, wherever they stand. Nothing is looked up here; whether a row
may be saved is decided in `checking`.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext

from khung.base.readers.xlsx import Value, address
from khung.base.wording import number
from khung.reports.spreadsheets.sheet_format import (
    FILLED,
    HEADS,
    LONGEST,
    LONGEST_LINK,
    LONGEST_OCCURRENCE,
    Key,
    Said,
    read_key,
)
from khung.reports.spreadsheets.table import Problem, cell_text, open_table
from khung.rules.amounts import NoAmount, amount
from khung.rules.reporting import DONE, OUTCOMES
from khung.rules.text import fold, squeeze

_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})\s*[:\-–]?\s*(.*)", re.DOTALL)
_NUMBER = re.compile(r"\d{1,3}")
_WEB = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of the file: its key, the text of its filled cells, and where each stands."""

    key: Key
    cells: Mapping[str, str]
    at: Mapping[str, str]


@dataclass(slots=True)
class Read:
    """All rows of the file and what is wrong with it."""

    rows: list[ReadRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_file(data: bytes) -> Read:
    """The rows of a filled-in file, and its problems. Raises NotThisSheet."""
    table = open_table(data, HEADS, "key", [column.name for column in FILLED])
    read = Read(problems=list(table.problems))
    if read.problems:
        return read
    seen: dict[int, str] = {}
    for row, values in table.rows:
        _read_row(read, seen, row, values, table.columns)
    return read


def _read_row(
    read: Read,
    seen: dict[int, str],
    row: int,
    values: Sequence[Value],
    columns: Mapping[str, int],
) -> None:
    at = {name: address(row, column) for name, column in columns.items()}
    cells = {column.name: cell_text(values[columns[column.name]]) for column in FILLED}
    text = cell_text(values[columns["key"]])
    if not text and not any(cells.values()):
        return
    key = read_key(text)
    if key is None:
        why = (
            gettext("mã dòng bị sửa. Chép lại mã của dòng này từ tệp đã tải.")
            if text
            else gettext("dòng có nội dung mà mất mã dòng. Chép lại mã từ tệp đã tải.")
        )
        read.problems.append(Problem(at["key"], why))
        return
    if key.assignment in seen:
        why = gettext("nhiệm vụ này đã có ở ô %(cell)s. Giữ một dòng, xóa dòng kia.")
        read.problems.append(Problem(at["key"], why % {"cell": seen[key.assignment]}))
        return
    seen[key.assignment] = at["key"]
    methods = values[columns["methods_done"]]
    if isinstance(methods, dt.date) or (isinstance(methods, float) and methods % 1):
        why = gettext("Excel đã đổi ô này thành ngày hoặc số lẻ. Ghi lại dạng: 1; 3.")
        read.problems.append(Problem(at["methods_done"], why))
        cells["methods_done"] = ""
    read.rows.append(ReadRow(key, cells, at))


def said_of(row: ReadRow, methods: int, found: list[Problem]) -> Said:
    """What a row says of a task with so many methods; what cannot be understood goes to `found`."""
    cells, at = row.cells, row.at
    for name, longest in LONGEST.items():
        if len(cells[name]) > longest:
            why = gettext("dài %(n)s ký tự; tối đa %(most)s. Rút gọn lại.")
            counts = {"n": number(len(cells[name])), "most": number(longest)}
            found.append(Problem(at[name], why % counts))
    said = Said(
        outcome=_outcome(cells["outcome"], at["outcome"], found),
        text=cells["text"],
        reason=cells["reason"],
        quantity=_quantity(cells["quantity"], at["quantity"], found),
        quantity_of=cells["quantity_of"],
        methods_done=_methods(cells["methods_done"], methods, at["methods_done"], found),
        links=_links(cells["links"], at["links"], found),
        occurrences=_occurrences(cells["occurrences"], at["occurrences"], found),
    )
    if not said.outcome and any(cells.values()):
        # Whoever writes a result without choosing means that there is one.
        return replace(said, outcome=DONE)
    return said


def _outcome(text: str, at: str, found: list[Problem]) -> str:
    if not text:
        return ""
    by_label = {fold(squeeze(label)): code for code, label in OUTCOMES.items()}
    code = by_label.get(fold(squeeze(text)), "")
    if not code:
        why = gettext("“%(text)s” không có trong danh sách. Chọn: %(labels)s.")
        labels = "; ".join(OUTCOMES.values())
        found.append(Problem(at, why % {"text": text[:60], "labels": labels}))
    return code


def _quantity(text: str, at: str, found: list[Problem]) -> Decimal | None:
    try:
        return amount(text)
    except NoAmount as why:
        words = gettext("số lượng %(why)s.") % {"why": gettext(str(why))}
        found.append(Problem(at, words))
        return None


def _methods(text: str, most: int, at: str, found: list[Problem]) -> tuple[int, ...]:
    numbers = set()
    for part in re.split(r"[;,\s]+", text):
        if not part:
            continue
        n = int(part) if _NUMBER.fullmatch(part) else 0
        if not 1 <= n <= most:
            if most:
                why = gettext(
                    "“%(part)s” không phải số thứ tự cách thức; nhiệm vụ này có 1 đến %(n)s."
                )
            else:
                why = gettext("nhiệm vụ này không ghi cách thức nào; để trống ô này.")
            found.append(Problem(at, why % {"part": part[:20], "n": most}))
            break
        numbers.add(n)
    return tuple(sorted(numbers))


def _links(text: str, at: str, found: list[Problem]) -> tuple[str, ...]:
    links: list[str] = []
    for line in text.split("\n"):
        url = "".join(line.split())
        if not url:
            continue
        if "://" not in url:
            url = f"https://{url}"
        try:
            _WEB(url)
            is_web = bool(urlsplit(url).hostname) and len(url) <= LONGEST_LINK
        except (ValidationError, ValueError):
            is_web = False
        if not is_web:
            why = gettext("“%(url)s” không phải địa chỉ trang web. Mỗi dòng một địa chỉ đầy đủ.")
            found.append(Problem(at, why % {"url": line.strip()[:60]}))
        elif url not in links:
            links.append(url)
    return tuple(links)


def _occurrences(text: str, at: str, found: list[Problem]) -> tuple[tuple[dt.date, str], ...]:
    times: list[tuple[dt.date, str]] = []
    for line in filter(None, map(squeeze, text.split("\n"))):
        parts = _DAY.fullmatch(line)
        day = _day(parts) if parts else None
        if parts is None or day is None:
            why = gettext("không hiểu “%(line)s”. Ghi mỗi dòng: ngày/tháng/năm: đã làm gì, ở đâu.")
            found.append(Problem(at, why % {"line": line[:60]}))
        elif not parts[4] or len(parts[4]) > LONGEST_OCCURRENCE:
            why = gettext("lần ngày %(day)s: ghi đã làm gì, ở đâu, tối đa %(n)s ký tự.")
            counts = {"day": f"{day:%d/%m/%Y}", "n": number(LONGEST_OCCURRENCE)}
            found.append(Problem(at, why % counts))
        elif (day, parts[4]) not in times:
            times.append((day, parts[4]))
    return tuple(times)


def _day(parts: re.Match[str]) -> dt.date | None:
    try:
        return dt.date(int(parts[3]), int(parts[2]), int(parts[1]))
    except ValueError:
        return None
