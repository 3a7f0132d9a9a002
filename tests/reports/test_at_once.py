"""Two at the same moment: neither waits for the other for ever, and the counts stay true."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from khung.assignments import rollup
from khung.assignments.models import Assignment
from khung.reports import judging_counts, turns
from khung.reports.actions import (
    AlreadyJudged,
    Said,
    accept_reports,
    approve_reports,
    change_evidence,
    mark_ready,
    reopen_report,
    withdraw_report,
)
from khung.reports.models import EvidenceUse, Report, ReviewTurn
from khung.rules.workflow import NotAllowed
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def at_once(*works: Callable[[], object]) -> None:
    """Runs each in a thread of its own at the same moment; one that comes too late is told so."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            start.wait()
            work()
        except (NotAllowed, AlreadyJudged, PermissionDenied):
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(run, work) for work in works]:
            future.result()


def open_turn(cast: Cast, assignment: Assignment) -> ReviewTurn:
    """A report that waits to be judged, whatever became of the one before."""
    state = Assignment.objects.get(pk=assignment.pk).state
    newest = Report.objects.filter(assignment=assignment).order_by("-number").first()
    if state == "accepted" and newest is not None:
        by = cast["guide" if newest.turns.get().unit_id else "coordinator"]
        reopen_report(report=newest, text="Làm lại", by=by, now=TODAY)
    return cast.send(assignment)


def counts_are_true() -> bool:
    return rollup.differences() == [] and judging_counts.differences() == {}


def test_a_report_is_withdrawn_while_it_is_accepted(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    for n in range(ROUNDS):
        turn, now = open_turn(cast, assignment), TODAY + timedelta(minutes=n)
        at_once(
            lambda turn=turn, now=now: accept_reports(  # type: ignore[misc]
                judged=[turn.pk], by=cast["guide"], now=now
            ),
            lambda turn=turn, now=now: withdraw_report(  # type: ignore[misc]
                report=turn.report, by=cast["officer"], now=now
            ),
        )
        assert Assignment.objects.get(pk=assignment.pk).state in ("accepted", "in_progress")
        assert counts_are_true()


def test_one_piece_of_two_drafts_is_reworded_from_both(cast: Cast) -> None:
    assignments = [cast.scene.assignment("east1", no) for no in (2, 6)]
    uses = [cast.draft(one).uses.get() for one in assignments]
    EvidenceUse.objects.filter(pk=uses[1].pk).update(evidence=uses[0].evidence)
    uses = [EvidenceUse.objects.get(pk=use.pk) for use in uses]
    for n in range(ROUNDS):
        now, head = TODAY + timedelta(minutes=n), cast["head"]
        drafts = list(Report.objects.filter(sent_at__isnull=True).values_list("pk", flat=True))
        approve_reports(drafts=drafts, by=head, now=now)
        at_once(
            *(
                lambda use=use, now=now: change_evidence(
                    use=use, said=Said(title=f"Ảnh {use.pk}"), by=cast["officer"], now=now
                )
                for use in uses
            ),
            lambda now=now, drafts=drafts: mark_ready(  # type: ignore[misc]
                drafts=drafts, by=cast["officer"], now=now
            ),
        )
        assert not Report.objects.filter(approved_at__isnull=False).exists()


def test_a_turn_is_handed_on_while_it_is_judged(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    for n in range(ROUNDS):
        turn, now = open_turn(cast, assignment), TODAY + timedelta(minutes=n)
        ReviewTurn.objects.filter(pk=turn.pk).update(unit=None)
        judging_counts.rebuild()
        at_once(
            lambda turn=turn, now=now: accept_reports(  # type: ignore[misc]
                judged=[turn.pk], by=cast["coordinator"], now=now
            ),
            lambda now=now: turns.follow_judges(now=now),  # type: ignore[misc]
        )
        assert counts_are_true()
        if Assignment.objects.get(pk=assignment.pk).state == "submitted":
            later = now + timedelta(seconds=1)
            accept_reports(judged=[turn.pk], by=cast["guide"], now=later)
