"""Ends the processes of a start whose parent was killed, and so could not end them itself.

Run as a program, told how many seconds children have to stop by themselves. The parent writes the
ids of its children, a line for each change, and holds the pipe open; when the pipe ends, the
parent is gone. Each child leads a process group of its own (`khung.base.processes`).
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable


def watch(lines: Iterable[str], stop_seconds: float) -> None:
    """Wait until `lines` ends, then end the processes of the newest line that is whole."""
    newest: list[int] = []
    for line in lines:
        if line.endswith("\n"):
            newest = [int(word) for word in line.split()]
    end(newest, stop_seconds)


def end(leaders: Iterable[int], stop_seconds: float) -> None:
    """Ask each leader to stop, wait a while, then kill whatever is left of its group."""
    left = [leader for leader in leaders if _signal(leader, signal.SIGTERM)]
    deadline = time.monotonic() + stop_seconds
    while time.monotonic() < deadline and any(_signal(leader, 0) for leader in left):
        time.sleep(0.1)
    for leader in left:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(leader, signal.SIGKILL)


def _signal(process: int, number: int) -> bool:
    """Whether the process was there to get it."""
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    watch(sys.stdin, float(sys.argv[1]))
