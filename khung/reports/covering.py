"""What a unit's own paper report of a period is made of: read from what it sent, never typed twice.

`khung.reports.covering_words` makes the document of it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from khung.assignments.models import OPEN_STATES, Assignment, Period
from khung.assignments.work import owed_by
from khung.base.wording import number, period_name
from khung.frameworks.models import Framework, TaskItem
from khung.frameworks.queries import coordinators
from khung.frameworks.tasks import dimension_label, in_columns
from khung.orgs.acting import Acting
from khung.orgs.models import PEOPLE_COMMITTEE, Unit
from khung.orgs.queries import ancestors, name_on
from khung.reports.models import CoveringReport, EvidenceUse, Report
from khung.rules.permissions import Permission


@dataclass(frozen=True, slots=True)
class Reported:
    """One task as the paper says it: what was reported, how it stands, what proves it."""

    no: int
    dimension: int
    title: str
    state: str
    outcome: str = ""
    text: str = ""
    quantity: str = ""
    pieces: int = 0
    joint_with: str = ""
    entered_by: str = ""
    is_late: bool = False

    @property
    def is_reported(self) -> bool:
        return self.state in ("submitted", "accepted")


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues the report, as the head of the document names it."""

    name: str
    above: str
    is_committee: bool
    place: str
    level: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the paper report says; `decision` reads "số … ngày … của …"."""

    issuer: Issuer
    period: str
    data_from: dt.date
    data_to: dt.date
    decision: str
    title: str
    to: tuple[str, ...]
    tasks: tuple[Reported, ...]
    difficulties: tuple[str, ...] = ()
    is_illustrative: bool = False

    def count(self, outcome: str) -> int:
        """How many reported tasks came out so."""
        return sum(one.is_reported and one.outcome == outcome for one in self.tasks)

    @property
    def reported(self) -> list[Reported]:
        return [one for one in self.tasks if one.is_reported]

    @property
    def owed(self) -> list[Reported]:
        """What is still to be reported."""
        return [one for one in self.tasks if one.state in OPEN_STATES]

    @property
    def exempt(self) -> int:
        return sum(one.state == "exempt" for one in self.tasks)

    @property
    def by_dimension(self) -> list[tuple[str, int, int]]:
        """Each dimension with tasks: its name, how many reported, of how many owed."""
        owed = [one for one in self.tasks if one.state != "exempt"]
        total = Counter(one.dimension for one in owed)
        done = Counter(one.dimension for one in owed if one.is_reported)
        return [(dimension_label(no), done[no], total[no]) for no in sorted(total)]


def facts_of(unit: Unit, period: Period, today: dt.date, difficulties: Sequence[str] = ()) -> Facts:
    """The facts of a unit's paper report: at most eight queries, one unit's work only.

    `difficulties` are the sentences of those the unit has open; their room lies above this one.
    """
    items = TaskItem.objects.order_by("field", "position")
    owed = owed_by(unit, period).select_related("task_version__framework__decision")
    rows = list(
        owed.prefetch_related(Prefetch("task_version__items", items)).order_by(
            "task_version__dimension", "task_version__no", "id"
        )
    )
    sent = _sent(rows)
    pieces = Counter(
        EvidenceUse.objects.filter(report__in=[one.pk for one in sent.values()])
        .values_list("report", "evidence")
        .distinct()
        .values_list("report", flat=True)
    )
    framework = rows[0].task_version.framework if rows else None
    return Facts(
        issuer=_issuer(unit, today),
        period=period_name(period.code),
        data_from=period.data_from,
        data_to=period.data_to,
        decision=_decision(framework),
        title=framework.decision.title if framework else "",
        to=_addressed_to(framework, unit),
        tasks=tuple(_reported(one, sent.get(one.pk), pieces) for one in rows),
        difficulties=tuple(difficulties),
        is_illustrative=any(one.is_illustrative for one in rows),
    )


def _sent(rows: Sequence[Assignment]) -> dict[int, Report]:
    """The last version sent of each, by assignment."""
    found = Report.objects.filter(assignment__in=rows, sent_at__isnull=False)
    shown = found.select_related("entered_by_unit", "joint_with__assignment__unit")
    return {one.assignment_id: one for one in shown.order_by("number")}


def _reported(one: Assignment, report: Report | None, pieces: Counter[int]) -> Reported:
    version = one.task_version
    if report is None:
        return Reported(
            version.no, version.dimension, in_columns(version).title, one.state, is_late=one.is_late
        )
    joint, entered = report.joint_with, report.entered_by_unit
    quantity = "" if report.quantity is None else number(report.quantity)
    return Reported(
        no=version.no,
        dimension=version.dimension,
        title=in_columns(version).title,
        state=one.state,
        outcome=report.outcome,
        text=report.text if report.outcome == Report.Outcome.DONE else report.reason,
        quantity=f"{quantity} {report.quantity_of}".strip(),
        pieces=pieces[report.pk],
        joint_with=joint.assignment.unit.name if joint else "",
        entered_by=entered.name if entered else "",
        is_late=one.is_late,
    )


def _issuer(unit: Unit, today: dt.date) -> Issuer:
    above = ancestors(unit, today)
    parent = above[-1] if above else None
    is_committee = unit.kind == PEOPLE_COMMITTEE
    seat = unit if is_committee or parent is None else parent
    return Issuer(
        name=name_on(unit, today),
        # A People's Committee names its territory; other bodies name the one they belong to.
        above="" if is_committee or parent is None else parent.day_name,
        is_committee=is_committee,
        place=name_on(seat, today),
        level=unit.level,
    )


def _decision(framework: Framework | None) -> str:
    if framework is None:
        return ""
    decision = framework.decision
    return f"số {decision.number} ngày {decision.issued_on:%d/%m/%Y} của {decision.issuer}"


def _addressed_to(framework: Framework | None, unit: Unit) -> tuple[str, ...]:
    if framework is None:
        return ()
    return tuple(one.unit.name for one in coordinators(framework) if one.unit_id != unit.pk)


def covering_of(unit: Unit, period: Period) -> CoveringReport | None:
    """The record of a unit's paper report of a period; None while nobody drafted one."""
    return (
        CoveringReport.objects.filter(unit=unit, period=period)
        .select_related("drafted_by", "closed_by", "signed_file")
        .first()
    )


def closed() -> QuerySet[CoveringReport]:
    """Every signed paper report, the newest first."""
    found = CoveringReport.objects.filter(closed_at__isnull=False)
    shown = found.select_related("unit", "period", "closed_by", "signed_file")
    return shown.order_by("-closed_at", "-id")


def closed_visible(acting: Acting) -> QuerySet[CoveringReport]:
    """The signed paper reports a person may read.

    Their own unit's, those of units below it, or all, as with the work itself.
    """
    found = closed()
    if Permission.VIEW_ALL_WORK in acting.permissions:
        return found
    if acting.unit is None:
        return found.none()
    allowed = Q(unit=acting.unit)
    if Permission.VIEW_SUBTREE_WORK in acting.permissions:
        allowed |= Q(unit__path__startswith=acting.unit.path)
    return found.filter(allowed)
