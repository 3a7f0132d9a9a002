"""The schedule: what happens by itself, every few seconds and every night."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections

from khung.base import ticking


class Command(BaseCommand):
    help = "Chạy lịch: ghi nhận quá hạn, gộp số liệu, nhắc việc, niêm phong nhật ký."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=float, help="lặp lại sau số giây này; bỏ trống thì chạy một lần"
        )

    def handle(self, *args: Any, every: float | None, **options: Any) -> None:
        while True:
            try:
                ticking.tick()
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
