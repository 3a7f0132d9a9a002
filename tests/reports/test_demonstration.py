"""Illustrative progress has illustrative reports behind it."""

from pathlib import Path

import pytest
from django.conf import settings

from khung.assignments import rollup
from khung.assignments.models import Assignment
from khung.orgs.datafile import DataFileError
from khung.orgs.models import Person
from khung.orgs.queries import demonstration_accounts
from khung.reports import demonstration, judging_counts
from khung.reports.models import EvidenceUse, Report, Review, ReviewTurn
from tests.cast import TODAY, Cast

STATES = ("in_progress", "submitted", "returned", "accepted")


@pytest.fixture
def moved(cast: Cast) -> list[Assignment]:
    """Illustrative assignments, some in every state, as the progress of the demonstration is."""
    found = list(Assignment.objects.order_by("id"))
    for number, assignment in enumerate(found):
        assignment.is_illustrative = True
        if number % 5 < 4:
            assignment.state, assignment.updated_at = STATES[number % 5], TODAY
        assignment.save()
    rollup.rebuild()
    return [one for one in found if one.updated_at]


def test_every_state_has_what_led_to_it(moved: list[Assignment]) -> None:
    demonstration.load(settings.DEMONSTRATION_FOLDER, now=TODAY)
    assert {one.state for one in moved} == set(STATES)
    for one in moved:
        last = Report.objects.filter(assignment=one).order_by("-number")[0]
        turns = ReviewTurn.objects.filter(report=last)
        verdicts = [review.verdict for review in Review.objects.filter(report=last)]
        assert last.is_illustrative
        assert (last.sent_at is None) == (one.state == "in_progress")
        assert turns.filter(closed_at__isnull=True).exists() == (one.state == "submitted")
        expected = {"accepted": ["accepted"], "returned": ["returned"]}
        assert verdicts == expected.get(one.state, [])
    done = Report.objects.filter(outcome="done")
    assert EvidenceUse.objects.filter(report__in=done).values("report").distinct().count() == len(
        done
    )


def test_the_counts_agree_and_a_second_load_adds_nothing(moved: list[Assignment]) -> None:
    demonstration.load(settings.DEMONSTRATION_FOLDER, now=TODAY)
    assert rollup.differences() == []
    assert judging_counts.differences() == {}
    assert demonstration.load(settings.DEMONSTRATION_FOLDER, now=TODAY) == 0


def test_nobody_signs_in_as_the_one_they_stand_under(moved: list[Assignment]) -> None:
    demonstration.load(settings.DEMONSTRATION_FOLDER, now=TODAY)
    nobody = Person.objects.get(username=demonstration.NOBODY)
    assert not nobody.is_active
    assert not nobody.has_usable_password()
    assert nobody.pk not in {held.person_id for held in demonstration_accounts(TODAY.date())}


def test_a_kind_that_is_none_is_refused_with_its_place(
    moved: list[Assignment], tmp_path: Path
) -> None:
    (tmp_path / demonstration.REPORTS).write_text('[[texts]]\nkind = "la"\nwords = ["x"]\n')
    with pytest.raises(DataFileError, match="thứ 1, cột “kind”"):
        demonstration.load(tmp_path, now=TODAY)
    assert not Report.objects.exists()
