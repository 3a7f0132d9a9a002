"""A backup gives back every row of every table and every upload, on either database."""

import datetime as dt
import json
import uuid
import zipfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django_tasks_db.models import DBTaskResult

from khung.base import backup, folder_lock, installation, rows, sealer
from khung.base.archive import BadArchive, open_checked
from khung.base.models import AuditEvent, ScheduleTick, StoredFile

NOW = dt.datetime(2026, 2, 3, 4, 5, 6, 789012, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=1)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "uploads")


@pytest.fixture
def contents(tmp_path: Path) -> None:
    """Rows of the kinds that are easily lost: microseconds, Vietnamese, null, JSON, UUID."""
    get_user_model().objects.create_user("vân", None, full_name="Trần Thị Vân", joined_at=NOW)
    AuditEvent.objects.create(
        uuid=uuid.UUID(int=7),
        at=NOW,
        actor="person:1",
        actor_name="Trần Thị Vân",
        verb="framework.in_force",
        subject="framework:1",
        data={"số": 62, "rỗng": None, "chữ": 'xuống\ndòng "và" \u2028', "tỷ lệ": 0.1},
        position=1,
        previous_hash="0" * 64,
        hash="a" * 64,
    )
    AuditEvent.objects.create(at=LATER, actor="system", actor_name="", verb="tick", subject="x")
    ScheduleTick.objects.create(name="tick", ran_at=NOW)
    Session.objects.create(session_key="k", session_data="v", expire_date=LATER)
    DBTaskResult.objects.create(
        task_path="x", args_kwargs={"args": [], "kwargs": {}}, priority=0, run_after=NOW,
        backend_name="default", worker_ids=[],
    )  # fmt: skip
    upload = tmp_path / "uploads" / "ab" / "ảnh.jpg"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(bytes(range(256)) * 5000)
    StoredFile.objects.create(
        sha256="b" * 64, name="ảnh.jpg", content_type="image/jpeg", size=1_280_000, stored_at=NOW
    )


def everything() -> dict[str, list[str]]:
    return {model._meta.db_table: list(rows.lines(model)) for model in rows.tables()}


def uploads() -> dict[str, bytes]:
    root = Path(settings.MEDIA_ROOT)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def saved(contents: None, tmp_path: Path) -> Path:
    target = tmp_path / "backups" / "b.zip"
    backup.write(target, NOW)
    return target


def change_everything() -> None:
    AuditEvent.objects.all().delete()
    DBTaskResult.objects.update(task_path="changed")
    get_user_model().objects.create_user("new", None, full_name="Mới", joined_at=LATER)
    root = Path(settings.MEDIA_ROOT)
    (root / "extra.bin").write_bytes(b"x")
    (root / "ab" / "ảnh.jpg").unlink()


def test_every_row_and_file_comes_back(saved: Path) -> None:
    before, files = everything(), uploads()
    assert sum(len(table) for table in before.values()) > 7
    assert "789012" in "".join(before["base_auditevent"])
    change_everything()
    assert everything() != before
    backup.restore(saved, replace=True)
    assert everything() == before | {"django_session": []}
    assert uploads() == files


def test_a_backup_lets_nobody_go_on_in_anothers_session(saved: Path) -> None:
    assert everything()["django_session"]
    with zipfile.ZipFile(saved) as opened:
        assert opened.read("tables/django_session.jsonl") == b""


def test_a_file_still_being_written_is_not_backed_up(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "uploads" / "ab" / ".half").write_bytes(b"x")
    manifest = backup.write(tmp_path / "second.zip", NOW)
    assert list(manifest.uploads) == ["ab/ảnh.jpg"]


def test_heads_of_the_audit_chain_are_set_aside_by_a_restore(saved: Path) -> None:
    kept = sealer.export_head(NOW)
    said = StringIO()
    call_command("restore", str(saved), replace=True, stdout=said)
    assert "lập lúc 04:05 ngày 03/02/2026." in said.getvalue()
    assert sealer.exported_heads() == []
    assert not kept.exists()
    assert list(settings.DATA_DIR.glob(f"audit-heads-before-*/{kept.name}"))


def test_new_rows_follow_the_restored_ones(saved: Path) -> None:
    change_everything()
    backup.restore(saved, replace=True)
    newest = AuditEvent.objects.order_by("-pk")[0].pk
    event = AuditEvent.objects.create(at=NOW, actor="a", actor_name="", verb="v", subject="s")
    assert event.pk > newest


def test_the_manifest_holds_the_head_of_the_audit_chain(saved: Path) -> None:
    _, manifest = open_checked(saved)
    assert manifest.audit_head == {"position": 1, "hash": "a" * 64, "count": 2}


def test_backups_are_for_their_owner_only_and_without_the_key(saved: Path) -> None:
    assert saved.stat().st_mode & 0o077 == 0
    assert settings.SECRET_KEY not in str(zipfile.ZipFile(saved).namelist())
    assert [path.name for path in saved.parent.iterdir()] == ["b.zip"]


def test_data_are_replaced_only_when_asked(saved: Path) -> None:
    before = everything()
    with pytest.raises(backup.NotEmpty):
        backup.restore(saved, replace=False)
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", str(saved))
    assert everything() == before


def test_an_empty_database_needs_no_asking(saved: Path) -> None:
    before = everything()
    AuditEvent.objects.all().delete()
    get_user_model().objects.all().delete()
    backup.restore(saved, replace=False)
    assert everything() == before | {"django_session": []}


def test_nothing_is_restored_under_a_running_server(saved: Path) -> None:
    with folder_lock.hold("running", wait=False), pytest.raises(folder_lock.Held):
        backup.restore(saved, replace=True)


def rewritten(source: Path, entry: str, data: bytes | None) -> Path:
    """A copy of a backup with one entry changed or left out."""
    target = source.with_name("changed.zip")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name != entry:
                new.writestr(name, old.read(name))
            elif data is not None:
                new.writestr(name, data)
    return target


@pytest.mark.parametrize("data", [b"", None, b"[1]\n"])
def test_a_damaged_backup_changes_nothing(saved: Path, data: bytes | None) -> None:
    before = everything()
    broken = rewritten(saved, "tables/base_auditevent.jsonl", data)
    with pytest.raises(BadArchive):
        backup.restore(broken, replace=True)
    assert everything() == before


def test_a_cut_file_and_a_foreign_file_are_refused(saved: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.zip"
    cut.write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])
    for path in (cut, tmp_path / "missing.zip", Path(__file__)):
        with pytest.raises(BadArchive):
            backup.restore(path, replace=True)


def test_paths_out_of_the_uploads_are_refused(saved: Path) -> None:
    manifest = json.loads(zipfile.ZipFile(saved).read("manifest.json"))
    manifest["uploads"]["../escaped"] = "0" * 64
    bad = rewritten(saved, "manifest.json", json.dumps(manifest).encode())
    with pytest.raises(BadArchive, match="không hợp lệ"):
        backup.restore(bad, replace=True)


def test_another_version_is_refused(saved: Path) -> None:
    manifest = json.loads(zipfile.ZipFile(saved).read("manifest.json"))
    manifest["migrations"].append("base.9999_future")
    other = rewritten(saved, "manifest.json", json.dumps(manifest).encode())
    with pytest.raises(BadArchive, match="bản Khung khác"):
        backup.restore(other, replace=True)


def test_an_unknown_kind_of_installation_changes_nothing(saved: Path) -> None:
    manifest = json.loads(zipfile.ZipFile(saved).read("manifest.json"))
    manifest["installation"] = "other"
    before = everything()
    with pytest.raises(BadArchive, match="other"):
        backup.restore(
            rewritten(saved, "manifest.json", json.dumps(manifest).encode()), replace=True
        )
    assert everything() == before


def test_a_failure_half_way_leaves_the_old_rows(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_everything()
    before = everything()
    whole = rows._fill

    def breaks(model: rows.Model, lines: Iterator[str]) -> None:
        whole(model, lines)
        if model._meta.db_table == "base_auditevent":
            raise DatabaseError("đĩa đầy")

    monkeypatch.setattr(rows, "_fill", breaks)
    with pytest.raises(DatabaseError):
        backup.restore(saved, replace=True)
    assert everything() == before


def test_the_kind_of_installation_comes_with_the_backup(contents: None, tmp_path: Path) -> None:
    installation.remember(installation.Installation(installation.Kind.DEMONSTRATION))
    backup.write(tmp_path / "b.zip", NOW)
    installation.remember(installation.Installation(installation.Kind.OWN))
    backup.restore(tmp_path / "b.zip", replace=True)
    assert installation.is_demonstration()


def test_the_backup_command_never_overwrites(
    contents: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "mine.zip"
    connection.close()  # as in a process that only just started
    call_command("backup", to=target)
    assert str(target) in capsys.readouterr().out
    with pytest.raises(CommandError, match="Đã có tệp"):
        call_command("backup", to=target)
