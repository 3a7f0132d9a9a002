"""Records every room stands on: audit events, stored files, named locks."""

import uuid

from django.db import models


class AuditEvent(models.Model):
    """Something a person or the system did, committed together with the change itself.

    It points at nothing by key, so that it outlives what it speaks of. Position and hashes are
    empty until the sealer has placed the event in the chain (`khung.base.sealer`).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=60)
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=80, db_index=True)
    subject = models.CharField(max_length=120, db_index=True)
    data = models.JSONField(default=dict)
    position = models.BigIntegerField(null=True, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audit_event_sealed_whole",
                condition=models.Q(position__isnull=True, hash="")
                | (models.Q(position__isnull=False) & ~models.Q(hash="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M} {self.actor_name}: {self.verb} {self.subject}"


class NamedLock(models.Model):
    """A row to lock, so that one job of a kind runs at a time on both databases."""

    name = models.CharField(max_length=60, primary_key=True)

    def __str__(self) -> str:
        return self.name


class StoredFile(models.Model):
    """A file kept under its hash, so that the same bytes are kept once."""

    sha256 = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ScheduleTick(models.Model):
    """When each part of the schedule last ran, for the pages that say "as of"."""

    name = models.CharField(max_length=60, primary_key=True)
    ran_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.ran_at:%d/%m/%Y %H:%M}"
