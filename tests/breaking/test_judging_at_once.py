"""Two reviewers judging the same report at the same moment: one judgement stands."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from khung.assignments import rollup
from khung.assignments.models import Assignment
from khung.base.models import AuditEvent
from khung.orgs.models import Person, RoleHeld
from khung.reports import judging_counts
from khung.reports.actions import NotJudged, accept_reports, return_reports, withdraw_report
from khung.reports.models import Report, Review, ReviewTurn
from khung.rules.workflow import NotAllowed
from tests.assignments.scene import person
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db(transaction=True)
UNITS = ("east1", "east2", "west1", "west2")
LATE = (NotJudged, NotAllowed)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return Cast()


@pytest.fixture
def colleague(cast: Cast) -> Person:
    """Another who judges for the health department."""
    made = Person.objects.create(username="second", full_name="Trần Thị Hai", joined_at=TODAY)
    RoleHeld.objects.create(person=made, unit=cast.scene.units["health"], role="guide")
    return made


@pytest.fixture
def waiting(cast: Cast) -> list[ReviewTurn]:
    """The reports of four communes, waiting for the health department."""
    found = []
    for code in UNITS:
        known = Person.objects.filter(username=f"officer-{code}").first()
        cast.people["officer"] = known or person("officer", cast.scene.units[code])
        found.append(cast.send(cast.scene.assignment(code, 2)))
    return found


def together(*works: Callable[[], object]) -> list[object]:
    """Does all at the same moment, each over a connection of its own; what each was told."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            gate.wait(30)
            return work()
        except LATE as late:
            return late
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def accept(turn: ReviewTurn, by: Person) -> object:
    return accept_reports(judged=[turn.pk], by=by, now=TODAY)


def send_back(turn: ReviewTurn, by: Person) -> object:
    return return_reports(
        judged=[turn.pk], points=[], text="Thiếu biên bản", redo_by=None, by=by, now=TODAY
    )


def assert_figures_agree() -> None:
    assert rollup.differences() == []
    assert judging_counts.differences() == {}


def test_of_an_acceptance_and_a_return_one_stands(
    cast: Cast, waiting: list[ReviewTurn], colleague: Person
) -> None:
    for turn in waiting:
        told = together(
            lambda turn=turn: accept(turn, cast["guide"]),  # type: ignore[misc]
            lambda turn=turn: send_back(turn, colleague),  # type: ignore[misc]
        )
        (late,) = (one for one in told if isinstance(one, LATE))
        review = Review.objects.get(report=turn.report_id)
        # Who came too late reads who was first and what they did.
        assert review.by.full_name in str(late)
        assert str(review.get_verdict_display()) in str(late)
        state = Assignment.objects.get(pk=turn.assignment_id).state
        assert state == {"accepted": "accepted", "returned": "returned"}[review.verdict]
    verbs = AuditEvent.objects.filter(verb__in=("assignment.accept", "assignment.return"))
    assert set(Counter(verbs.values_list("subject", flat=True)).values()) == {1}
    assert not ReviewTurn.objects.filter(closed_at__isnull=True).exists()
    assert_figures_agree()


def test_two_who_accept_all_at_once_accept_each_once(
    cast: Cast, waiting: list[ReviewTurn], colleague: Person
) -> None:
    turns = [turn.pk for turn in waiting]
    told = together(
        lambda: accept_reports(judged=turns, by=cast["guide"], now=TODAY),
        # The other way round: nobody waits for ever for what the other holds.
        lambda: accept_reports(judged=turns[::-1], by=colleague, now=TODAY),
    )
    assert sum(isinstance(one, LATE) for one in told) == 1
    assert Review.objects.count() == len(turns)
    assert len(set(Review.objects.values_list("by", flat=True))) == 1
    assert_figures_agree()


def test_of_a_judgement_and_a_withdrawal_one_stands(
    cast: Cast, waiting: list[ReviewTurn], colleague: Person
) -> None:
    for turn in waiting:
        report = Report.objects.select_related("assignment__unit", "sent_by").get(pk=turn.report_id)
        assert report.sent_by is not None
        told = together(
            lambda turn=turn: accept(turn, cast["guide"]),  # type: ignore[misc]
            lambda report=report: withdraw_report(  # type: ignore[misc]
                report=report, by=report.sent_by, now=TODAY
            ),
        )
        assert sum(isinstance(one, LATE) for one in told) == 1
        state = Assignment.objects.get(pk=turn.assignment_id).state
        is_judged = Review.objects.filter(report=report).exists()
        assert state == ("accepted" if is_judged else "in_progress")
        report.refresh_from_db()
        assert (report.withdrawn_at is None) == is_judged
    assert_figures_agree()
