"""Measures the installed code on databases of its own (the package `bench`, docs/bench.md)."""

import subprocess
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Đo tốc độ trên cơ sở dữ liệu tạm; không đụng đến dữ liệu đang dùng."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="chỉ in JSON ra stdout")
        parser.add_argument("--quick", action="store_true", help="bản nhỏ, để thử chính bộ đo")
        parser.add_argument("--database", action="append", choices=["sqlite", "postgresql"])

    def handle(
        self, *args: Any, json: bool, quick: bool, database: list[str] | None, **options: Any
    ) -> None:
        command = [sys.executable, "-m", "bench"]
        command += ["--json"] * json + ["--quick"] * quick
        for name in database or ():
            command += ["--database", name]
        # A process of its own: it starts servers and databases with settings of their own.
        sys.exit(subprocess.run(command, cwd=settings.BASE_DIR, check=False).returncode)  # noqa: S603
