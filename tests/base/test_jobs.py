"""Background jobs: once a key, retried when they fail, freed when their worker died."""

import datetime as dt

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from khung.assignments.jobs import check_roll_up
from khung.base import jobs

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db


def enqueued() -> "DBTaskResult[[str], int]":
    jobs.enqueue_once(check_roll_up, "2026-03-02")
    return DBTaskResult.objects.get()


def claim(result: "DBTaskResult[[str], int]", *, started_at: dt.datetime) -> None:
    result.claim("worker")
    DBTaskResult.objects.filter(pk=result.pk).update(started_at=started_at)


def test_a_key_is_enqueued_once() -> None:
    assert jobs.enqueue_once(check_roll_up, "2026-03-02")
    assert not jobs.enqueue_once(check_roll_up, "2026-03-02")
    assert jobs.enqueue_once(check_roll_up, "2026-03-03")
    assert DBTaskResult.objects.count() == 2


def test_a_job_whose_worker_died_is_put_back() -> None:
    result = enqueued()
    claim(result, started_at=NOW - dt.timedelta(hours=2))
    assert jobs.reap(NOW) == 1
    result.refresh_from_db()
    assert result.status == jobs.READY
    assert result.run_after > NOW


def test_a_job_that_still_runs_is_left_alone() -> None:
    result = enqueued()
    claim(result, started_at=NOW - dt.timedelta(minutes=5))
    assert jobs.reap(NOW) == 0
    result.refresh_from_db()
    assert result.status == jobs.RUNNING


def test_a_failed_job_is_tried_again_but_not_for_ever() -> None:
    result = enqueued()
    for attempt in (1, 2):
        claim(result, started_at=timezone.now())
        result.set_failed(ValueError("bad night"))
        assert jobs.reap(NOW) == 1, attempt
        result.refresh_from_db()
        assert result.status == jobs.READY
    claim(result, started_at=NOW - dt.timedelta(hours=2))
    assert jobs.reap(NOW) == 1
    result.refresh_from_db()
    assert result.status == jobs.FAILED
    assert "đã thử 3 lần" in result.traceback
    assert jobs.reap(NOW) == 0
