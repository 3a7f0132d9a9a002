"""Illustrative reports behind the illustrative progress: seeded, labelled, and never real.

Whatever `assignments.illustration` says was reported gets a report, its evidence, and the turns
and judgements that led to its state. Nobody did these things, so they stand under one account
that nobody can sign in with. Rows are written directly; the counts are made anew at the end.
"""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from khung.assignments.models import Assignment
from khung.frameworks.models import TaskItem
from khung.orgs.models import Person
from khung.reports.models import Evidence, EvidenceUse, JudgingPlan, Report, Review, ReviewTurn
from khung.reports.turns import REDO_WORKING_DAYS, WORKING_DAYS, Desk, is_read

_CHUNK = 2_000
# Of 100 accepted reports: some say that nothing arose, some were sent back once before.
_NOTHING_AROSE, _SENT_BACK = 4, 6
_MOST_METHODS = 3
_DAYS_TO_JUDGE = 13
_DAYS_TO_REDO = 8


@dataclass(frozen=True, slots=True)
class Words:
    """What the reports of the demonstration say, by kind of method, and why some went back."""

    by_kind: Mapping[str, Sequence[str]]
    nothing_arose: Sequence[str]
    returned: Sequence[str]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a report: when it was sent and judged, and whether it was sent back."""

    report: Report
    sent: dt.datetime | None
    judged: dt.datetime | None = None
    is_sent_back: bool = False


@dataclass(frozen=True, slots=True)
class Illustrator:
    """Makes reports in the name of `nobody`; evidence by unit, methods by version of a task."""

    words: Words
    nobody: Person
    desk: Desk
    evidence: Mapping[int, Sequence[Evidence]]
    methods: Mapping[int, Sequence[TaskItem]]

    def illustrate(self, assignments: Iterable[Assignment]) -> int:
        """Writes the reports of assignments that have none; returns how many versions."""
        waiting, made = iter(assignments), 0
        while chunk := list(islice(waiting, _CHUNK)):
            made += self._write([one for it in chunk for one in self._versions(it)])
        return made

    def _write(self, versions: Sequence[Version]) -> int:
        reports = Report.objects.bulk_create(one.report for one in versions)
        EvidenceUse.objects.bulk_create(use for one in reports for use in self._uses(one))
        ReviewTurn.objects.bulk_create(turn for one in versions for turn in self._turns(one))
        Review.objects.bulk_create(review for one in versions for review in self._reviews(one))
        quiet = [one.assignment_id for one in reports if one.outcome == "nothing_arose"]
        Assignment.objects.filter(pk__in=quiet).update(nothing_arose=True)
        return len(reports)

    def _versions(self, it: Assignment) -> Iterator[Version]:
        """The way a report came to the state its assignment is in."""
        draw, moved = _draw(it), it.updated_at
        if moved is None or it.state not in ("in_progress", "submitted", "returned", "accepted"):
            return
        if it.state == "in_progress":
            yield Version(self._report(it, 1, moved, None), None)
            return
        if it.state == "submitted":
            yield Version(self._report(it, 1, moved, moved), moved)
            return
        sent, number = moved - dt.timedelta(days=draw.randrange(1, _DAYS_TO_JUDGE)), 1
        if it.state == "accepted" and draw.randrange(100) < _SENT_BACK:
            before = sent - dt.timedelta(days=_DAYS_TO_REDO)
            back = sent - dt.timedelta(days=_DAYS_TO_REDO // 2)
            yield Version(self._report(it, 1, moved, before), before, back, is_sent_back=True)
            number = 2
        yield Version(self._report(it, number, moved, sent), sent, moved, it.state == "returned")

    def _report(
        self, it: Assignment, number: int, moved: dt.datetime, sent: dt.datetime | None
    ) -> Report:
        draw = _draw(it)
        methods = self.methods.get(it.task_version_id, ())[:_MOST_METHODS]
        is_quiet = it.state == "accepted" and draw.randrange(100) < _NOTHING_AROSE
        by = self.nobody if sent else None
        return Report(
            assignment=it,
            number=number,
            outcome=Report.Outcome.NOTHING_AROSE if is_quiet else Report.Outcome.DONE,
            text="" if is_quiet else self._text(draw, methods),
            reason=draw.choice(self.words.nothing_arose) if is_quiet else "",
            methods_done=[] if is_quiet else [method.pk for method in methods],
            edited_by=self.nobody,
            edited_at=sent or moved,
            approved_by=by,
            approved_at=sent,
            sent_by=by,
            sent_at=sent,
            is_illustrative=True,
        )

    def _text(self, draw: random.Random, methods: Sequence[TaskItem]) -> str:
        kinds = list(dict.fromkeys(method.kind for method in methods)) or ["other"]
        known = self.words.by_kind
        return " ".join(draw.choice(known.get(kind) or known["other"]) for kind in kinds[:2])

    def _uses(self, report: Report) -> Iterator[EvidenceUse]:
        pieces = self.evidence.get(report.assignment.unit_id, ())
        if report.outcome != Report.Outcome.DONE or not pieces:
            return
        draw = _draw(report.assignment)
        for method_id in report.methods_done[: draw.randrange(1, 3)] or [None]:
            yield EvidenceUse(report=report, evidence=draw.choice(pieces), method_id=method_id)

    def _turns(self, version: Version) -> Iterator[ReviewTurn]:
        if version.sent is None:
            return
        it, plan = version.report.assignment, None
        if version.judged is None:
            plan = self.desk.plan_of(it)
            # What was sent before the plan is read as things were then.
            plan = plan if plan and plan.set_at <= version.sent else None
        yield ReviewTurn(
            report=version.report,
            assignment=it,
            unit_id=it.judge_id,
            period_id=it.counts_in_id,
            way=plan.way if plan else JudgingPlan.Way.FULL,
            is_in_sample=plan is None or is_read(self.desk, version.report, it),
            opened_at=version.sent,
            due_on=self.desk.calendar.add(version.sent.date(), WORKING_DAYS),
            closed_at=version.judged,
        )

    def _reviews(self, version: Version) -> Iterator[Review]:
        if version.judged is None:
            return
        back, judged_on = version.is_sent_back, version.judged.date()
        it = version.report.assignment
        yield Review(
            report=version.report,
            verdict=Review.Verdict.RETURNED if back else Review.Verdict.ACCEPTED,
            text=_draw(it).choice(self.words.returned) if back else "",
            redo_by=self.desk.calendar.add(judged_on, REDO_WORKING_DAYS) if back else None,
            by=self.nobody,
            by_unit_id=it.judge_id,
            at=version.judged,
        )


def _draw(it: Assignment) -> random.Random:
    """The same assignment is illustrated alike, however often it is asked about."""
    seed = f"{it.task_version_id} {it.path} {it.due_on}"
    return random.Random(seed)  # noqa: S311 - illustration, not secrecy


def methods_by_task() -> dict[int, list[TaskItem]]:
    """The methods of every version of a task, in the Decision's order."""
    found: dict[int, list[TaskItem]] = defaultdict(list)
    for item in TaskItem.objects.filter(field=TaskItem.Field.METHOD).order_by("position"):
        found[item.task_version_id].append(item)
    return found
