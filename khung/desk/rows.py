"""An assignment as the lists of the desk show it."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language, gettext

from khung.assignments.models import OPEN_STATES, Assignment, Period
from khung.assignments.work import Wanted
from khung.base.wording import days_left, period_name
from khung.frameworks.models import TaskItem
from khung.frameworks.tasks import WordedTask, in_columns
from khung.rules.calendar import WorkingCalendar
from khung.rules.methods import EVIDENCE, EVIDENCE_LABELS, KINDS
from khung.rules.timing import CONTINUING
from khung.rules.workflow import STATES, class_label

# Fewer working days than this are worth a warning.
NEAR = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One assignment with its words; `left` is None once a result is in or nothing is owed."""

    assignment: Assignment
    task: WordedTask
    left: int | None

    @property
    def standing(self) -> str:
        """The official class, or how the state reads where it belongs to none."""
        it = self.assignment
        return gettext(class_label(it.state, it.is_late, it.timing in CONTINUING))

    @property
    def state_label(self) -> str:
        return gettext(STATES[self.assignment.state])

    @property
    def guide(self) -> str:
        unit = self.assignment.guide
        return unit.name if unit else gettext("chưa có cơ quan hướng dẫn")

    @property
    def judge(self) -> str:
        unit = self.assignment.judge
        return unit.name if unit else gettext("chưa có cơ quan thẩm định")

    @property
    def left_words(self) -> str:
        return "" if self.left is None else days_left(self.left)

    @property
    def tone(self) -> str:
        """How pressing it is: late, near or far."""
        if self.left is None:
            return "far"
        return "late" if self.left < 0 else "near" if self.left < NEAR else "far"

    @property
    def methods(self) -> list["MethodShown"]:
        return [MethodShown(item) for item in self.task.methods]


@dataclass(frozen=True, slots=True)
class MethodShown:
    """A method of the checklist: its words, its kind, the evidence it asks for."""

    item: TaskItem

    @property
    def kind(self) -> str:
        return _kind(self.item.kind, get_language() or "")

    @property
    def evidence(self) -> tuple[str, ...]:
        return _evidence(self.item.kind, get_language() or "")


@cache
def _kind(kind: str, language: str) -> str:
    return gettext(KINDS.get(kind, KINDS["other"]))


@cache
def _evidence(kind: str, language: str) -> tuple[str, ...]:
    codes = EVIDENCE.get(kind, EVIDENCE["other"])
    return tuple(gettext(EVIDENCE_LABELS[code]) for code in codes)


def rows(
    assignments: Iterable[Assignment], calendar: WorkingCalendar, today: dt.date
) -> Iterator[Row]:
    """Assignments read with their task's items, ready to be shown; each due date counted once."""

    @cache
    def left(due_on: dt.date) -> int:
        return calendar.left(today, due_on)

    for assignment in assignments:
        is_open = assignment.state in OPEN_STATES
        yield Row(
            assignment,
            in_columns(assignment.task_version),
            left(assignment.due_on) if is_open else None,
        )


def narrowed_to(period: Period, wanted: Wanted) -> list[tuple[str, str]]:
    """The filters in force, read as one sentence."""
    everything = gettext("tất cả")
    parts = [
        (gettext("Kỳ"), period_name(period.code)),
        (gettext("Nội dung"), str(wanted.dimension or everything)),
        (gettext("Trạng thái"), gettext(STATES[wanted.state]) if wanted.state else everything),
    ]
    if wanted.is_overdue:
        parts.append((gettext("Thời hạn"), gettext("quá hạn")))
    if wanted.words:
        parts.append((gettext("Có chữ"), wanted.words))
    return parts


def export_columns() -> Sequence[str]:
    """The head of an exported list of assignments."""
    return (
        gettext("Đơn vị"),
        gettext("Kỳ"),
        gettext("Số"),
        gettext("Nội dung"),
        gettext("Nội dung thành phần"),
        gettext("Nội dung công việc"),
        gettext("Cách thức triển khai"),
        gettext("Cơ quan hướng dẫn, kiểm tra"),
        gettext("Cơ quan thẩm định"),
        gettext("Hạn"),
        gettext("Số lần tối thiểu"),
        gettext("Trạng thái"),
        gettext("Phân loại"),
    )


def export_row(row: Row) -> Sequence[object]:
    """One assignment under `export_columns`."""
    it = row.assignment
    return (
        it.unit.name,
        it.period.code if it.period else str(it.occasion),
        it.task_version.no,
        it.task_version.dimension,
        it.task_version.subdimension,
        "\n".join(item.words for item in row.task.content),
        "\n".join(item.words for item in row.task.methods),
        it.guide.name if it.guide else "",
        it.judge.name if it.judge else "",
        f"{it.due_on:%d/%m/%Y}",
        it.quota or "",
        row.state_label,
        row.standing,
    )
