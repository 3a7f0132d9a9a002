"""The process that does jobs is killed in the midst of one: the next does it, once."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from khung.base import jobs
from khung.base.models import AuditEvent
from tests.breaking import slow_job
from tests.breaking.site import environment

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 60


@contextmanager
def worker(*options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """The worker as `up` starts it; killed at the end if it still runs."""
    command = [sys.executable, "manage.py", "db_worker", "--no-reload", "--no-startup-delay"]
    process = subprocess.Popen(
        [*command, *options],
        cwd=settings.BASE_DIR,
        env=environment(),
        stdout=sys.stderr,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(path: Path, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + SECONDS
    while not path.exists():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, f"{path.name} never came"
        time.sleep(0.02)


def test_a_job_whose_worker_was_killed_is_done_once_by_the_next(tmp_path: Path) -> None:
    assert jobs.enqueue_once(slow_job.wait_in_the_midst, str(tmp_path))
    with worker() as first:
        wait_for(tmp_path / slow_job.STARTED, first)
    done = AuditEvent.objects.filter(verb=slow_job.VERB)
    result = DBTaskResult.objects.get()
    assert (result.status, done.count()) == (jobs.RUNNING, 0)
    # Its time is not over: it could still be running somewhere.
    assert jobs.reap(timezone.now()) == 0
    DBTaskResult.objects.update(started_at=timezone.now() - dt.timedelta(minutes=10))
    assert jobs.reap(timezone.now() - dt.timedelta(minutes=5)) == 1
    (tmp_path / slow_job.GO).touch()
    with worker("--batch") as second:
        assert second.wait(SECONDS) == 0
    result.refresh_from_db()
    assert (result.status, len(set(result.worker_ids))) == ("SUCCESSFUL", 2)
    assert done.count() == 1
    # Nothing is left over for a third, and the key is not taken again.
    assert jobs.reap(timezone.now() + dt.timedelta(hours=1)) == 0
    assert not jobs.enqueue_once(slow_job.wait_in_the_midst, str(tmp_path))
