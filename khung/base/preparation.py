"""What must be true before a page or a command is served; done only where it is not true yet."""

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from khung.base import folder_lock, installation
from khung.base.catalogues import compile_stale
from khung.base.installation import Installation, Kind
from khung.base.models import AuditEvent

Say = Callable[[str], None]


def prepare(say: Say, *, demonstration: bool = True) -> None:
    """Catalogues, tables, demonstration data if the database is empty, static files.

    `say` takes progress. Raises CommandError, in Vietnamese, for a database that doesn't answer
    and a folder that can't be written or is full.
    """
    try:
        with folder_lock.hold("prepare", wait=True):
            _compile_catalogues(say)
            _keep_private()
            _migrate(say)
            if demonstration:
                _load_demonstration(say)
            _collect_static(say)
    except OSError as error:
        raise CommandError(f"Không ghi được tệp: {error}.") from error
    except OperationalError as error:
        raise CommandError(f"Cơ sở dữ liệu từ chối: {str(error).strip()}.") from error


def database_is_empty() -> bool:
    """Nobody has an account and nothing was ever done: every change leaves an audit event."""
    return not (get_user_model()._default_manager.exists() or AuditEvent.objects.exists())


def _compile_catalogues(say: Say) -> None:
    try:
        if compile_stale():
            say("Đã biên dịch bản dịch giao diện.")
    except OSError as error:
        # The code may stand where nothing can be written; the pages are Vietnamese without it.
        say(f"Không ghi được bản dịch giao diện, tiếng Anh có thể thiếu: {error}")


def _keep_private() -> None:
    """The SQLite file holds sessions: its owner's alone, and so are the files beside it."""
    if connection.vendor != "sqlite":
        return
    file = Path(connection.settings_dict["NAME"])
    file.touch(mode=0o600)
    if file.stat().st_mode & 0o077:
        with contextlib.suppress(PermissionError):  # somebody else's file, who shared it with us
            file.chmod(0o600)


def _migrate(say: Say) -> None:
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        raise CommandError(
            f"Cơ sở dữ liệu trong DATABASE_URL không trả lời: {str(error).strip()}. "
            "Hãy kiểm tra máy chủ cơ sở dữ liệu, địa chỉ và mật khẩu."
        ) from error
    targets = executor.loader.graph.leaf_nodes()
    if newer := _unknown_migrations(executor):
        raise CommandError(
            "Cơ sở dữ liệu thuộc một bản Khung mới hơn bản này "
            f"({', '.join(newer)}). Hãy dùng bản Khung mới hơn."
        )
    if executor.migration_plan(targets):
        say("Đang tạo hoặc nâng cấp các bảng dữ liệu …")
        call_command("migrate", interactive=False, verbosity=0)


def _unknown_migrations(executor: MigrationExecutor) -> list[str]:
    """Migrations the database has seen and this code has not, of the project's own rooms."""
    known = executor.loader.disk_migrations or {}
    rooms = executor.loader.migrated_apps
    return sorted(
        f"{room}.{name}"
        for room, name in executor.loader.applied_migrations
        if room in rooms and (room, name) not in known
    )


def _load_demonstration(say: Say) -> None:
    found = installation.read()
    if found is None:
        kind = Kind.DEMONSTRATION if database_is_empty() else Kind.OWN
        found = Installation(kind, complete=kind is Kind.OWN)
        installation.remember(found)
    if found.kind is Kind.OWN or (found.complete and not database_is_empty()):
        return
    say("Đang nạp dữ liệu minh họa …")
    installation.remember(Installation(Kind.DEMONSTRATION, complete=False))
    call_command("load_demonstration")
    installation.remember(Installation(Kind.DEMONSTRATION))


def _collect_static(say: Say) -> None:
    """Files from wheels change only with the lock, our own when they are edited."""
    marker = Path(settings.STATIC_ROOT) / ".fingerprint"
    wanted = _static_fingerprint()
    if marker.exists() and marker.read_text() == wanted:
        return
    say("Đang chuẩn bị tệp giao diện …")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    marker.write_text(wanted)


def _static_fingerprint() -> str:
    base = settings.BASE_DIR
    digest = hashlib.sha256((base / "requirements.lock").read_bytes())
    # The second line: what is collected from wheels, and how.
    sources = [path for path in base.glob("khung/*/static/**/*") if path.is_file()]
    sources += [base / "config/settings.py", base / "khung/base/assets.py"]
    for path in sorted(sources):
        status = path.stat()
        digest.update(f"{path} {status.st_mtime_ns} {status.st_size}\n".encode())
    return digest.hexdigest()
