"""Backs up and restores one installation: every row of every table, and the uploads.

The archive is neutral: written from SQLite it can be restored into PostgreSQL and the other way
round, which is how an installation moves. Neither the secret key nor anybody's session is in it,
so that who gets a backup can't go on as somebody else; after a restore people sign in anew.
"""

import datetime as dt
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from khung.base import archive, folder_lock, installation, preparation, rows
from khung.base.archive import BadArchive, Manifest, Table
from khung.base.models import AuditEvent

# Tables whose rows stay behind: a session's key is all it takes to be that person.
SESSIONS = frozenset({Session._meta.db_table})


class NotEmpty(RuntimeError):
    """The database holds somebody's work; replacing it must be asked for."""


def write(target: Path, now: dt.datetime) -> Manifest:
    """Write a backup of this moment to `target`, which appears only when it is whole.

    The server may keep running: rows are read from one snapshot, and uploads are never changed
    once stored. One that its owner deleted meanwhile is left out.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        descriptor = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            os.fdopen(descriptor, "w+b") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as opened,
        ):
            manifest = _write(opened, now)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return manifest


def _write(opened: zipfile.ZipFile, now: dt.datetime) -> Manifest:
    tables = []
    with _snapshot():
        for model in rows.tables():
            name = model._meta.db_table
            lines = iter(()) if name in SESSIONS else rows.lines(model)
            count, sha256 = archive.write_lines(opened, archive.table_entry(name), lines)
            names = rows.column_names(model)
            tables.append(Table(name, names, count, sha256))
        migrations, head = _migrations(), _audit_head()
    root = Path(settings.MEDIA_ROOT)
    # A name with a dot before it is a file still being written.
    files = sorted(path for path in root.rglob("[!.]*") if path.is_file())
    uploads = {}
    for path in files:
        name = path.relative_to(root).as_posix()
        with suppress(FileNotFoundError):
            uploads[name] = archive.write_file(opened, archive.UPLOADS + name, path)
    found = installation.read()
    manifest = Manifest(
        created_at=now.isoformat(),
        installation=(found.kind if found else installation.Kind.OWN).value,
        migrations=migrations,
        audit_head=head,
        tables=tables,
        uploads=uploads,
    )
    opened.writestr(archive.MANIFEST, manifest.to_json())
    return manifest


@contextmanager
def _snapshot() -> Iterator[None]:
    """A transaction that sees one moment and doesn't make writers wait."""
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    wrapper.ensure_connection()
    if wrapper.vendor == "postgresql":
        with transaction.atomic():
            with wrapper.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
        return
    mode, wrapper.transaction_mode = wrapper.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic():
            yield
    finally:
        wrapper.transaction_mode = mode


def _migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _audit_head() -> dict[str, int | str | None]:
    """Where the audit chain ends, so that a tail cut off later shows."""
    last = AuditEvent.objects.filter(position__isnull=False).order_by("-position").first()
    return {
        "position": last.position if last else None,
        "hash": last.hash if last else None,
        "count": AuditEvent.objects.count(),
    }


def restore(source: Path, *, replace: bool) -> Manifest:
    """Make the database and the uploads what they were when `source` was written.

    All rows change in one transaction, so a failure leaves what was there. Call it on a migrated
    database. Raises BadArchive, NotEmpty (without `replace`), or `folder_lock.Held` while the
    server runs.
    """
    opened, manifest = archive.open_checked(source)
    with opened, folder_lock.hold("running", wait=False):
        if not replace and not preparation.database_is_empty():
            raise NotEmpty
        models, kind = _matching(manifest), _kind(manifest)
        # Files first: until the rows are committed the old rows still find theirs, and a crash
        # leaves files too many, never too few.
        _put_uploads(opened, manifest)
        with transaction.atomic():
            rows.replace_all(
                (models[table.name], archive.read_lines(opened, table.entry))
                for table in manifest.tables
            )
            _check_counts(models, manifest)
        _remove_other_uploads(manifest)
    installation.remember(installation.Installation(kind))
    return manifest


def _matching(manifest: Manifest) -> dict[str, rows.Model]:
    """The tables by name, if they are those the backup was written from."""
    models = {model._meta.db_table: model for model in rows.tables()}
    same_columns = {table.name: table.columns for table in manifest.tables} == {
        name: rows.column_names(model) for name, model in models.items()
    }
    if manifest.migrations != _migrations() or not same_columns:
        raise BadArchive(
            "Bản sao lưu do một bản Khung khác tạo ra. Hãy khôi phục bằng đúng bản Khung đó rồi "
            f"mới nâng cấp. Bản sao lưu lập {manifest.made_at()}."
        )
    return models


def _kind(manifest: Manifest) -> installation.Kind:
    try:
        return installation.Kind(manifest.installation)
    except ValueError:
        raise BadArchive(f"Bản sao lưu ghi loại cài đặt lạ: {manifest.installation}.") from None


def _check_counts(models: dict[str, rows.Model], manifest: Manifest) -> None:
    for table in manifest.tables:
        if models[table.name]._base_manager.count() != table.rows:
            raise BadArchive(f"Bảng {table.name} khôi phục không đủ dòng; đã giữ dữ liệu cũ.")


def _put_uploads(opened: zipfile.ZipFile, manifest: Manifest) -> None:
    for name in manifest.uploads:
        target = Path(settings.MEDIA_ROOT) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.new")
        with opened.open(archive.UPLOADS + name) as source, fresh.open("wb") as file:
            while chunk := source.read(archive.CHUNK):
                file.write(chunk)
        fresh.replace(target)


def _remove_other_uploads(manifest: Manifest) -> None:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(root).as_posix() not in manifest.uploads:
            path.unlink()
