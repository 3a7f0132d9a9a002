"""What a start prepares: once, in a way that a second start needs no time for, and told plainly."""

from pathlib import Path
from unittest.mock import Mock

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import OperationalError

from khung.base import installation, preparation
from khung.base.catalogues import compile_stale
from khung.base.installation import Installation, Kind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(settings, "STATIC_ROOT", tmp_path / "static")


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The management commands a preparation called."""
    called: list[str] = []

    def call(name: str, **_: object) -> None:
        called.append(name)
        if name == "collectstatic":
            Path(settings.STATIC_ROOT).mkdir(exist_ok=True)

    monkeypatch.setattr(preparation, "call_command", call)
    return called


def ignore(text: str) -> None:
    """Progress nobody reads."""


def test_an_empty_database_gets_the_demonstration_and_static_files_once(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    preparation.prepare(ignore)
    assert commands == ["load_demonstration", "collectstatic"]
    assert installation.read() == Installation(Kind.DEMONSTRATION)
    monkeypatch.setattr(preparation, "database_is_empty", lambda: False)
    preparation.prepare(ignore)
    assert len(commands) == 2


def test_a_cut_load_goes_on(commands: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    installation.remember(Installation(Kind.DEMONSTRATION, complete=False))
    monkeypatch.setattr(preparation, "database_is_empty", lambda: False)
    preparation.prepare(ignore)
    assert "load_demonstration" in commands


def test_a_database_with_contents_is_somebodys_own(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparation, "database_is_empty", lambda: False)
    preparation.prepare(ignore)
    assert "load_demonstration" not in commands
    assert installation.read() == Installation(Kind.OWN)


def test_static_files_are_collected_again_when_ours_change(
    commands: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    for name in ("requirements.lock", "config/settings.py", "khung/base/assets.py"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("x")
    sheet = project / "khung/base/static/base/khung.css"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("a {}")
    monkeypatch.setattr(settings, "BASE_DIR", project)
    installation.remember(Installation(Kind.OWN))
    preparation.prepare(ignore)
    preparation.prepare(ignore)
    assert commands == ["collectstatic"]
    sheet.write_text("a { color: red }")
    preparation.prepare(ignore)
    assert commands == ["collectstatic"] * 2


@pytest.mark.parametrize("error", [OSError(28, "No space left"), OperationalError("disk is full")])
def test_a_full_disk_is_a_message(
    error: Exception, commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(say: preparation.Say) -> None:
        raise error

    monkeypatch.setattr(preparation, "_collect_static", fail)
    with pytest.raises(CommandError):
        preparation.prepare(ignore)


def test_code_in_a_folder_that_cannot_be_written_still_starts(
    commands: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> list[Path]:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(preparation, "compile_stale", fail)
    said: list[str] = []
    preparation.prepare(said.append)
    assert any("Read-only" in line for line in said)


def test_catalogues_are_compiled_only_when_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LOCALE_PATHS", [tmp_path])
    source = tmp_path / "en/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n')
    compiled = source.with_suffix(".mo")
    assert compile_stale() == [compiled]
    assert compile_stale() == []
    compiled.unlink()
    assert compile_stale() == [compiled]
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]


def test_the_database_file_is_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made so, and mended where an earlier version made it readable by others."""
    file = tmp_path / "khung.sqlite3"
    database = Mock(vendor="sqlite", settings_dict={"NAME": str(file)})
    monkeypatch.setattr(preparation, "connection", database)
    for _ in range(2):
        preparation._keep_private()
        assert file.stat().st_mode & 0o777 == 0o600
        file.chmod(0o644)
