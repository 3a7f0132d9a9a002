"""Reading evidence: what proves a report, who may see it, and what may be used again."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from khung.assignments.models import OPEN_STATES, Assignment
from khung.frameworks.models import TaskItem
from khung.orgs.acting import Acting
from khung.orgs.models import Unit
from khung.reports.models import Evidence, EvidenceUse, Occurrence, Report
from khung.reports.reach import reports_visible
from khung.rules.permissions import Permission
from khung.rules.text import fold

WRITES = frozenset({Permission.REPORT_WORK, Permission.ENTER_FOR_UNIT})


def proofs_of(report_ids: Collection[int]) -> dict[int, list[EvidenceUse]]:
    """The evidence under each of these reports, by the report's id, oldest first; one query."""
    found: dict[int, list[EvidenceUse]] = {pk: [] for pk in report_ids}
    if found:
        uses = EvidenceUse.objects.filter(report__in=found).select_related("evidence__file")
        for use in uses.order_by("id"):
            found[use.report_id].append(use)
    return found


def visible_to(acting: Acting) -> QuerySet[Evidence]:
    """What a person may open: what proves a report they see, and all their own unit keeps.

    What holds personal data is opened only by those who write it or judge it, not by all who
    watch the work.
    """
    used = EvidenceUse.objects.filter(
        evidence=OuterRef("pk"), report__in=reports_visible(acting).values("pk")
    )
    allowed = Q(Exists(used))
    writes = bool(WRITES & acting.permissions) and acting.unit is not None
    if writes:
        allowed |= Q(unit=acting.unit)
    seen = Evidence.objects.filter(allowed)
    if Permission.JUDGE_WORK in acting.permissions:
        return seen
    own = Q(unit=acting.unit) if writes else Q(pk__in=[])
    return seen.filter(Q(has_personal_data=False) | own)


def may_open(acting: Acting, piece: Evidence) -> bool:
    """Whether a person who sees a report may open this piece of it; see `visible_to`."""
    if not piece.has_personal_data or Permission.JUDGE_WORK in acting.permissions:
        return True
    own = acting.unit is not None and acting.unit.pk == piece.unit_id
    return own and bool(WRITES & acting.permissions)


def still_valid(assignments: Sequence[Assignment], today: dt.date) -> dict[int, list[EvidenceUse]]:
    """What proved the same task of the same unit before and still holds, by assignment id.

    It comes from the newest report sent for an earlier period, or for another occasion of the same
    one, and not withdrawn, without what the draft already has; three queries,
    whatever the number of assignments.
    """
    before = (
        Report.objects.filter(
            assignment__task=OuterRef("task"),
            assignment__unit=OuterRef("unit"),
            assignment__counts_in__starts_on__lte=OuterRef("counts_in__starts_on"),
            sent_at__isnull=False,
            withdrawn_at__isnull=True,
        )
        .exclude(assignment=OuterRef("pk"))
        .order_by("-sent_at", "-id")
    )
    asked = Assignment.objects.filter(pk__in=[one.pk for one in assignments])
    rows = asked.annotate(before=Subquery(before.values("pk")[:1])).values_list("pk", "before")
    by_report: dict[int, list[int]] = {}
    for pk, report in rows:
        if report is not None:
            by_report.setdefault(report, []).append(pk)
    found: dict[int, list[EvidenceUse]] = {one.pk: [] for one in assignments}
    if not by_report:
        return found
    holds = Q(evidence__valid_until__isnull=True) | Q(evidence__valid_until__gte=today)
    uses = EvidenceUse.objects.filter(holds, report__in=by_report).select_related(
        "evidence__file", "method", "report__assignment__counts_in"
    )
    there = _there(by_report)
    for use in uses.order_by("id"):
        for pk in by_report[use.report_id]:
            if (pk, use.evidence_id) not in there:
                found[pk].append(use)
    return found


def _there(by_report: dict[int, list[int]]) -> set[tuple[int, int]]:
    """(assignment, evidence) of the drafts being written."""
    pks = [pk for found in by_report.values() for pk in found]
    drafts = EvidenceUse.objects.filter(report__assignment__in=pks, report__sent_at__isnull=True)
    return set(drafts.values_list("report__assignment", "evidence"))


def reusable(unit: Unit, words: str, today: dt.date) -> QuerySet[Evidence]:
    """What a unit keeps and may use again, newest first; `words` are looked for in titles.

    What is no longer valid is left out.
    """
    holds = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    found = Evidence.objects.filter(holds, unit=unit).select_related("file")
    for word in words.split():
        found = found.filter(title__icontains=word)
    return found.order_by("-added_at", "-id")


def occurrences_of(assignments: Iterable[Assignment]) -> dict[int, list[Occurrence]]:
    """The times counted tasks were done, by assignment id; no query where none is counted."""
    counted = [one.pk for one in assignments if one.quota]
    found: dict[int, list[Occurrence]] = {}
    if counted:
        stand = Occurrence.objects.filter(assignment__in=counted, withdrawn_at__isnull=True)
        for one in stand:
            found.setdefault(one.assignment_id, []).append(one)
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of evidence is used: the task's number, the period, and whether it was sent."""

    task_no: int
    period: str
    is_sent: bool
    assignment_id: int


def places_of(evidence_ids: Iterable[int]) -> dict[int, list[Place]]:
    """Where each piece is used, newest assignment first, each assignment once; one query."""
    found: dict[int, dict[int, Place]] = {pk: {} for pk in evidence_ids}
    uses = EvidenceUse.objects.filter(evidence__in=found).order_by("-report__assignment", "-id")
    for evidence, assignment, no, period, sent_at in uses.values_list(
        "evidence",
        "report__assignment",
        "report__assignment__task_version__no",
        "report__assignment__counts_in__code",
        "report__sent_at",
    ):
        before = found[evidence].get(assignment)
        is_sent = sent_at is not None or (before is not None and before.is_sent)
        found[evidence][assignment] = Place(no, period, is_sent, assignment)
    return {pk: list(places.values()) for pk, places in found.items()}


def is_fixed(evidence: Evidence) -> bool:
    """Whether a sent version stands on it: then it never changes again."""
    return evidence.uses.filter(report__sent_at__isnull=False).exists()


def same_file(unit_id: int, sha256: str) -> Evidence | None:
    """The piece of the unit that holds the same bytes, the oldest of several."""
    return (
        Evidence.objects.filter(unit=unit_id, kind=Evidence.Kind.FILE, file__sha256=sha256)
        .select_related("file")
        .order_by("id")
        .first()
    )


def methods_of(assignment: Assignment) -> list[TaskItem]:
    """The methods the task of an assignment names, in the Decision's order."""
    items = TaskItem.objects.filter(
        task_version=assignment.task_version_id, field=TaskItem.Field.METHOD
    )
    return list(items.order_by("position"))


def same_method(method: TaskItem | None, methods: Iterable[TaskItem]) -> TaskItem | None:
    """The method of another version of the task that says the same; None where none does."""
    if method is None:
        return None
    by_words = {fold(one.words): one for one in methods}
    return by_words.get(fold(method.words))


def served_by(
    unit: Unit, method_kinds: Collection[str], day: dt.date, task_id: int | None = None
) -> list[Assignment]:
    """The open assignments of a unit that a record made on `day` may prove.

    Those whose task names a method of one of the kinds and whose period's data, or whose
    occasion, the day falls in.
    """
    in_period = Q(period__data_from__lte=day, period__data_to__gte=day)
    in_occasion = Q(occasion__starts_on__lte=day, occasion__ends_on__gte=day)
    asks = TaskItem.objects.filter(
        task_version=OuterRef("task_version"),
        field=TaskItem.Field.METHOD,
        kind__in=list(method_kinds),
    )
    found = Assignment.objects.filter(
        in_period | in_occasion, Exists(asks), unit=unit, state__in=OPEN_STATES
    )
    if task_id is not None:
        found = found.filter(task=task_id)
    return list(
        found.select_related("unit", "task_version", "counts_in").order_by("task_version__no", "id")
    )
