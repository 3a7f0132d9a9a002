"""The disk is full while evidence is handed in: a real small disk, or a real limit of the system.

As root a disk of a few hundred kilobytes is mounted; otherwise the kernel refuses this process
every file beyond a size. Either way the refusal is the system's own.
"""

import os
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khung.assignments import rollup
from khung.assignments.models import Assignment
from khung.base import files
from khung.base.models import AuditEvent, StoredFile
from khung.reports import uploads
from khung.reports.models import Evidence, Report
from tests.cast import TODAY, Cast

DISK, LIMIT = 256 * 1024, 24 * 1024 * 1024
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TOLD = "Máy chủ đã hết chỗ chứa nên chưa nhận tệp."
WORDS = "Đã niêm yết ở ba nhà văn hóa"


def pdf(size: int) -> bytes:
    return PDF[:9] + b"% " + os.urandom(size // 2).hex().encode() + PDF[9:]


class Disk:
    """A folder that takes so many bytes at most."""

    def __init__(self, folder: Path, room: int) -> None:
        self.folder, self.room = folder, room

    @property
    def names(self) -> list[str]:
        """What lies there, half-written files included."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(path.name for path in found if path.name != ".lock")


@contextmanager
def mounted(folder: Path) -> Iterator[Disk | None]:
    """A disk of its own, None where mounting is not for us."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False).returncode
    except FileNotFoundError:
        done = 1
    if done:
        yield None
        return
    try:
        yield Disk(folder, DISK)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def limited(folder: Path) -> Iterator[Disk]:
    """No file of this process grows beyond the limit."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, before[1]))
    try:
        yield Disk(folder, LIMIT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def disk(tmp_path: Path, settings: LazySettings) -> Iterator[Disk]:
    """A small disk under the uploads folder."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.UPLOAD_LIMIT_MB = 40
    settings.MEDIA_ROOT.mkdir()
    with mounted(settings.MEDIA_ROOT) as own:
        if own is not None:
            yield own
            return
        with limited(settings.MEDIA_ROOT) as own:
            yield own


@pytest.fixture
def task(cast: Cast) -> Assignment:
    return cast.scene.assignment("east1", 1)


def hand_in(client: Client, task: Assignment, data: bytes, *, panel: bool) -> tuple[int, str]:
    response = client.post(
        reverse("add_evidence", args=[task.pk]),
        {"evidence": SimpleUploadedFile("bien-ban.pdf", data), "title": "Biên bản"},
        headers={"X-Wants": "panel"} if panel else {},
    )
    return response.status_code, response.content.decode()


def assert_nothing_came(disk: Disk, draft: Report) -> None:
    assert disk.names == []
    assert not StoredFile.objects.filter(content_type="application/pdf").exists()
    assert list(Evidence.objects.values_list("kind", flat=True)) == ["link"]
    assert not AuditEvent.objects.filter(verb="evidence.added").exists()
    draft.refresh_from_db()
    assert (draft.text, draft.uses.count()) == (WORDS, 1)


@pytest.mark.parametrize("panel", [True, False])
def test_a_full_disk_is_told_and_nothing_of_the_file_stays(
    cast: Cast, task: Assignment, disk: Disk, panel: bool
) -> None:
    draft, client = cast.draft(task, WORDS), cast.client("officer")
    status, shown = hand_in(client, task, pdf(disk.room + 64_000), panel=panel)
    assert (status, TOLD in shown) == (422, True)
    assert_nothing_came(disk, draft)
    # The report itself is still sent, and a file that finds room is still taken.
    status, shown = hand_in(client, task, pdf(20_000), panel=panel)
    assert (status, TOLD in shown) == (200, False)
    assert draft.uses.count() == 2
    cast.send(task)
    assert rollup.differences() == []


def test_a_disk_that_is_full_where_files_arrive_is_told(
    cast: Cast, task: Assignment, disk: Disk, settings: LazySettings, tmp_path: Path
) -> None:
    arriving = disk.folder / "arriving"
    arriving.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(arriving)
    draft = cast.draft(task, WORDS)
    status, shown = hand_in(cast.client("officer"), task, pdf(disk.room + 64_000), panel=True)
    assert (status, TOLD in shown) == (422, True)
    assert_nothing_came(disk, draft)


def test_the_second_of_two_files_finds_no_room_and_the_first_stays(
    cast: Cast, disk: Disk, tmp_path: Path
) -> None:
    small, large = pdf(40_000), pdf(disk.room)
    with uploads.prepared(BytesIO(small), "a.pdf") as first:
        uploads.keep(first, unit=cast.scene.units["east1"], by=cast["officer"], now=TODAY)
    with pytest.raises(files.NoRoom), uploads.prepared(BytesIO(large), "b.pdf"):
        pass
    (kept,) = Evidence.objects.all()
    assert kept.file is not None
    assert files.read(kept.file) == small
    assert disk.names == [kept.file.sha256]


def test_a_disk_that_gives_no_temporary_file_is_told(
    cast: Cast, task: Assignment, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(**_: object) -> None:
        raise OSError(28, "No space left on device")

    draft = cast.draft(task, WORDS)
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", none)
    status, shown = hand_in(cast.client("officer"), task, pdf(1_000), panel=False)
    assert (status, TOLD in shown) == (422, True)
    assert_nothing_came(disk, draft)
