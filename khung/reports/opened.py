"""One sent report as its judge reads it: what was asked beside what proves it, and its past."""

from collections.abc import Sequence
from dataclasses import dataclass

from khung.frameworks.models import TaskItem
from khung.reports import versions
from khung.reports.models import (
    CompulsoryMethod,
    EvidenceUse,
    Occurrence,
    Report,
    Review,
    ReviewTurn,
)
from khung.reports.versions import Version

_SENT_BACK = (Review.Verdict.RETURNED, Review.Verdict.REOPENED)


@dataclass(frozen=True, slots=True)
class Asked:
    """One method of the task: said to be done or not, and what proves it."""

    item: TaskItem
    is_done: bool
    is_compulsory: bool
    uses: tuple[EvidenceUse, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A report open for judging; `since` is what changed from the version last sent back."""

    turn: ReviewTurn
    report: Report
    content: tuple[TaskItem, ...]
    methods: tuple[Asked, ...]
    whole: tuple[EvidenceUse, ...]
    occurrences: tuple[Occurrence, ...]
    sent_back: Review | None
    since: Version | None
    first_review: Review | None
    earlier: tuple[Version, ...]

    @property
    def proofs(self) -> list[EvidenceUse]:
        return [*(use for asked in self.methods for use in asked.uses), *self.whole]


def opened(turn: ReviewTurn) -> Opened:
    """Reads one report, its evidence and its earlier versions: a fixed number of queries.

    The turn comes with its assignment. Whoever calls it has asked whose turn it is.
    """
    items = list(
        TaskItem.objects.filter(
            task_version=turn.assignment.task_version_id,
            field__in=(TaskItem.Field.CONTENT, TaskItem.Field.METHOD),
        ).order_by("field", "position")
    )
    methods = [item for item in items if item.field == TaskItem.Field.METHOD]
    sent = Report.objects.filter(sent_at__isnull=False, number__lte=turn.report.number)
    current, *earlier = versions.versions_of(turn.assignment, sent)
    returned = next(
        ((one, back) for one in earlier if (back := _sent_back(one.reviews)) is not None), None
    )
    since = versions.beside(current.report, returned[0].report, methods) if returned else None
    compulsory = CompulsoryMethod.objects.filter(method__in=methods)
    passed = [one for one in current.reviews if one.verdict == Review.Verdict.PASSED]
    known = {item.pk for item in methods}
    return Opened(
        turn=turn,
        report=current.report,
        content=tuple(item for item in items if item.field == TaskItem.Field.CONTENT),
        methods=_methods(methods, current, set(compulsory.values_list("method_id", flat=True))),
        whole=tuple(use for use in current.evidence if use.method_id not in known),
        occurrences=_occurrences(turn),
        sent_back=returned[1] if returned else None,
        since=since,
        first_review=passed[-1] if passed else None,
        earlier=tuple(earlier),
    )


def _sent_back(reviews: Sequence[Review]) -> Review | None:
    """The last review that sent a version back, or None."""
    return next((one for one in reversed(reviews) if one.verdict in _SENT_BACK), None)


def _methods(
    methods: Sequence[TaskItem], current: Version, compulsory: set[int]
) -> tuple[Asked, ...]:
    done = set(current.report.methods_done)
    return tuple(
        Asked(
            item,
            item.pk in done,
            item.pk in compulsory,
            tuple(use for use in current.evidence if use.method_id == item.pk),
        )
        for item in methods
    )


def _occurrences(turn: ReviewTurn) -> tuple[Occurrence, ...]:
    """The times a counted task was done; no query for other tasks."""
    if not turn.assignment.quota:
        return ()
    stand = turn.assignment.occurrences.filter(withdrawn_at__isnull=True)
    return tuple(stand.select_related("evidence"))
