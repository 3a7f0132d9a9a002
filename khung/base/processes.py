"""Runs the server and its companions as children, restarts one that dies, stops them together."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from khung.base import warden

# Ten seconds are promised from the signal to the last process; what is left after these is killed.
STOP_SECONDS = 6.0
# Each pause is four times the one before: together they outlast a restart of the database.
RESTART_AFTER_SECONDS = 0.5
DEATHS_ALLOWED = 4
DEATHS_WITHIN_SECONDS = 120.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(slots=True)
class Child:
    """One process to keep alive. `name` is what the operator reads."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    deaths: list[float] = field(default_factory=list)

    def start(self, keep_open: Sequence[int] = ()) -> None:
        # A session of its own: Ctrl-C reaches only the parent, which then stops all in order.
        # Its standard output is the operator's log, so it goes where progress goes.
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            start_new_session=True,
            pass_fds=keep_open,
        )

    def exit_code(self) -> int | None:
        """None while it runs, and before it was started."""
        return self.process.poll() if self.process else None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)

    def end(self) -> None:
        """Kill whatever is left of it and of the processes it made."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Family:
    """The children of one start.

    `lock` is the descriptor of a held lock: every child keeps it open too, so it stays held while
    any of them lives, whatever became of the parent. Should the parent be killed, the warden ends
    the children.
    """

    def __init__(
        self, children: Sequence[Child], say: Callable[[str], None], lock: int | None = None
    ) -> None:
        self.children = children
        self.say = say
        self.kept_open = () if lock is None else (lock,)
        self.stopping = False
        self.warden: subprocess.Popen[bytes] | None = None

    def run(self, *, when_started: Callable[[Callable[[], bool]], None]) -> int:
        """Start all and stay until a signal (0) or until one child keeps dying (1).

        `when_started` is called once, after the first child alone has been started, so that the
        others don't slow the first page; it gets a function that tells whether to stop waiting.
        """
        for number in SIGNALS:
            signal.signal(number, self._ask_to_stop)
        self.warden = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", warden.__file__, str(STOP_SECONDS)],
            stdin=subprocess.PIPE,
            start_new_session=True,
            pass_fds=self.kept_open,
        )
        try:
            self._start(self.children[0])
            when_started(lambda: self.stopping or self._dead() is not None)
            if not self.stopping:
                for child in self.children[1:]:
                    self._start(child)
            return self._watch()
        finally:
            self._stop()

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _start(self, child: Child) -> None:
        child.start(self.kept_open)
        ids = [str(one.process.pid) for one in self.children if one.process]
        if self.warden and self.warden.stdin:
            with contextlib.suppress(BrokenPipeError):
                self.warden.stdin.write(f"{' '.join(ids)}\n".encode())
                self.warden.stdin.flush()

    def _dead(self) -> Child | None:
        return next((child for child in self.children if child.exit_code() is not None), None)

    def _watch(self) -> int:
        while not self.stopping:
            child = self._dead()
            if child is None:
                time.sleep(0.2)
            elif not self._restart(child):
                return 1
        return 0

    def _restart(self, child: Child) -> bool:
        now = time.monotonic()
        child.deaths = [at for at in child.deaths if now - at < DEATHS_WITHIN_SECONDS] + [now]
        code = child.exit_code()
        if len(child.deaths) > DEATHS_ALLOWED:
            self.say(f"{child.name} dừng liên tục (mã {code}): dừng Khung. Xem lỗi ở trên.")
            return False
        self.say(f"{child.name} đã dừng bất ngờ (mã {code}): đang khởi động lại.")
        child.end()
        again = now + RESTART_AFTER_SECONDS * 4 ** (len(child.deaths) - 1)
        while not self.stopping and time.monotonic() < again:
            time.sleep(0.1)
        if not self.stopping:
            self._start(child)
        return True

    def _stop(self) -> None:
        for child in self.children:
            if child.is_running():
                # Only the child itself: it tells its own processes, and in its own order.
                child.send(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and any(child.is_running() for child in self.children):
            time.sleep(0.05)
        for child in self.children:
            child.end()
        if self.warden:
            # Killed before its pipe ends: the ids it knows may belong to others by then.
            self.warden.kill()
            self.warden.communicate()
