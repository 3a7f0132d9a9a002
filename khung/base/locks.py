"""Locks by name, so that one job of a kind runs at a time on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from khung.base.models import NamedLock


@contextmanager
def named_lock(name: str) -> Iterator[None]:
    """Open a transaction and hold the lock `name` until it ends; others wait.

    PostgreSQL locks the row. SQLite needs none: its transactions are IMMEDIATE (settings), so
    only one writer is inside at a time whatever the name.
    """
    with transaction.atomic():
        NamedLock.objects.get_or_create(name=name)
        NamedLock.objects.select_for_update().get(name=name)
        yield
