"""Units in time, the people who work in them, and the roles they hold."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from khung.rules.text import fold, vietnamese_key

BEGINNING = dt.date(1, 1, 1)
# The kind of the territories themselves: a commune's record is its People's Committee.
PEOPLE_COMMITTEE = "people_committee"


def sort_key(name: str) -> str:
    """The Vietnamese order of names as text of hexadecimal digits, alike on every database.

    Letters weigh before tones; "00" between them makes a name sort before a longer one.
    """
    letters, tones, _ = vietnamese_key(name)
    key = "".join(f"{min(order, 0xFF):02x}" for order in letters) + "00" + "".join(map(str, tones))
    return key[:600]


class Unit(models.Model):
    """A unit of government or body, identified by (code, valid_from); `valid_to` is inclusive.

    Codes and names were reused over the years, so neither identifies a unit alone. `name` is the
    newest of its dated names (`UnitName`), kept here so that lists need no join. `path` holds the
    ids from the root down to this unit, as "/1/23/456/".
    """

    code = models.CharField(max_length=60)
    valid_from = models.DateField(default=BEGINNING)
    valid_to = models.DateField(null=True, blank=True)
    level = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    folded_name = models.CharField(max_length=255, db_index=True)
    sort_key = models.CharField(max_length=600)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=120, db_index=True)
    source = models.CharField(max_length=500, blank=True)
    is_verified = models.BooleanField(default=True)
    is_illustrative = models.BooleanField(default=False)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    # On the day asked about: the name (`queries.units_on`) and how many units stood directly
    # below (`queries.children`). No columns.
    day_name: str
    below: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="unit_code_and_start"),
            models.CheckConstraint(
                name="unit_ends_after_start",
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["level", "kind"])]

    def __str__(self) -> str:
        return self.name

    def is_valid_on(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class UnitName(models.Model):
    """A name a unit bore for a time; a rename is a dated name of the same unit."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=255)
    folded = models.CharField(max_length=255, db_index=True)
    valid_from = models.DateField(default=BEGINNING)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="unit_name_and_start")
        ]

    def __str__(self) -> str:
        return self.name


class UnitBoundary(models.Model):
    """The outline of a territory for the map of the board, simplified; no legal boundary.

    `rings` are closed lists of [longitude, latitude]; `source` names the file they came from.
    """

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="boundary")
    rings = models.JSONField(default=list)
    source = models.CharField(max_length=255)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.unit)


class UnitAlias(models.Model):
    """Another way documents write the unit's name."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(max_length=255)
    folded = models.CharField(max_length=255, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "folded"], name="unit_alias")]

    def __str__(self) -> str:
        return self.text


class Succession(models.Model):
    """What became of a unit: many-to-many, dated, with its source or "chưa xác minh"."""

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="origins")
    effective_on = models.DateField()
    is_whole = models.BooleanField(default=True)
    source = models.CharField(max_length=500, blank=True)
    is_verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "effective_on"], name="succession_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor} ({self.effective_on:%d/%m/%Y})"


def person_sort_key(full_name: str) -> str:
    """The Vietnamese order of people: by the given name, which stands last, then the rest."""
    words = full_name.split("(")[0].split() or full_name.split()
    return sort_key(" ".join([*words[-1:], *words[:-1]]))


class PersonManager(BaseUserManager["Person"]):
    """What Django's authentication asks of a user model's manager."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(username=self.model.normalize_username(username), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Someone with an account. `folded_name` is the full name and the user name, for searching."""

    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    full_name = models.CharField(max_length=120)
    folded_name = models.CharField(max_length=255, editable=False)
    sort_key = models.CharField(max_length=600, editable=False, db_index=True)
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    objects = PersonManager()

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded_name = fold(f"{self.full_name} {self.username}")
        self.sort_key = person_sort_key(self.full_name)
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return self.full_name


class RoleHeld(models.Model):
    """A role (`khung.rules.permissions`) a person holds in a unit, for a time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="holders")
    role = models.CharField(max_length=20)
    valid_from = models.DateField(default=BEGINNING)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "role", "valid_from"], name="role_held_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}, {self.unit}"
