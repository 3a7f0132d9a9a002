"""An assignment as the lists of the desk show it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from khung.assignments.models import OPEN_STATES, Assignment
from khung.desk.pressing import Pressing
from khung.frameworks.models import TaskItem
from khung.frameworks.tasks import WordedTask, in_columns
from khung.orgs.models import Unit
from khung.rules.calendar import WorkingCalendar
from khung.rules.methods import EVIDENCE, EVIDENCE_LABELS, KINDS
from khung.rules.timing import CONTINUING
from khung.rules.workflow import STATES, class_label


@dataclass(frozen=True, slots=True)
class Row(Pressing):
    """One assignment with its words; `left` is None once a result is in or nothing is owed."""

    assignment: Assignment
    task: WordedTask
    left: int | None
    names: Mapping[int, str]

    @property
    def standing(self) -> str:
        """The official class, or how the state reads where it belongs to none."""
        it = self.assignment
        return gettext(class_label(it.state, it.is_late, it.timing in CONTINUING))

    @property
    def state_label(self) -> str:
        return gettext(STATES[self.assignment.state])

    @property
    def unit(self) -> str:
        return self.names[self.assignment.unit_id]

    @property
    def guide(self) -> str:
        guide = self.assignment.guide_id
        return self.names[guide] if guide else gettext("chưa có cơ quan hướng dẫn")

    @property
    def judge(self) -> str:
        judge = self.assignment.judge_id
        return self.names[judge] if judge else gettext("chưa có cơ quan thẩm định")

    @property
    def href(self) -> str:
        return f"{_address('assignment')}{self.assignment.pk}/"

    @property
    def task_href(self) -> str:
        return f"{_address('task')}{self.task.no}/"

    @property
    def due_on(self) -> str:
        return f"{self.assignment.due_on:%d/%m/%Y}"

    @property
    def updated_on(self) -> str:
        at = self.assignment.updated_at
        return f"{localtime(at):%d/%m/%Y}" if at else ""

    @property
    def quota(self) -> str:
        """How often at least, where the duty is counted."""
        n = self.assignment.quota
        return gettext("ít nhất %(n)s lần") % {"n": n} if n else ""

    @property
    def timing(self) -> str:
        return "; ".join(item.words for item in self.task.timing)

    @property
    def methods(self) -> SafeString:
        return checklist(self.task.methods)


@cache
def _address(name: str) -> str:
    """Where pages of a kind begin, asked of the resolver once: lists hold hundreds of links."""
    return reverse(name, args=[0]).removesuffix("0/")


def checklist(methods: Iterable[TaskItem]) -> SafeString:
    """The methods of a task as a checklist, each with its kind and the evidence it asks for."""
    language = get_language() or ""
    shown = format_html_join(
        "",
        "<li>{} {}</li>",
        ((method.words, _asked_of(method.kind, language)) for method in methods),
    )
    if not shown:
        return format_html("<p>{}</p>", gettext("Quyết định không ghi cách thức triển khai."))
    return format_html('<ul class="checklist">{}</ul>', shown)


@cache
def _asked_of(kind: str, language: str) -> SafeString:
    """What a kind of method is called and the evidence it asks for, in the language in use."""
    known = kind if kind in EVIDENCE else "other"
    chips = format_html_join(
        " ",
        '<span class="chip">{}</span>',
        ((gettext(EVIDENCE_LABELS[code]),) for code in EVIDENCE[known]),
    )
    return format_html('<span class="kind">{}</span> {}', gettext(KINDS[known]), chips)


def rows(assignments: Iterable[Assignment], calendar: WorkingCalendar, today: dt.date) -> list[Row]:
    """Assignments read with their task's items, ready to be shown; one query for all names."""

    @cache
    def left(due_on: dt.date) -> int:
        return calendar.left(today, due_on)

    found = list(assignments)
    tasks: dict[int, WordedTask] = {}
    for it in found:
        if it.task_version_id not in tasks:
            tasks[it.task_version_id] = in_columns(it.task_version)
    named = {pk for it in found for pk in (it.unit_id, it.guide_id, it.judge_id) if pk}
    names = dict(Unit.objects.filter(pk__in=named).values_list("pk", "name"))
    return [
        Row(
            it,
            tasks[it.task_version_id],
            left(it.due_on) if it.state in OPEN_STATES else None,
            names,
        )
        for it in found
    ]


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
        row.unit,
        it.period.code if it.period else str(it.occasion),
        it.task_version.no,
        it.task_version.dimension,
        it.task_version.subdimension,
        "\n".join(item.words for item in row.task.content),
        "\n".join(item.words for item in row.task.methods),
        row.guide,
        row.judge,
        row.due_on,
        it.quota or "",
        row.state_label,
        row.standing,
    )
