"""Locks between processes of one installation, held by a file in its data folder.

The database's own locks (`khung.base.locks`) don't serve before there are tables, nor while a
backup replaces them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.files import locks


class Held(RuntimeError):
    """Another process of this installation holds the lock."""


@contextmanager
def hold(name: str, *, wait: bool) -> Iterator[int]:
    """Hold the lock `name`; the system frees it when the process ends, however it ends.

    Gives the descriptor of its file: a process that inherits it holds the lock too. Raises Held
    if it is taken and `wait` is false.
    """
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.DATA_DIR / f"{name}.lock").open("w") as file:
        if not locks.lock(file, locks.LOCK_EX if wait else locks.LOCK_EX | locks.LOCK_NB):
            raise Held(name)
        yield file.fileno()
