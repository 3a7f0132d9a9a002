"""Periods, occasions, and the assignments they make; the roll-up the board reads."""

from django.db import models

from khung.frameworks.models import Framework, Task, TaskVersion
from khung.orgs.models import Person, Unit

# States in which a unit still owes its report: these can become late.
OPEN_STATES = ("not_started", "in_progress", "returned")


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a Saturday worked instead."""

    day = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    note = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.note}"


class Period(models.Model):
    """A reporting period: a quarter ("2025-Q1"), a half ("2025-H1") or a year ("2025")."""

    class Kind(models.TextChoices):
        QUARTER = "quarter", "Quý"
        HALF = "half", "6 tháng"
        YEAR = "year", "Năm"

    code = models.CharField(max_length=10, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    starts_on = models.DateField()
    ends_on = models.DateField()
    data_from = models.DateField()
    data_to = models.DateField()
    opened_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["starts_on", "code"]
        constraints = [
            models.CheckConstraint(
                name="period_in_order",
                condition=models.Q(ends_on__gt=models.F("starts_on"))
                & models.Q(data_to__gt=models.F("data_from")),
            )
        ]

    def __str__(self) -> str:
        return self.code


class PeriodDeadline(models.Model):
    """The two dates of a period, which may differ by level: timely counts, lock closes."""

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="deadlines")
    level = models.CharField(max_length=20)
    timely_on = models.DateField()
    locks_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "level"], name="period_deadline_level"),
            models.CheckConstraint(
                name="period_locks_after_timely",
                condition=models.Q(locks_on__gte=models.F("timely_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.level}: {self.timely_on:%d/%m/%Y}"


class Occasion(models.Model):
    """An election, a land recovery…: opens duties only in the units it touches."""

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=255)
    starts_on = models.DateField()
    ends_on = models.DateField()
    # [{"phase": "before", "from": "2026-01-05", "to": "2026-03-14"}, …]
    phases = models.JSONField(default=list)
    counts_in = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="occasions")
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # In whose name it was opened; empty for the coordinator, who may do so for anybody.
    opened_for = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    is_illustrative = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="occasion_in_order", condition=models.Q(ends_on__gte=models.F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return self.title


class OccasionUnit(models.Model):
    """A unit an occasion touches; its subtree is touched with it."""

    occasion = models.ForeignKey(Occasion, on_delete=models.CASCADE, related_name="touched")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["occasion", "unit"], name="occasion_unit_once")
        ]

    def __str__(self) -> str:
        return f"{self.occasion}: {self.unit}"


class Assignment(models.Model):
    """Task × unit × (period or occasion): the centre of everything.

    `counts_in` is the period its figures belong to (a yearly duty counts where it falls due).
    `path` is the unit's path when the assignment was made; every roll-up delta uses it.
    `is_late` and the events behind it are stamped by the schedule, never recomputed from today.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="assignments")
    task_version = models.ForeignKey(
        TaskVersion, on_delete=models.PROTECT, related_name="assignments"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    period = models.ForeignKey(
        Period, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    occasion = models.ForeignKey(
        Occasion, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    counts_in = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="counted")
    guide = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="guided"
    )
    judge = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="judged"
    )
    path = models.CharField(max_length=120)
    # Dimension or sub-dimension, the key of the roll-up: "1.1", or "5" where none is named.
    area = models.CharField(max_length=10)
    timing = models.CharField(max_length=20)
    quota = models.PositiveSmallIntegerField(default=0)
    may_await_funds = models.BooleanField(default=False)
    due_on = models.DateField()
    locks_on = models.DateField()
    state = models.CharField(max_length=20, default="not_started")
    is_late = models.BooleanField(default=False)
    # What was reported is that nothing arose: once accepted, it is counted apart.
    nothing_arose = models.BooleanField(default=False)
    updated_at = models.DateTimeField(null=True, blank=True)
    is_illustrative = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "unit", "period"],
                name="assignment_once_a_period",
                condition=models.Q(period__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["task", "unit", "occasion"],
                name="assignment_once_an_occasion",
                condition=models.Q(occasion__isnull=False),
            ),
            models.CheckConstraint(
                name="assignment_of_a_period_or_an_occasion",
                condition=models.Q(period__isnull=False, occasion__isnull=True)
                | models.Q(period__isnull=True, occasion__isnull=False),
            ),
            models.CheckConstraint(
                name="no_unit_judges_itself",
                condition=models.Q(judge__isnull=True) | ~models.Q(judge=models.F("unit")),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "counts_in"], name="assignment_unit_period"),
            models.Index(fields=["judge", "counts_in", "state"], name="assignment_judge_queue"),
            # What the schedule asks every few seconds: open, past due and not stamped yet.
            models.Index(
                fields=["state", "due_on"],
                name="assignment_not_late",
                condition=models.Q(is_late=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_version}, {self.unit}, {self.period or self.occasion}"


class Exemption(models.Model):
    """Who let a unit off an assignment, when and why; no assignment is exempt without one."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="exemptions")
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.assignment}: {self.reason}"


class LockException(models.Model):
    """A dated, signed leave for one unit to report a period after its lock, with who granted it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="lock_exceptions")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="lock_exceptions")
    open_until = models.DateField()
    reason = models.CharField(max_length=500)
    document_number = models.CharField(max_length=60)
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    is_illustrative = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-granted_at", "-id"]

    def __str__(self) -> str:
        return f"{self.unit}, {self.period}: đến {self.open_until:%d/%m/%Y}"


class LatenessEvent(models.Model):
    """The schedule's stamp that a deadline passed without the report, with that deadline."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="lateness_events"
    )
    deadline = models.DateField()
    stamped_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "deadline"], name="late_once_a_deadline")
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: quá hạn {self.deadline:%d/%m/%Y}"


class RollUp(models.Model):
    """How many assignments stand where, in a unit's whole subtree, as of the last fold.

    `level` is that of the unit that owes the assignment, so that the board can count by level.
    """

    unit_id = models.BigIntegerField()
    period_id = models.BigIntegerField()
    area = models.CharField(max_length=10)
    state = models.CharField(max_length=20)
    is_late = models.BooleanField()
    level = models.CharField(max_length=20)
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period_id", "unit_id", "level", "area", "state", "is_late"],
                name="roll_up_cell",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period_id} {self.area} {self.state}: {self.n}"


class RollUpDelta(models.Model):
    """A change not yet folded, one row per ancestor, written with the change itself."""

    unit_id = models.BigIntegerField()
    period_id = models.BigIntegerField()
    area = models.CharField(max_length=10)
    state = models.CharField(max_length=20)
    is_late = models.BooleanField()
    level = models.CharField(max_length=20)
    n = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["period_id", "unit_id"], name="delta_period_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.area} {self.state}: {self.n:+d}"


class ProgressDisclosure(models.Model):
    """The document that allows progress by unit to be published, recorded by the coordinator."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="disclosures")
    document_number = models.CharField(max_length=60)
    issued_on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    is_illustrative = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.document_number
