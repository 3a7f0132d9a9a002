"""A turn to judge as lists of the desk show it, and the sentence of what is shown."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext

from khung.assignments.models import Assignment
from khung.base.wording import dimension_name, period_name
from khung.desk import asked
from khung.desk.pressing import Pressing
from khung.reports import queue
from khung.reports.models import Report, ReviewTurn
from khung.reports.queue import Wanted
from khung.rules.calendar import WorkingCalendar
from khung.rules.text import squeeze


@dataclass(frozen=True, slots=True)
class QueueRow(Pressing):
    """One turn: whose report, of which task, how long it waits and until when."""

    turn: ReviewTurn
    title: str
    left: int | None
    # A judge has ten days, so that three are near.
    near: ClassVar[int] = 3

    @property
    def assignment(self) -> Assignment:
        return self.turn.assignment

    @property
    def sent_on(self) -> str:
        at = self.turn.report.sent_at
        return f"{localtime(at):%d/%m/%Y}" if at else ""

    @property
    def when(self) -> str:
        """The period or the occasion it reports."""
        it = self.assignment
        return period_name(it.period.code) if it.period else str(it.occasion)

    @property
    def marks(self) -> list[tuple[str, str]]:
        """What sets the report apart: (tone, words)."""
        report, found = self.turn.report, []
        if self.assignment.is_late:
            found.append(("late", gettext("báo cáo quá hạn")))
        if report.number > 1:
            found.append(("near", gettext("lần %(n)s") % {"n": report.number}))
        if report.outcome != Report.Outcome.DONE:
            found.append(("", gettext(report.get_outcome_display()).lower()))
        if report.entered_by_unit_id:
            found.append(("", gettext("nhập thay")))
        if self.turn.stage == ReviewTurn.Stage.FIRST:
            found.append(("", gettext("xem xét bước đầu")))
        return found


def rows(found: Iterable[ReviewTurn], calendar: WorkingCalendar, today: dt.date) -> list[QueueRow]:
    """Turns read with `queue.for_page`, ready to be shown; asks nothing."""
    titles: dict[int, str] = {}
    shown = []
    for turn in found:
        version = turn.assignment.task_version
        if version.pk not in titles:
            words = [item.words for item in version.items.all()]
            titles[version.pk] = words[0] if words else str(version)
        left = None if turn.closed_at else calendar.left(today, turn.due_on)
        shown.append(QueueRow(turn, titles[version.pk], left))
    return shown


def wanted(request: HttpRequest) -> Wanted:
    """What the address asks of the queue; what is not understood asks for nothing."""
    show, late, whose = (request.GET.get(name, "") for name in ("show", "late", "whose"))
    known = {one.code: one for one in asked.opened(request)}
    period = known.get(request.GET.get("period", ""))
    if show == queue.JUDGED and period is None:
        # What was judged is looked up by period; what waits, waits whatever its period.
        period = asked.current_period(request)
    return Wanted(
        show=show if show in (queue.UNREAD, queue.NOBODY, queue.JUDGED) else queue.WAITING,
        period=period,
        dimension=asked.dimension(request),
        task=asked.number(request, "task"),
        unit=squeeze(request.GET.get("unit", ""))[:100],
        late=late if late in (queue.LATE_REPORT, queue.LATE_JUDGING) else "",
        whose=whose if whose in (queue.MINE, queue.UNASSIGNED) else "",
    )


def choices() -> dict[str, list[tuple[str, str]]]:
    """The choices of the filters that are the same for everybody."""
    return {
        "lates": [
            (queue.LATE_JUDGING, gettext("quá hạn thẩm định")),
            (queue.LATE_REPORT, gettext("đơn vị báo cáo quá hạn")),
        ],
        "whoses": [
            (queue.MINE, gettext("giao cho tôi")),
            (queue.UNASSIGNED, gettext("chưa phân công")),
        ],
    }


def sentence(wanted: Wanted) -> list[tuple[str, str]]:
    """The filters in force, read as one sentence."""
    everything = gettext("tất cả")
    said = choices()
    parts = [(gettext("Kỳ"), period_name(wanted.period.code) if wanted.period else everything)]
    if wanted.dimension:
        parts.append((gettext("Nội dung"), dimension_name(wanted.dimension)))
    parts.append((gettext("Nhiệm vụ"), str(wanted.task) if wanted.task else everything))
    if wanted.unit:
        parts.append((gettext("Đơn vị có chữ"), wanted.unit))
    if wanted.late:
        parts.append((gettext("Thời hạn"), dict(said["lates"])[wanted.late]))
    if wanted.whose:
        parts.append((gettext("Người thẩm định"), dict(said["whoses"])[wanted.whose]))
    return parts


def export_columns() -> Sequence[str]:
    """The head of the exported queue."""
    return (
        gettext("Đơn vị"),
        gettext("Kỳ"),
        gettext("Số"),
        gettext("Nhiệm vụ"),
        gettext("Lần"),
        gettext("Kết quả"),
        gettext("Gửi ngày"),
        gettext("Đến lượt từ ngày"),
        gettext("Hạn thẩm định"),
        gettext("Người thẩm định"),
        gettext("Ghi chú"),
    )


def export_row(row: QueueRow) -> Sequence[object]:
    """One turn under `export_columns`."""
    it, turn = row.assignment, row.turn
    return (
        it.unit.name,
        row.when,
        it.task_version.no,
        row.title,
        turn.report.number,
        gettext(turn.report.get_outcome_display()),
        row.sent_on,
        f"{localdate(turn.opened_at):%d/%m/%Y}",
        f"{turn.due_on:%d/%m/%Y}",
        turn.reviewer.full_name if turn.reviewer else "",
        ", ".join(words for _, words in row.marks),
    )
