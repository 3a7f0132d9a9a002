"""A report while it is written: the draft of an assignment, and what it still lacks."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext

from khung.assignments.locks import Lock, lock_of
from khung.assignments.models import OPEN_STATES, Assignment
from khung.reports.models import CompulsoryMethod, EvidenceUse, Occurrence, Report
from khung.rules import reporting
from khung.rules.workflow import NotAllowed

# Letters of a method's own words in a list of what is lacking.
MOST_ABOUT = 80


class Locked(Exception):
    """The period is closed for this assignment; says since when, and who can open it again."""

    def __init__(self, assignment: Assignment, lock: Lock) -> None:
        self.assignment, self.lock = assignment, lock
        super().__init__(lock.words)


def require_open(assignment: Assignment, today: dt.date) -> None:
    """Raises Locked once the lock date of the assignment is over."""
    lock = lock_of(assignment, today)
    if lock is not None:
        raise Locked(assignment, lock)


def newest(assignment: Assignment) -> Report | None:
    """The newest version: the draft if one is being written, else the last one sent."""
    return Report.objects.filter(assignment=assignment).order_by("-number").first()


def begin(assignment: Assignment, now: dt.datetime) -> Report:
    """The draft of an assignment; a new one starts from the last version sent, evidence included.

    Call it inside a transaction that holds the assignment.
    """
    last = newest(assignment)
    if last is not None and last.sent_at is None:
        return last
    draft = Report(assignment=assignment, number=last.number + 1 if last else 1, edited_at=now)
    if last is not None:
        # Counted on: a page still open on the version sent is no reading of this one.
        draft.version = last.version + 1
        for name in ("outcome", "text", "reason", "quantity", "quantity_of", "methods_done"):
            setattr(draft, name, getattr(last, name))
    draft.save()
    if last is not None:
        EvidenceUse.objects.bulk_create(
            EvidenceUse(
                report=draft,
                evidence_id=use.evidence_id,
                method_id=use.method_id,
                is_carried_over=use.is_carried_over,
            )
            for use in last.uses.all()
        )
    return draft


def taken(ids: Collection[int]) -> list[Report]:
    """The drafts with these ids, their assignments locked; what was sent meanwhile is none.

    Call it inside a transaction.
    """
    unsent = Report.objects.filter(pk__in=ids, sent_at__isnull=True)
    held = Assignment.objects.select_for_update(of=("self",))
    list(held.filter(pk__in=unsent.values("assignment")).order_by("id").values_list("pk"))
    return list(
        Report.objects.filter(pk__in=ids, sent_at__isnull=True)
        .select_related("assignment__unit", "assignment__counts_in", "edited_by")
        .order_by("id")
    )


def closed_by(draft: Report, today: dt.date) -> list[str]:
    """Why a draft can't leave whatever it says: locked, or its work was let off meanwhile."""
    state = draft.assignment.state
    if state not in OPEN_STATES:
        return [str(NotAllowed(state, "submit"))]
    try:
        require_open(draft.assignment, today)
    except Locked as locked:
        return [str(locked)]
    return []


def marks_of(drafts: Sequence[Report]) -> dict[int, str]:
    """By id, a mark of each draft as it stands, its evidence too: one query.

    It changes with every save, with every piece added or taken out and with what is said of a
    piece, also from another draft that uses it, so that nobody signs what they did not read.
    """
    uses = EvidenceUse.objects.filter(report__in=[one.pk for one in drafts])
    said: dict[int, list[tuple[object, ...]]] = {}
    for report, *piece in uses.order_by("id").values_list(
        "report",
        "id",
        "evidence__title",
        "evidence__details",
        "evidence__valid_until",
        "evidence__has_personal_data",
    ):
        said.setdefault(report, []).append(tuple(piece))
    return {one.pk: f"{one.version}-{_mark(said.get(one.pk, ()))}" for one in drafts}


def _mark(pieces: Sequence[tuple[object, ...]]) -> str:
    """A short mark of pieces of evidence and what is said of each; 0 for none."""
    if not pieces:
        return "0"
    # Keys in one order: a database may hand details back in another.
    words = json.dumps(pieces, default=str, sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def gaps_of(reports: Sequence[Report]) -> dict[int, list[reporting.Gap]]:
    """What each report still lacks, by its id: three queries for all of them.

    The reports come with `assignment`.
    """
    ids = [report.pk for report in reports]
    proved: dict[int, set[int]] = {pk: set() for pk in ids}
    pieces: dict[int, set[int]] = {pk: set() for pk in ids}
    uses = EvidenceUse.objects.filter(report__in=ids)
    for report_id, evidence_id, method_id in uses.values_list("report", "evidence", "method"):
        pieces[report_id].add(evidence_id)
        if method_id:
            proved[report_id].add(method_id)
    compulsory = _compulsory({report.assignment.task_version_id for report in reports})
    times = times_done([report.assignment for report in reports if report.assignment.quota])
    return {
        report.pk: reporting.gaps(
            reporting.Draft(
                report.outcome,
                report.text,
                report.reason,
                frozenset(proved[report.pk]),
                len(pieces[report.pk]),
            ),
            reporting.Asked(
                compulsory.get(report.assignment.task_version_id, {}),
                report.assignment.quota,
                times.get(report.assignment_id, 0),
                report.assignment.may_await_funds,
            ),
        )
        for report in reports
    }


def tick_methods(draft: Report, methods: Iterable[int]) -> None:
    """Says in a draft just begun that these methods were done: evidence was put under them.

    The version stays, so that nobody's page becomes stale; who reads the page may untick them.
    """
    new = [pk for pk in dict.fromkeys(methods) if pk not in draft.methods_done]
    if new:
        draft.methods_done = [*draft.methods_done, *new]
        draft.save(update_fields=["methods_done"])


def compulsory_of(assignment: Assignment) -> set[int]:
    """The methods (ids) that need evidence of their own in this report."""
    return set(_compulsory([assignment.task_version_id]).get(assignment.task_version_id, ()))


def gap_words(gap: reporting.Gap) -> str:
    """A gap as one sentence, its method named."""
    said = gettext(gap.message)
    return f"“{_cut(gap.about)}”: {said}" if gap.about else said


def _cut(words: str) -> str:
    """A method's words as far as a list of gaps has room for them."""
    return words if len(words) <= MOST_ABOUT else words[:MOST_ABOUT].rsplit(" ", 1)[0] + "…"


def _compulsory(task_versions: Collection[int]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    marked = CompulsoryMethod.objects.filter(method__task_version__in=task_versions)
    for one in marked.select_related("method").order_by("method__position"):
        found.setdefault(one.method.task_version_id, {})[one.method_id] = one.method.words
    return found


def times_done(assignments: Sequence[Assignment]) -> dict[int, int]:
    """How many occurrences stand recorded for these, by their id; no query for none."""
    found: dict[int, int] = {}
    if assignments:
        ids = [one.pk for one in assignments]
        stand = Occurrence.objects.filter(assignment__in=ids, withdrawn_at__isnull=True)
        for pk in stand.values_list("assignment", flat=True):
            found[pk] = found.get(pk, 0) + 1
    return found
