"""The real web server as a process of its own, to be killed while others write."""

import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from bench.visitor import Visitor
from khung.base.management.commands.up import children

HOST = "127.0.0.1"
READY_SECONDS = 60


def environment() -> dict[str, str]:
    """What a process needs to work on the data folder and the database of this test."""
    return {
        **os.environ,
        "KHUNG_DATA": str(settings.DATA_DIR),
        "DATABASE_URL": _database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.breaking.served",
        "PYTHONPATH": str(settings.BASE_DIR),
    }


def _database_url() -> str:
    held = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{held['NAME']}"
    who = quote(held["USER"]) + (f":{quote(held['PASSWORD'])}" if held["PASSWORD"] else "")
    where = f"{held['HOST'] or 'localhost'}:{held['PORT'] or 5432}"
    return f"postgresql://{who}@{where}/{held['NAME']}"


class Site:
    """A web server on a port of its own; after `kill`, `start` brings it back to the same port."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it as `up` does and waits until it listens."""
        command = list(children()[0].command)
        command[command.index("--port") + 1] = str(self.port)
        self._process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=environment(),
            stdout=sys.stderr,
            start_new_session=True,
        )
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                with socket.create_connection((HOST, self.port), timeout=1):
                    return
            except OSError:
                assert self._process.poll() is None, "the server ended at its start"
                time.sleep(0.05)
        raise AssertionError("the server does not listen")

    def kill(self) -> None:
        """Ends the server and its workers at once, with whatever they are doing."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def visitor(self, session: str) -> Visitor:
        return Visitor(HOST, self.port, session)
