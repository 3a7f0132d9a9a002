"""What taking a file would change, decided row by row against how things stand now."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.utils.translation import gettext

from khung.assignments.locks import lock_of
from khung.assignments.models import OPEN_STATES, Period
from khung.base.wording import number
from khung.orgs.models import Unit
from khung.reports.sheet import counted_span
from khung.reports.spreadsheets.contents import Line, lines_of
from khung.reports.spreadsheets.reading import ReadRow, said_of
from khung.reports.spreadsheets.sheet_format import HEADS, WORDS, Said
from khung.reports.spreadsheets.table import Problem
from khung.rules.reporting import AWAITING_FUNDS
from khung.rules.workflow import STATES


@dataclass(frozen=True, slots=True)
class Difference:
    """A column that would change: its head, what stands there, what the file says."""

    head: str
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class Change:
    """A row that would be saved; a conflict where a colleague saved since it was downloaded.

    `kept` says how many links and occurrences the file no longer has: they stay.
    """

    line: Line
    row: ReadRow
    said: Said
    differences: tuple[Difference, ...]
    new_links: tuple[str, ...]
    new_occurrences: tuple[tuple[dt.date, str], ...]
    kept: int
    is_conflict: bool

    @property
    def as_agreed(self) -> ReadRow:
        """The row as one that was read now: a person saw both texts and chose the file's."""
        return replace(self.row, key=replace(self.row.key, words_mark=self.line.said.words_mark))


@dataclass(slots=True)
class Plan:
    """What a file would do: rows to save, rows two people wrote, rows as they are, problems."""

    changes: list[Change] = field(default_factory=list)
    conflicts: list[Change] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def may_be_taken(self) -> bool:
        """Whether all of it can be saved as it is."""
        return not self.problems and not self.conflicts


def plan(unit: Unit, period: Period, rows: Iterable[ReadRow], today: dt.date) -> Plan:
    """What saving these rows would do, for a unit's period, with every problem there is."""
    made = Plan()
    lines = {line.assignment.pk: line for line in lines_of(unit, period, today)}
    for row in rows:
        line = lines.get(row.key.assignment)
        if line is None:
            why = gettext(
                "dòng này không thuộc %(unit)s trong kỳ đang chọn. Chọn đúng kỳ, đúng đơn vị, "
                "hoặc xóa dòng."
            ) % {"unit": unit.name}
            made.problems.append(Problem(row.at["key"], why))
        else:
            _look_at(made, line, row, today)
    return made


def _look_at(made: Plan, line: Line, row: ReadRow, today: dt.date) -> None:
    """Sorts one row into the plan."""
    found: list[Problem] = []
    said = said_of(row, len(line.task.methods), found)
    words = said.words_mark != row.key.words_mark
    proofs = said.proofs_mark != row.key.proofs_mark
    change = _change(line, row, said, words=words, proofs=proofs)
    is_idle = not (change.differences or change.new_links or change.new_occurrences)
    if not found and is_idle:
        made.unchanged += 1
        return
    if not line.is_open:
        made.problems.append(Problem(_first(change, found), _why_closed(line, today)))
        return
    _check(change, found, today)
    if found:
        made.problems += found
    elif change.is_conflict:
        made.conflicts.append(change)
    else:
        made.changes.append(change)


def _change(line: Line, row: ReadRow, said: Said, *, words: bool, proofs: bool) -> Change:
    now, then = line.said.cells, said.cells
    differences = tuple(
        Difference(HEADS[name], now[name], then[name])
        for name in WORDS
        if words and now[name] != then[name]
    )
    links = tuple(url for url in said.links if proofs and url not in line.said.links)
    times = tuple(one for one in said.occurrences if proofs and one not in line.said.occurrences)
    nobody_else = line.said.proofs_mark == row.key.proofs_mark
    kept = len({*line.said.links} - {*said.links})
    kept += len({*line.said.occurrences} - {*said.occurrences})
    return Change(
        line,
        row,
        said,
        differences,
        links,
        times,
        kept if proofs and nobody_else else 0,
        is_conflict=bool(differences) and line.said.words_mark != row.key.words_mark,
    )


def _first(change: Change, found: list[Problem]) -> str:
    """The first cell of the row that was changed."""
    at: Mapping[str, str] = change.row.at
    by_head = {head: name for name, head in HEADS.items()}
    names = [by_head[one.head] for one in change.differences]
    # A result that nobody chose follows from the words beside it.
    written = [name for name in names if name != "outcome" or change.row.cells[name]]
    if written or names:
        return at[(written or names)[0]]
    if change.new_links:
        return at["links"]
    return at["occurrences"] if change.new_occurrences else found[0].at


def _why_closed(line: Line, today: dt.date) -> str:
    """The rule by which a row is not written any more, and what to do."""
    it = line.assignment
    if it.state in OPEN_STATES:
        lock = lock_of(it, today)
        why = lock.words if lock else ""
    else:
        why = gettext("nhiệm vụ ở trạng thái “%(state)s” nên không sửa bằng bảng tính.") % {
            "state": gettext(STATES[it.state])
        }
        if it.state == "submitted":
            why += " " + gettext("Muốn sửa, thu hồi báo cáo trên trang trước.")
    return f"{why} {gettext('Trả ô này về như lúc tải, hoặc xóa dòng.')}"


def _check(change: Change, found: list[Problem], today: dt.date) -> None:
    """What the words of a row may not say of this very task."""
    it, at, said = change.line.assignment, change.row.at, change.said
    if said.outcome == AWAITING_FUNDS and not it.may_await_funds:
        why = gettext("nhiệm vụ này không gắn với việc bố trí vốn. Chọn kết quả khác.")
        found.append(Problem(at["outcome"], why))
    if change.line.pieces + len(change.new_links) > settings.EVIDENCE_PER_REPORT:
        why = gettext("mỗi báo cáo có tối đa %(n)s tài liệu kiểm chứng. Bỏ bớt đường dẫn.")
        found.append(Problem(at["links"], why % {"n": number(settings.EVIDENCE_PER_REPORT)}))
    if change.new_occurrences and not it.quota:
        why = gettext("nhiệm vụ này không tính theo số lần; ghi vào nội dung kết quả.")
        found.append(Problem(at["occurrences"], why))
        return
    first, last = counted_span(it)
    for day, _text in change.new_occurrences:
        if day > today:
            why = gettext("ngày %(day)s chưa đến; chỉ ghi lần đã làm.")
        elif not first <= day <= last:
            why = gettext("ngày %(day)s ngoài thời gian tính: %(first)s đến %(last)s.")
        else:
            continue
        days = {"day": day, "first": first, "last": last}
        shown = {name: f"{value:%d/%m/%Y}" for name, value in days.items()}
        found.append(Problem(at["occurrences"], why % shown))
