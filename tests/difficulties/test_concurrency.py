"""Several people at once: a form sent many times raises one, and of many answers one counts."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from khung.base.versions import StaleRecord
from khung.difficulties.actions import move_difficulty
from khung.difficulties.models import Difficulty, DifficultyStep
from khung.difficulties.moving import Said
from khung.orgs.models import Person
from tests.cast import TODAY, Cast
from tests.difficulties.ways import district_head, raised

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


def test_a_form_sent_many_times_at_once_raises_one(cast: Cast) -> None:
    key = uuid.uuid4()

    def again() -> int:
        try:
            return raised(cast, key=key).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        made = [pool.submit(again) for _ in range(THREADS)]
        assert len({one.result() for one in made}) == 1
    assert Difficulty.objects.count() == DifficultyStep.objects.count() == 1


def test_of_many_who_answer_at_once_one_is_kept(cast: Cast) -> None:
    difficulty, boss = raised(cast), district_head(cast)

    def answer(no: int, by: Person) -> bool:
        try:
            move_difficulty(
                difficulty=difficulty,
                verb="answer",
                said=Said(f"Trả lời {no}"),
                version=difficulty.version,
                by=by,
                now=TODAY,
            )
        except StaleRecord:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        kept = [pool.submit(answer, no, boss) for no in range(THREADS)]
        (winner,) = [no for no, one in enumerate(kept) if one.result()]
    asked, confirming = difficulty.steps.all()
    assert (asked.text, confirming.left_at) == (f"Trả lời {winner}", None)
