"""Every version of a report: who wrote, approved and sent it, what changed, how it was judged."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.db.models import Prefetch, QuerySet

from khung.assignments.models import Assignment
from khung.base.wording import number
from khung.frameworks.models import TaskItem
from khung.reports.models import EvidenceUse, Remark, Report, Review

# Beyond this many words two texts are shown whole: comparing them word by word takes too long.
MOST_WORDS = 4000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: "same", "added" in the later version, or "removed" from the earlier."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version beside the one before it."""

    report: Report
    text: tuple[Piece, ...]
    changes: tuple[tuple[str, str, str], ...] = ()
    evidence: tuple[EvidenceUse, ...] = ()
    added: frozenset[int] = frozenset()
    removed: tuple[EvidenceUse, ...] = ()
    methods_added: tuple[TaskItem, ...] = ()
    methods_removed: tuple[TaskItem, ...] = ()
    reviews: tuple[Review, ...] = field(default=())

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from the version before."""
        return bool(
            self.changes
            or self.added
            or self.removed
            or self.methods_added
            or self.methods_removed
            or any(piece.kind != "same" for piece in self.text)
        )


def compared(before: str, after: str) -> tuple[Piece, ...]:
    """The later text with what was removed and added marked, word by word."""
    old, new = (re.findall(r"\s+|\S+", text) for text in (before, after))
    if before == after:
        return (Piece("same", after),) if after else ()
    if len(old) > MOST_WORDS or len(new) > MOST_WORDS:
        whole = (Piece("removed", before), Piece("added", after))
        return tuple(piece for piece in whole if piece.text)
    found: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("same", "".join(old[i:j])))
            continue
        if j > i:
            found.append(Piece("removed", "".join(old[i:j])))
        if m > k:
            found.append(Piece("added", "".join(new[k:m])))
    return tuple(found)


def versions_of(assignment: Assignment, visible: QuerySet[Report]) -> list[Version]:
    """The versions a person may see (`reach.reports_visible`), the newest first: six queries."""
    remarks = Remark.objects.select_related("reason", "method", "evidence").order_by("id")
    reviews = Review.objects.select_related("by", "by_unit").prefetch_related(
        Prefetch("remarks", remarks, "points")
    )
    uses = EvidenceUse.objects.select_related("evidence__file", "method").order_by("id")
    rows = list(
        visible.filter(assignment=assignment)
        .select_related(
            "edited_by",
            "approved_by",
            "sent_by",
            "entered_by_unit",
            "joint_with__assignment__unit",
        )
        .prefetch_related(Prefetch("uses", uses), Prefetch("reviews", reviews))
        .order_by("number")
    )
    items = TaskItem.objects.filter(
        task_version=assignment.task_version_id, field=TaskItem.Field.METHOD
    )
    methods = {item.pk: item for item in items.order_by("position")}
    found = [_beside(one, rows[n - 1] if n else None, methods) for n, one in enumerate(rows)]
    return found[::-1]


def beside(report: Report, before: Report, methods: Iterable[TaskItem]) -> Version:
    """A version beside any earlier one; both come from `versions_of`, so it asks nothing."""
    return _beside(report, before, {item.pk: item for item in methods})


def _beside(report: Report, before: Report | None, methods: dict[int, TaskItem]) -> Version:
    evidence = tuple(report.uses.all())
    reviews = tuple(report.reviews.all())
    if before is None:
        text = (Piece("same", report.text),) if report.text else ()
        return Version(report, text, evidence=evidence, reviews=reviews)
    earlier = {use.evidence_id: use for use in before.uses.all()}
    now = {use.evidence_id for use in evidence}
    return Version(
        report,
        compared(before.text, report.text),
        _changes(before, report),
        evidence,
        frozenset(now - earlier.keys()),
        tuple(use for pk, use in earlier.items() if pk not in now),
        _only(report.methods_done, before.methods_done, methods),
        _only(before.methods_done, report.methods_done, methods),
        reviews,
    )


def _only(
    these: Collection[int], those: Collection[int], methods: dict[int, TaskItem]
) -> tuple[TaskItem, ...]:
    return tuple(item for pk, item in methods.items() if pk in these and pk not in those)


def _changes(before: Report, after: Report) -> tuple[tuple[str, str, str], ...]:
    """The short fields that differ: (name of the field, before, after)."""
    shown = (
        ("outcome", before.get_outcome_display(), after.get_outcome_display()),
        ("reason", before.reason, after.reason),
        ("quantity", _quantity(before), _quantity(after)),
    )
    return tuple(one for one in shown if one[1] != one[2])


def _quantity(report: Report) -> str:
    if report.quantity is None:
        return ""
    return f"{number(report.quantity)} {report.quantity_of}".strip()
