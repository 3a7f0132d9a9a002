"""A unit's own order: how it reports, who does what by when, what is ready and what lacks."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, F, OuterRef, Prefetch, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.models import OPEN_STATES, Assignment, Period
from khung.assignments.work import for_page, owed_by
from khung.frameworks.models import TaskItem
from khung.orgs.acting import Acting, require_in
from khung.orgs.models import PEOPLE_COMMITTEE, Person, Unit
from khung.orgs.queries import holders_of, roles_of
from khung.reports import drafting
from khung.reports.models import ExemptionProposal, Report, ReportingHabit, Share
from khung.reports.reach import assignments_visible
from khung.rules.permissions import Permission, permissions_of
from khung.rules.reporting import Gap
from khung.rules.workflow import STATES


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment as the focal person sees it: who has it, what is written, what lacks."""

    assignment: Assignment
    share: Share | None = None
    draft: Report | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.assignment.state in OPEN_STATES

    @property
    def is_complete(self) -> bool:
        """Whether the draft could leave as far as its contents go."""
        return self.is_open and self.draft is not None and not self.gaps

    @property
    def is_lacking(self) -> bool:
        """Whether somebody still has to write."""
        return self.is_open and not self.is_complete

    def is_behind(self, today: dt.date) -> bool:
        """Whether the internal date passed with something still lacking."""
        return self.is_lacking and self.share is not None and self.share.due_on < today


def habit_of(unit: Unit) -> ReportingHabit:
    """How a unit reports; not saved yet, with the defaults and version 0, where it never said."""
    found = ReportingHabit.objects.filter(unit=unit).select_related("focal_person").first()
    return found or ReportingHabit(unit=unit, version=0)


def require_focal(by: Person, unit: Unit, day: dt.date) -> None:
    """The focal person gives work, and the head; anybody who reports, where nobody is named.

    Raises PermissionDenied.
    """
    require_in(by, Permission.SHARE_WORK, unit, day)
    if habit_of(unit).focal_person_id not in (None, by.pk):
        require_in(by, Permission.APPROVE_REPORT, unit, day)


def sends_instead(by: Person, unit: Unit, day: dt.date) -> Person | None:
    """The focal person who alone sends and takes back the unit's reports, beside its head.

    None where nobody is named, or the person may do so.
    """
    focal = habit_of(unit).focal_person
    if focal is None or focal.pk == by.pk:
        return None
    try:
        require_in(by, Permission.APPROVE_REPORT, unit, day)
    except PermissionDenied:
        return focal
    return None


def gives_work(by: Person, unit: Unit, day: dt.date) -> bool:
    """Whether a person may give the unit's work to colleagues."""
    try:
        require_focal(by, unit, day)
    except PermissionDenied:
        return False
    return True


def proposing_unit(by: Person, assignment: Assignment, day: dt.date) -> Unit:
    """In whose name a person asks for an exemption: the unit that owes it, its guide or judge.

    Raises PermissionDenied for everybody else.
    """
    may = {assignment.unit_id, assignment.guide_id, assignment.judge_id} - {None}
    for role in roles_of(by, day) if by.is_active else ():
        if role.unit_id in may and Permission.PROPOSE_EXEMPTION in permissions_of([role.role]):
            return role.unit
    raise PermissionDenied(Permission.PROPOSE_EXEMPTION)


def not_exempted(assignment: Assignment) -> str:
    """Why nobody can ask for an exemption now, in words; empty where it can be asked for."""
    if assignment.state not in OPEN_STATES:
        said = gettext("Không đề nghị miễn được khi nhiệm vụ đang ở trạng thái “%(state)s”.")
        return said % {"state": gettext(STATES[assignment.state])}
    proposals = assignment.exemption_proposals.select_related("by_unit")
    waiting = proposals.filter(answered_at=None).first()
    if waiting is None:
        return ""
    said = gettext("%(unit)s đã đề nghị miễn nhiệm vụ này ngày %(day)s, đang chờ trả lời.")
    day = f"{timezone.localtime(waiting.proposed_at):%d/%m/%Y}"
    return said % {"unit": waiting.by_unit, "day": day}


def proposals_visible(acting: Acting) -> QuerySet[ExemptionProposal]:
    """The proposals of assignments somebody may see; waiting ones first, the oldest before."""
    items = TaskItem.objects.order_by("field", "position")
    return (
        ExemptionProposal.objects.filter(assignment__in=assignments_visible(acting))
        .select_related(
            "assignment__task_version",
            "assignment__unit",
            "assignment__counts_in",
            "assignment__occasion",
            "by_unit",
            "proposed_by",
            "answered_by",
        )
        .prefetch_related(Prefetch("assignment__task_version__items", items))
        .order_by(F("answered_at").desc(nulls_first=True), "proposed_at", "id")
    )


def enterable_units(acting: Acting, period: Period) -> QuerySet[Unit]:
    """The units with work in a period for which a person may enter: territories, then bodies.

    Those below the unit acted for; all, for the coordinator (`reach.writing_unit` decides again).
    """
    territories_first = Case(When(kind=PEOPLE_COMMITTEE, then=0), default=1)
    if acting.unit is None or not acting.may(Permission.ENTER_FOR_UNIT):
        return Unit.objects.none()
    owes = Assignment.objects.filter(unit=OuterRef("pk"), counts_in=period)
    found = Unit.objects.filter(Exists(owes)).exclude(pk=acting.unit.pk)
    if not acting.may(Permission.VIEW_ALL_WORK):
        found = found.filter(path__startswith=acting.unit.path)
    return found.select_related("parent").order_by(territories_first, "sort_key", "id")


def may_enter_for(acting: Acting, unit: Unit) -> bool:
    """Whether a person enters for another unit: one below, or any for the coordinator."""
    if acting.unit is None or unit.pk == acting.unit.pk:
        return False
    below = unit.path.startswith(acting.unit.path)
    return acting.may(Permission.ENTER_FOR_UNIT) and (below or acting.may(Permission.VIEW_ALL_WORK))


def colleagues(unit: Unit, day: dt.date) -> QuerySet[Person]:
    """Those who may fill in the unit's reports on a day."""
    return holders_of(unit, Permission.REPORT_WORK, day)


def shares_of(assignment_ids: Collection[int]) -> dict[int, Share]:
    """Who was given which of these assignments, by its id; one query."""
    found = Share.objects.filter(assignment__in=assignment_ids).select_related("person")
    return {share.assignment_id: share for share in found}


def lines(assignments: Sequence[Assignment]) -> list[Line]:
    """Assignments with who has them, their drafts and what those lack, in the same order.

    At most six queries, whatever the number; meant for the work of one unit in one period.
    """
    by_id = {one.pk: one for one in assignments}
    shares = shares_of(by_id)
    drafts = Report.objects.filter(assignment__in=by_id, sent_at__isnull=True)
    written = {}
    for draft in drafts.select_related(
        "edited_by", "approved_by", "entered_by_unit", "joint_with__assignment__unit"
    ):
        draft.assignment = by_id[draft.assignment_id]
        written[draft.assignment_id] = draft
    lacking = drafting.gaps_of(list(written.values())) if written else {}
    return [
        Line(
            one,
            shares.get(one.pk),
            written.get(one.pk),
            tuple(lacking[written[one.pk].pk]) if one.pk in written else (),
        )
        for one in assignments
    ]


def lines_of(unit: Unit, period: Period) -> list[Line]:
    """All that a unit owes in a period, by the number of the task: one unit's work, never more."""
    owed = for_page(owed_by(unit, period)).select_related(
        "task_version", "occasion", "counts_in", "unit"
    )
    return lines(list(owed.order_by("task_version__no", "id")))
