"""The bench itself: a small run gives every figure, and gives nothing but JSON."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from bench.sizes import TARGETS, reaches


def run_bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"
    }
    return subprocess.run(
        [sys.executable, "manage.py", "bench", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_quick_run_has_every_figure() -> None:
    done = run_bench("--quick", "--json", "--database", connection.vendor)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found) == [connection.vendor]
    figures = found[connection.vendor]
    assert set(TARGETS) <= set(figures)
    assert (figures["concurrent_lost"], figures["concurrent_5xx"]) == (0, 0)
    assert all(figures[name] > 0 for name in TARGETS if TARGETS[name].most != 0)
    assert (figures["assignments_60k"], figures["assignments_2m"]) == (10_000, 20_000)
    assert figures["expand_assignments"] > 6_000
    assert connection.vendor in done.stderr


def test_a_database_that_is_not_there_is_said_and_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KHUNG_TEST_POSTGRES_URL", "postgresql://nobody@127.0.0.1:1/none")
    done = run_bench("--quick", "--json", "--database", "postgresql")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"postgresql": None}
    assert "không trả lời" in done.stderr


@pytest.mark.parametrize(
    ("key", "database", "value", "reached"),
    [
        ("expand_per_s", "sqlite", 9_999, False),
        ("expand_per_s", "postgresql", 9_999, True),
        ("board_ratio_2m", "sqlite", 3, True),
        ("board_ratio_2m", "sqlite", 3.01, False),
        ("bare_page_ms", "sqlite", 1_000, None),
        ("submit_per_s", "postgresql", 59.9, False),
        ("concurrent_lost", "sqlite", 0, True),
        ("concurrent_lost", "sqlite", 1, False),
    ],
)
def test_a_figure_reaches_its_target_or_not(
    key: str, database: str, value: float, reached: bool | None
) -> None:
    assert reaches(key, database, value) is reached
