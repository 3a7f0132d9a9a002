"""`run.py test`: every check of the project, each timed, with one plain line at the end."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bootstrap.environment import say
from bootstrap.places import PYTHON, ROOT

POSTGRES_DEFAULT = "postgresql://postgres@127.0.0.1:5432/postgres"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one step; a tool that is not pytest counts as one test."""

    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    note: str = ""

    @property
    def word(self) -> str:
        if self.failed:
            return "HỎNG"
        return "đạt" if self.passed else "BỎ QUA"


def run(arguments: list[str]) -> int:
    """Run every step, or those of `--only`; other arguments go to pytest. 0 only if all passed."""
    parser = argparse.ArgumentParser(prog="run.py test")
    parser.add_argument("--only", help=f"các bước, cách nhau dấu phẩy: {', '.join(STEPS)}")
    options, extra = parser.parse_known_args(arguments)
    chosen = options.only.split(",") if options.only else list(STEPS)
    if unknown := set(chosen) - set(STEPS):
        parser.error(f"không có bước {', '.join(sorted(unknown))}; có: {', '.join(STEPS)}")
    outcomes = []
    for name in chosen:
        say(f"\n── {name} " + "─" * (70 - len(name)))
        started = time.monotonic()
        passed, failed, skipped, note = STEPS[name](extra)
        outcomes.append(Outcome(name, passed, failed, skipped, time.monotonic() - started, note))
    return _report(outcomes)


def _report(outcomes: list[Outcome]) -> int:
    print()
    for outcome in outcomes:
        print(f"{outcome.word:7} {outcome.name:13} {outcome.seconds:7.1f} s  {outcome.note}")
    total = sum(outcome.seconds for outcome in outcomes)
    print(f"{'':7} {'cộng':13} {total:7.1f} s")
    failed = sum(outcome.failed for outcome in outcomes)
    skipped = sum(outcome.skipped for outcome in outcomes)
    tail = f", {skipped} skipped" if skipped else ""
    print(
        f"{sum(outcome.passed for outcome in outcomes)} passed, {failed} failed{tail}", flush=True
    )
    return 1 if failed else 0


Counts = tuple[int, int, int, str]
"""Passed, failed, skipped, and a note for the table."""


def _tool(*command: str) -> Callable[[list[str]], Counts]:
    """A step that passes when the command does. The tools stand beside the interpreter."""

    def step(_extra: list[str]) -> Counts:
        tool = [str(PYTHON.parent / command[0]), *command[1:]]
        # The checks of the program itself must not depend on an installation's variables.
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        environment["PYTHONPATH"] = str(ROOT)
        code = subprocess.run(tool, cwd=ROOT, env=environment, check=False).returncode
        return (0, 1, 0, f"mã thoát {code}") if code else (1, 0, 0, "")

    return step


def _pytest(arguments: list[str], extra: list[str], database_url: str | None = None) -> Counts:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    if database_url:
        environment["DATABASE_URL"] = database_url
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [str(PYTHON), "-m", "pytest", f"--junitxml={report}", *arguments, *extra]
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if code == 5 and extra:
            return 0, 0, 0, "không có kiểm thử nào khớp"
        if not report.exists():
            return 0, 1, 0, f"pytest dừng với mã {code}"
        suites = ElementTree.parse(report).getroot().findall("testsuite")  # noqa: S314 - our own

    def count(key: str) -> int:
        return sum(int(suite.get(key, "0")) for suite in suites)

    failed, skipped = count("failures") + count("errors"), count("skipped")
    passed = count("tests") - failed - skipped
    if code and not failed:
        return passed, 1, skipped, f"pytest dừng với mã {code}"
    return passed, failed, skipped, f"{passed} đạt, {failed} hỏng"


def _sqlite(extra: list[str]) -> Counts:
    return _pytest(["-m", "not browser", "-n", "2"], extra)


def _postgresql(extra: list[str]) -> Counts:
    url = os.environ.get("KHUNG_TEST_POSTGRES_URL") or POSTGRES_DEFAULT
    probe = "import psycopg, sys; psycopg.connect(sys.argv[1], connect_timeout=3).close()"
    answer = subprocess.run([PYTHON, "-c", probe, url], capture_output=True, check=False)
    if answer.returncode:
        return _missing("không có PostgreSQL nào trả lời ở KHUNG_TEST_POSTGRES_URL")
    return _pytest(["-m", "not browser", "-n", "2"], extra, database_url=url)


def _browser(extra: list[str]) -> Counts:
    names = (os.environ.get("KHUNG_CHROMIUM", ""), *CHROMIUM_NAMES)
    if not any(name and shutil.which(name) for name in names):
        return _missing("không có Chromium (apt-get install chromium, hoặc đặt KHUNG_CHROMIUM)")
    return _pytest(["-m", "browser", "-n", "2"], extra)


def _missing(what: str) -> Counts:
    """In CI a step that cannot run has failed; elsewhere it is left out, and said loudly."""
    print(f"!!! BƯỚC NÀY KHÔNG CHẠY: {what}", file=sys.stderr)
    in_ci = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
    return 0, int(in_ci), int(not in_ci), what


STEPS: dict[str, Callable[[list[str]], Counts]] = {
    "ruff": _tool("ruff", "check", "."),
    "format": _tool("ruff", "format", "--check", "."),
    "mypy": _tool("mypy"),
    "layers": _tool("lint-imports"),
    "migrations": _tool("python", "manage.py", "makemigrations", "--check", "--dry-run"),
    "translations": lambda _extra: _pytest(["tests/test_translations.py"], []),
    "sqlite": _sqlite,
    "postgresql": _postgresql,
    "browser": _browser,
}
