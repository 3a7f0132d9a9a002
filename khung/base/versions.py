"""Optimistic versions: a save made on an old reading is refused and shows both texts."""

from typing import TypeVar

from django.db import models
from django.db.models import F

M = TypeVar("M", bound=models.Model)


class StaleRecord(Exception):
    """Somebody saved the record since it was read. `current` is how it stands now."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(f"{current._meta.label} {current.pk}")
        self.current = current


def claim(record: M, version: int) -> M:
    """Takes the record for writing if it still has the version the person read.

    Returns the record as it stands, locked by this transaction's own update and one version on.
    Raises StaleRecord otherwise. Call it first in an atomic action.
    """
    rows = type(record)._default_manager.filter(pk=record.pk, version=version)
    if not rows.update(version=F("version") + 1):
        raise StaleRecord(type(record)._default_manager.get(pk=record.pk))
    return type(record)._default_manager.get(pk=record.pk)
