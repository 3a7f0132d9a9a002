"""`manage.py up`: prepares, starts the server, the job worker and the schedule, and stays."""

import http.client
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from khung.base import folder_lock, installation
from khung.base.preparation import prepare
from khung.base.processes import Child, Family

READY_SECONDS = 60.0
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Command(BaseCommand):
    help = "Chạy Khung: máy chủ web, bộ xử lý việc nền và lịch. Ctrl-C để dừng."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # Before anything is prepared: the tables of a running Khung are not ours to change.
            with folder_lock.hold("running", wait=False) as lock:
                prepare(self.stderr.write)
                if installation.is_demonstration():
                    os.environ["KHUNG_DEMONSTRATION"] = "1"
                os.environ["PYTHONPATH"] = str(settings.BASE_DIR)
                os.environ["KHUNG_DATA"] = str(settings.DATA_DIR)
                family = Family(children(), self.stderr.write, lock)
                code = family.run(when_started=self._announce)
        except folder_lock.Held:
            raise CommandError(
                f"Khung đang chạy với thư mục dữ liệu {settings.DATA_DIR}. Hãy dừng lần chạy kia "
                "trước, hoặc đặt KHUNG_DATA sang thư mục khác."
            ) from None
        self.stderr.write("Khung đã dừng.")
        sys.exit(code)

    def _announce(self, given_up: Callable[[], bool]) -> None:
        """Print the address once it answers, so that the first click already works."""
        deadline = time.monotonic() + READY_SECONDS
        while not answers():
            if given_up() or time.monotonic() > deadline:
                self.stderr.write("Máy chủ web chưa trả lời; xem lỗi ở trên.")
                return
            time.sleep(0.05)
        host = f"[{settings.BIND_HOST}]" if ":" in settings.BIND_HOST else settings.BIND_HOST
        self.stdout.write(f"Khung đang chạy tại http://{host}:{settings.BIND_PORT}/")
        if settings.BIND_HOST not in LOOPBACK:
            self.stdout.write(
                "Máy khác truy cập được bằng các tên trong KHUNG_ALLOWED_HOSTS: "
                + ", ".join(settings.ALLOWED_HOSTS)
            )
        if installation.is_demonstration():
            call_command("demonstration_accounts", stdout=self.stdout)
        self.stdout.write("Nhấn Ctrl-C để dừng.")
        self.stdout.flush()


def children() -> list[Child]:
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    server = [sys.executable, "-m", "granian", "--interface", "wsgi"]
    server += ["--host", settings.BIND_HOST, "--port", str(settings.BIND_PORT)]
    server += ["--workers", str(settings.WEB_WORKERS)]
    # Threads beyond these only add database connections: Python runs one of them at a time.
    server += ["--blocking-threads", str(settings.WEB_THREADS)]
    server += ["--workers-kill-timeout", "2", "--respawn-failed-workers", "--no-ws"]
    server += ["--log-level", "warning", "config.wsgi:application"]
    return [
        Child("Máy chủ web", server),
        Child("Bộ xử lý việc nền", [*manage, "db_worker", "--no-reload"]),
        Child("Lịch", [*manage, "tick", "--every", "20"]),
    ]


def answers() -> bool:
    """Whether the first page comes, whatever it says."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.BIND_HOST, settings.BIND_HOST)  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.BIND_PORT, timeout=30)
    try:
        connection.request("GET", "/", headers={"Host": settings.ALLOWED_HOSTS[0].lstrip("*.")})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
