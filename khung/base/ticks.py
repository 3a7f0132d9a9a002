"""What the schedule does for every room: the seal, the nightly check, jobs left behind."""

import datetime as dt

from khung.base import jobs, sealer
from khung.base.nightly import check_audit_chain
from khung.base.ticking import on_tick


@on_tick(order=80)
def seal(now: dt.datetime) -> None:
    """Places what was committed in the audit chain and exports the head of the day."""
    sealer.seal()
    sealer.export_head(now)


@on_tick(order=90)
def check(now: dt.datetime) -> None:
    """Has the audit chain walked once a day."""
    jobs.enqueue_once(check_audit_chain, now.date().isoformat())


@on_tick(order=95)
def free_jobs(now: dt.datetime) -> None:
    """Puts jobs back whose worker is gone or that failed."""
    jobs.reap(now)
