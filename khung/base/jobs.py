"""Background jobs: enqueued once a key, retried, and freed when their worker died.

django-tasks-db leaves a job RUNNING for ever when its worker is killed, and never retries one
that failed; `reap` does both. Jobs are therefore written to be repeated without harm.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django_tasks import task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from khung.base.locks import named_lock

READY, RUNNING, FAILED = "READY", "RUNNING", "FAILED"


@dataclass(frozen=True, slots=True)
class Kind:
    """How long a job of a kind may run, and how often it is tried."""

    timeout: dt.timedelta
    attempts: int


_KINDS: dict[str, Kind] = {}


def job(
    *, timeout: dt.timedelta, attempts: int = 3
) -> Callable[[Callable[..., Any]], Task[Any, Any]]:
    """Makes a function a background job of its own kind."""

    def decorate(function: Callable[..., Any]) -> Task[Any, Any]:
        made: Task[Any, Any] = task()(function)
        _KINDS[made.module_path] = Kind(timeout, attempts)
        return made

    return decorate


def enqueue_once(job: Task[Any, Any], key: str) -> bool:
    """Enqueues the job with this key unless one with it was enqueued before; says which.

    The key is the job's only argument, such as the day a nightly job is for.
    """
    with named_lock("jobs"):
        known = DBTaskResult.objects.filter(task_path=job.module_path)
        if known.filter(args_kwargs__args=[key]).exists():
            return False
        job.enqueue(key)
    return True


def reap(now: dt.datetime) -> int:
    """Frees jobs whose worker is gone and puts failed ones back for another try.

    Returns how many were put back or given up.
    """
    touched = 0
    with named_lock("jobs"):
        for path, kind in _KINDS.items():
            stuck = Q(status=RUNNING, started_at__lt=now - kind.timeout)
            for result in DBTaskResult.objects.filter(stuck | Q(status=FAILED), task_path=path):
                touched += _retry_or_give_up(result, kind, now)
    return touched


def _retry_or_give_up(result: DBTaskResult[Any, Any], kind: Kind, now: dt.datetime) -> bool:
    if len(result.worker_ids) < kind.attempts:
        # Waits a little longer after every try.
        result.status = READY
        result.run_after = now + dt.timedelta(minutes=len(result.worker_ids))
        result.save(update_fields=["status", "run_after"])
        return True
    if result.status == RUNNING:
        result.status, result.finished_at = FAILED, now
        result.exception_class_path = "builtins.TimeoutError"
        result.traceback = f"Quá {kind.timeout}, đã thử {kind.attempts} lần."
        result.save(update_fields=["status", "finished_at", "exception_class_path", "traceback"])
        return True
    return False
