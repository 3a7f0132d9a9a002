"""Doors for village heads without an account, and what came in through them."""

import uuid

from django.db import models

from khung.assignments.models import Assignment
from khung.orgs.models import Person, Unit
from khung.reports.models.written import Evidence


class VillageLink(models.Model):
    """A door for one village head to one phone page: revocable, expiring, for some assignments.

    Its address holds the nonce, signed (`khung.reports.village_address`), so that it can be
    printed again and a copy of the table opens nothing. `tries` are the sendings tried through it
    since `tries_since`, taken or not; who sent from where is not kept.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="village_links")
    village = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    village_name = models.CharField(max_length=255)
    head_name = models.CharField(max_length=120, blank=True)
    asked = models.TextField(blank=True)
    assignments = models.ManyToManyField(Assignment, related_name="village_links")
    nonce = models.CharField(max_length=40, unique=True)
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    tries_since = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["village_name", "id"]

    def __str__(self) -> str:
        return f"{self.village_name}, {self.unit}"

    @property
    def is_head_titled(self) -> bool:
        """Whether the name was written with "Ông" or "Bà" before it."""
        return self.head_name.casefold().startswith(("ông ", "bà "))


class VillageSending(models.Model):
    """What came in through a link, waiting for the commune officer to take it over.

    `client_key` is made by the phone, so that a resend is the same sending. `is_taken_over` is
    empty until somebody of the commune took it over or refused it, with `answer` to be read on
    the phone.
    """

    link = models.ForeignKey(VillageLink, on_delete=models.PROTECT, related_name="sendings")
    client_key = models.UUIDField(default=uuid.uuid4)
    assignment = models.ForeignKey(
        Assignment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(blank=True)
    evidence = models.ManyToManyField(Evidence, related_name="sendings")
    sent_at = models.DateTimeField()
    answer = models.CharField(max_length=500, blank=True)
    is_taken_over = models.BooleanField(null=True, blank=True)
    handled_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["link", "client_key"], name="sending_once")]

    def __str__(self) -> str:
        return f"{self.link}: {self.sent_at:%d/%m/%Y %H:%M}"
