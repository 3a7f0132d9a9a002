"""One assignment: who owes what, by when, who judges it and why, and what became of it."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from khung.assignments.calendar import working_calendar
from khung.assignments.judging import judge_basis
from khung.assignments.models import Assignment
from khung.assignments.queries import visible_to
from khung.base import audit, clock
from khung.base.models import AuditEvent
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import rows
from khung.frameworks.models import TaskItem
from khung.rules.permissions import Permission
from khung.rules.timing import PHASES

HISTORY_LENGTH = 100


@require_safe
@requires(
    Permission.VIEW_OWN_UNIT_WORK,
    Permission.VIEW_SUBTREE_WORK,
    Permission.VIEW_JUDGED_WORK,
    Permission.VIEW_ALL_WORK,
)
def assignment(request: DeskRequest, pk: int) -> HttpResponse:
    """An assignment, for those who may see it; for everybody else there is no such page."""
    items = TaskItem.objects.order_by("field", "position")
    found = get_object_or_404(
        visible_to(request.acting)
        .select_related(
            "task_version__framework__decision", "unit", "guide", "judge", "occasion", "period",
            "counts_in",
        )
        .prefetch_related(
            Prefetch("task_version__items", items), "lateness_events", "exemptions__granted_by"
        ),
        pk=pk,
    )  # fmt: skip
    today = clock.today()
    (row,) = rows([found], working_calendar(), today)
    history = request.acting.may(Permission.VIEW_AUDIT)
    return render(
        request,
        "desk/assignment.html",
        {
            "it": found,
            "row": row,
            "decision": found.task_version.framework.decision,
            "judge_reason": judge_reason(found),
            "lock_reason": lock_reason(found, today),
            "phases": phases(found),
            "may_see_history": history,
            "history": events(found) if history else [],
        },
    )


def judge_reason(found: Assignment) -> str:
    """Why this body judges the unit's reports, or why nobody does yet."""
    reasons = {
        "guide": gettext("vì là cơ quan hướng dẫn, kiểm tra nhiệm vụ này"),
        "not_itself": gettext(
            "vì Quyết định giao chính đơn vị này hướng dẫn, kiểm tra, mà không đơn vị nào tự "
            "thẩm định báo cáo của mình"
        ),
        "settled": gettext("theo ý kiến xử lý của cơ quan điều phối"),
        "no_guide": gettext("vì chưa có cơ quan hướng dẫn, kiểm tra"),
        "undecided": gettext("vì chưa xác định được ai thẩm định"),
    }
    return reasons[judge_basis(found)]


def lock_reason(found: Assignment, today: dt.date) -> str:
    """Why nothing can be sent in any more; "" while it can."""
    if today <= found.locks_on:
        return ""
    return gettext("Đã khóa: ngày khóa %(day)s đã qua.") % {"day": f"{found.locks_on:%d/%m/%Y}"}


def phases(found: Assignment) -> list[tuple[str, str, str]]:
    """The phases of the occasion: name, first day, last day."""
    if found.occasion is None:
        return []
    return [
        (
            gettext(PHASES.get(phase["phase"], phase["phase"])),
            f"{dt.date.fromisoformat(phase['from']):%d/%m/%Y}",
            f"{dt.date.fromisoformat(phase['to']):%d/%m/%Y}",
        )
        for phase in found.occasion.phases
    ]


def events(found: Assignment) -> Sequence[tuple[AuditEvent, str]]:
    """What was done to the assignment, newest first, each with its sentence.

    Bulk work is one event, so its beginning is the event of its period or occasion.
    """
    begun = (
        Q(subject=f"occasion:{found.occasion_id}")
        if found.occasion_id
        else Q(subject=f"period:{found.counts_in.code}", verb="period.put_into_work")
    )
    by_verb = audit.sentences()
    recorded = AuditEvent.objects.filter(Q(subject=f"assignment:{found.pk}") | begun)
    return [
        (event, audit.sentence(event, by_verb))
        for event in recorded.order_by("-at", "-id")[:HISTORY_LENGTH]
    ]
