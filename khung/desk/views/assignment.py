"""One assignment: who owes what, by when, who judges it and why, and what became of it."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from khung.assignments.calendar import working_calendar
from khung.assignments.freshness import light_of
from khung.assignments.judging import judge_basis
from khung.assignments.locks import lock_of
from khung.assignments.models import OPEN_STATES, Assignment
from khung.base import clock
from khung.desk import history
from khung.desk.permissions import DeskRequest, requires
from khung.desk.rows import rows
from khung.difficulties.models import Difficulty
from khung.difficulties.queries import raised_from, visible_to
from khung.frameworks.models import TaskItem
from khung.orgs.acting import Acting
from khung.reports.models import ExemptionProposal, Report, Review, ReviewTurn
from khung.reports.proofs import proofs_of
from khung.reports.reach import assignments_visible, reports_visible, require_turn
from khung.rules.permissions import Permission
from khung.rules.timing import PHASES


@dataclass(frozen=True, slots=True)
class Step:
    """What the reader may do next, and where."""

    words: str
    href: str


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
        assignments_visible(request.acting)
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
    # A lock says nothing of work that is judged or let off.
    lock = lock_of(found, today) if found.state in OPEN_STATES else None
    report = newest_report(found, request.acting)
    turn = found.turns.filter(closed_at=None).select_related("unit", "reviewer").first()
    return render(
        request,
        "desk/assignment.html",
        {
            "it": found,
            "row": row,
            "decision": found.task_version.framework.decision,
            "judge_reason": judge_reason(found),
            "lock": lock,
            "phases": phases(found),
            "light": light_of(found, found.counts_in, today),
            "report": report,
            "proofs": proofs_of([report.pk])[report.pk] if report else [],
            "reviews": reviews(found),
            "turn": turn,
            "turn_is_late": turn is not None and turn.due_on < today,
            "proposals": proposals(found),
            "difficulties": difficulties(found, request.acting),
            "steps": steps(found, turn, request.acting, is_locked=lock is not None),
            "history": history.of_assignment(found),
        },
    )


def newest_report(found: Assignment, acting: Acting) -> Report | None:
    """The last version that was sent; drafts are shown on the sheet only."""
    return (
        reports_visible(acting)
        .filter(assignment=found, sent_at__isnull=False)
        .select_related("sent_by", "approved_by", "entered_by_unit", "joint_with__assignment__unit")
        .order_by("-number")
        .first()
    )


def reviews(found: Assignment) -> QuerySet[Review]:
    """What judges said of every version, newest first, with the places they meant."""
    return (
        Review.objects.filter(report__assignment=found)
        .select_related("report", "by", "by_unit")
        .prefetch_related("remarks__reason", "remarks__method", "remarks__evidence")
        .order_by("-at", "-id")
    )


def proposals(found: Assignment) -> QuerySet[ExemptionProposal]:
    """Who asked that it be let off, and what was answered; newest first."""
    return (
        found.exemption_proposals.select_related("by_unit", "proposed_by", "answered_by")
        .all()
        .order_by("-proposed_at", "-id")
    )


def difficulties(found: Assignment, acting: Acting) -> QuerySet[Difficulty]:
    """What was raised from it, as far as the reader may see it; newest first."""
    return raised_from(found).filter(pk__in=visible_to(acting).values("pk"))


def steps(
    found: Assignment, turn: ReviewTurn | None, acting: Acting, *, is_locked: bool
) -> list[Step]:
    """Where the reader may act on it: on their sheet, in their queue, by asking or giving leave."""
    unit = acting.unit
    if unit is None:
        return []
    told = []
    if unit.pk == found.unit_id and acting.may(Permission.REPORT_WORK):
        words = gettext("Báo cáo kết quả") if found.state in OPEN_STATES else gettext("Xem phiếu")
        period = found.counts_in.code
        told.append(
            Step(words, f"{reverse('my_work')}?period={period}&open={found.pk}#nv-{found.pk}")
        )
    if turn is not None and turn.unit_id == unit.pk and acting.may(Permission.JUDGE_WORK):
        words = (
            gettext("Xem xét bước đầu")
            if turn.stage == ReviewTurn.Stage.FIRST
            else gettext("Thẩm định báo cáo")
        )
        told.append(Step(words, f"{reverse('judging')}?turn={turn.pk}"))
    if found.state == "accepted" and _may_reopen(found, acting):
        told.append(Step(gettext("Hủy công nhận"), reverse("reopen_report", args=[found.pk])))
    if is_locked and acting.may(Permission.GRANT_LOCK_EXCEPTION):
        where = f"{reverse('grant_lock_exception')}?unit={found.unit_id}"
        where += f"&period={found.counts_in.code}"
        told.append(Step(gettext("Cho phép báo cáo sau ngày khóa"), where))
    if unit.pk == found.unit_id and acting.may(Permission.RAISE_DIFFICULTY):
        where = f"{reverse('raise_difficulty')}?assignment={found.pk}"
        told.append(Step(gettext("Nêu khó khăn"), where))
    asks = unit.pk in (found.unit_id, found.guide_id, found.judge_id)
    if asks and found.state in OPEN_STATES and acting.may(Permission.PROPOSE_EXEMPTION):
        told.append(Step(gettext("Đề nghị miễn"), reverse("propose_exemption", args=[found.pk])))
    return told


def _may_reopen(found: Assignment, acting: Acting) -> bool:
    """Whether the reader may take the acceptance back: the judge, the coordinator after one."""
    if acting.person is None or not acting.may(Permission.JUDGE_WORK):
        return False
    last = found.turns.select_related("unit").order_by("id").last()
    try:
        require_turn(acting.person, last or ReviewTurn(unit=found.judge), clock.today())
    except PermissionDenied:
        return False
    return True


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
