"""The schedule: what happens by itself, every few seconds and every night."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections, transaction

from khung.assignments import rollup
from khung.assignments.jobs import check_roll_up
from khung.assignments.lateness import stamp_lateness
from khung.base import clock, jobs, schedule, sealer
from khung.base.nightly import check_audit_chain


def tick() -> None:
    """One round: lateness, roll-up, audit seal, and once a day the checks and the export."""
    now = clock.now()
    today = now.date()
    while stamp_lateness(today=today, now=now):
        pass
    rollup.fold_all()
    sealer.seal()
    sealer.export_head(now)
    for check in (check_roll_up, check_audit_chain):
        jobs.enqueue_once(check, today.isoformat())
    jobs.reap(now)
    with transaction.atomic():
        schedule.ran("schedule", now)


class Command(BaseCommand):
    help = "Chạy lịch: ghi nhận quá hạn, gộp số liệu, niêm phong nhật ký."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=float, help="lặp lại sau số giây này; bỏ trống thì chạy một lần"
        )

    def handle(self, *args: Any, every: float | None, **options: Any) -> None:
        while True:
            try:
                tick()
            except (Error, OSError) as error:
                # The database is busy or restarting, the disk full: what this round could not do,
                # the next one does.
                if every is None:
                    raise CommandError(f"Lịch không chạy được: {error}") from error
                self.stderr.write(f"Lịch bỏ qua một lượt: {error}")
            if every is None:
                return
            close_old_connections()
            time.sleep(every)
