"""A job that can be killed in its midst: it has written something and waits for a file."""

import datetime as dt
import time
from pathlib import Path

from django.db import transaction

from khung.base import clock
from khung.base.audit import record
from khung.base.jobs import job

VERB = "breaking.done"
STARTED, GO = "started", "go"


@job(timeout=dt.timedelta(minutes=1))
def wait_in_the_midst(folder: str) -> str:
    """Records that it was done, and before that is committed waits for `go` in the folder."""
    with transaction.atomic():
        record(by="system:job", now=clock.now(), verb=VERB, subject="job", data={})
        (Path(folder) / STARTED).touch()
        while not (Path(folder) / GO).exists():
            time.sleep(0.02)
    return "done"
