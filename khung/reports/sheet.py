"""The sheet of a unit's period: what is written of each assignment so far, and what it lacks."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from khung.assignments.models import OPEN_STATES, Assignment
from khung.orgs.acting import Acting
from khung.orgs.models import Unit
from khung.reports import drafting
from khung.reports.joint import STANDING_STATES
from khung.reports.models import Occurrence, Remark, Report, ReportingHabit, Review
from khung.rules.permissions import Permission
from khung.rules.reporting import Gap


@dataclass(frozen=True, slots=True)
class Drafted:
    """A report being written, and what it still lacks."""

    report: Report
    gaps: Sequence[Gap]

    @property
    def is_complete(self) -> bool:
        return not self.gaps


@dataclass(frozen=True, slots=True)
class Opened:
    """All that one open line of the sheet shows of its assignment, remarks by their place.

    `newest` is the draft, else the last version sent; `returned` is the return it answers.
    """

    newest: Report | None
    gaps: Sequence[Gap] = ()
    returned: Review | None = None
    remarks: Sequence[Remark] = ()
    occurrences: Sequence[Occurrence] = ()
    copied_from: Report | None = None

    @property
    def draft(self) -> Report | None:
        """What is being written, None before the first word and while a report is sent."""
        return self.newest if self.newest and self.newest.sent_at is None else None

    @property
    def method_remarks(self) -> dict[int, list[Remark]]:
        found: dict[int, list[Remark]] = {}
        for remark in self.remarks:
            if remark.method_id:
                found.setdefault(remark.method_id, []).append(remark)
        return found

    @property
    def evidence_remarks(self) -> list[Remark]:
        return [one for one in self.remarks if one.evidence_id and not one.method_id]

    @property
    def text_remarks(self) -> list[Remark]:
        return [one for one in self.remarks if not one.evidence_id and not one.method_id]


@dataclass(frozen=True, slots=True)
class Written:
    """The drafts of a unit's period by assignment."""

    drafts: dict[int, Drafted] = field(default_factory=dict)

    @property
    def complete(self) -> list[Report]:
        """Those that lack nothing."""
        return [one.report for one in self.drafts.values() if one.is_complete]

    @property
    def handed_in(self) -> list[Report]:
        """Complete ones that wait for the head's approval."""
        return [one for one in self.complete if one.is_ready and one.approved_at is None]

    @property
    def approved(self) -> list[Report]:
        return [one for one in self.complete if one.approved_at is not None]


def written_of(owed: QuerySet[Assignment]) -> Written:
    """The drafts of these assignments and their gaps: four queries, whatever the number."""
    drafts = list(
        Report.objects.filter(assignment__in=owed.order_by().values("pk"), sent_at__isnull=True)
        .select_related("assignment")
        .order_by("id")
    )
    gaps = drafting.gaps_of(drafts)
    return Written({one.assignment_id: Drafted(one, gaps[one.pk]) for one in drafts})


def writes(acting: Acting, assignment: Assignment) -> bool:
    """Whether the person acts for the unit that reports, or enters for it ("nhập thay")."""
    if acting.unit is None:
        return False
    if acting.unit.pk == assignment.unit_id:
        return acting.may(Permission.REPORT_WORK)
    above = assignment.path.startswith(acting.unit.path)
    return acting.may(Permission.ENTER_FOR_UNIT) and (above or acting.may(Permission.VIEW_ALL_WORK))


def head_approves(unit: Unit) -> bool:
    """Whether reports of the unit wait for its head; so it is where nobody switched it off."""
    habit = ReportingHabit.objects.filter(unit=unit).first()
    return habit is None or habit.head_approves


def opened(assignment: Assignment, *, may_write: bool) -> Opened:
    """What one open line shows; a draft is shown only to those who write it."""
    versions = Report.objects.filter(assignment=assignment).select_related(
        "edited_by", "sent_by", "approved_by", "entered_by_unit"
    )
    if not may_write:
        versions = versions.filter(sent_at__isnull=False)
    newest = versions.order_by("-number").first()
    is_open = assignment.state in OPEN_STATES
    returned = _return_of(assignment) if is_open else None
    draft = newest if newest and newest.sent_at is None else None
    return Opened(
        newest=newest,
        gaps=drafting.gaps_of([_with(draft, assignment)])[draft.pk] if draft else (),
        returned=returned,
        remarks=_remarks(returned) if returned else (),
        occurrences=_occurrences(assignment) if assignment.quota else (),
        copied_from=_to_copy(assignment, newest) if may_write and is_open else None,
    )


def _with(report: Report, assignment: Assignment) -> Report:
    report.assignment = assignment
    return report


def _return_of(assignment: Assignment) -> Review | None:
    """The return that the unit answers now: that of the last version sent."""
    last = (
        Report.objects.filter(assignment=assignment, sent_at__isnull=False)
        .order_by("-number")
        .values("pk")[:1]
    )
    verdict = Review.Verdict
    return (
        Review.objects.filter(report__in=last, verdict__in=(verdict.RETURNED, verdict.REOPENED))
        .select_related("by", "by_unit")
        .order_by("-at", "-id")
        .first()
    )


def _remarks(review: Review) -> list[Remark]:
    return list(review.remarks.select_related("reason", "method", "evidence").order_by("id"))


def _occurrences(assignment: Assignment) -> list[Occurrence]:
    stand = assignment.occurrences.filter(withdrawn_at__isnull=True)
    return list(stand.select_related("recorded_by", "evidence"))


def _to_copy(assignment: Assignment, newest: Report | None) -> Report | None:
    """The report of an earlier period, where nothing is written yet that it would replace."""
    if newest is not None and has_words(newest):
        return None
    found = sources_of_copy([assignment]).get(assignment.pk)
    if found is None:
        return None
    return Report.objects.select_related("assignment__counts_in").get(pk=found)


def has_words(report: Report) -> bool:
    """Whether somebody wrote into the report what a copy would replace."""
    said = report.text.strip() or report.reason.strip() or report.quantity_of.strip()
    return bool(said or report.methods_done) or report.quantity is not None


def sources_of_copy(assignments: Iterable[Assignment]) -> dict[int, int]:
    """The id of the last report sent of the same task and unit in an earlier period, by assignment.

    A report returned and never corrected is none to copy. The assignments come with `counts_in`.
    One query for all of them.
    """
    asked = list(assignments)
    sent = Report.objects.filter(
        assignment__unit__in={one.unit_id for one in asked},
        assignment__task__in={one.task_id for one in asked},
        assignment__state__in=STANDING_STATES,
        sent_at__isnull=False,
        withdrawn_at__isnull=True,
    ).order_by("assignment__counts_in__starts_on", "assignment", "number")
    history: dict[tuple[int, int], list[tuple[dt.date, int]]] = {}
    for unit_id, task_id, starts_on, pk in sent.values_list(
        "assignment__unit", "assignment__task", "assignment__counts_in__starts_on", "pk"
    ):
        history.setdefault((unit_id, task_id), []).append((starts_on, pk))
    found: dict[int, int] = {}
    for one in asked:
        for starts_on, pk in history.get((one.unit_id, one.task_id), ()):
            if starts_on < one.counts_in.starts_on:
                found[one.pk] = pk
    return found


def never_written(owed: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Those of which nothing is written yet: neither begun nor let off."""
    return owed.filter(state="not_started").select_related("counts_in")


def counted_span(assignment: Assignment) -> tuple[dt.date, dt.date]:
    """The first and the last day whose occurrences count: the days the figures run over."""
    period = assignment.period or assignment.counts_in
    return period.data_from, period.data_to
