"""Reports and what proves them."""

from django.db import models

from khung.assignments.models import Assignment
from khung.base.models import StoredFile
from khung.frameworks.models import TaskItem
from khung.orgs.models import Person, Unit


class Report(models.Model):
    """A numbered version of what a unit says of one assignment.

    It is a draft until it is sent; a sent version never changes again. A correction, also after
    a return, is the next number. `methods_done` are ids of the task's method items.
    """

    class Outcome(models.TextChoices):
        DONE = "done", "Có kết quả"
        NOTHING_AROSE = "nothing_arose", "Không phát sinh"
        AWAITING_FUNDS = "awaiting_funds", "Chưa được bố trí vốn"

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.DONE)
    text = models.TextField(blank=True)
    # Why nothing arose, or whose funds are awaited.
    reason = models.CharField(max_length=1000, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    quantity_of = models.CharField(max_length=100, blank=True)
    methods_done = models.JSONField(default=list)
    edited_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField()
    is_ready = models.BooleanField(default=False)
    approved_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # The unit that entered it for one that could not ("nhập thay").
    entered_by_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # One result of several agencies: the peer's sent report this one confirms.
    joint_with = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="confirmations"
    )
    is_illustrative = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["assignment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "number"], name="report_number"),
            models.UniqueConstraint(
                fields=["assignment"],
                name="report_one_draft",
                condition=models.Q(sent_at__isnull=True),
            ),
            models.CheckConstraint(
                name="report_sent_by_someone",
                condition=models.Q(sent_at__isnull=True, sent_by__isnull=True)
                | models.Q(sent_at__isnull=False, sent_by__isnull=False)
                | models.Q(is_illustrative=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}, lần {self.number}"


class Evidence(models.Model):
    """A file, a link, figures, or a record made in the system, kept by the unit that proves by it.

    `details` are what the kind of a method asks for (`rules.methods.EVIDENCE`), by its code.
    A record's `snapshot` is frozen when it is attached; `record_uuid` names it, never a key upward.
    """

    class Kind(models.TextChoices):
        FILE = "file", "Tệp"
        LINK = "link", "Đường dẫn"
        FIGURES = "figures", "Số liệu"
        RECORD = "record", "Bản ghi trong hệ thống"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField(max_length=255)
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    content_type = models.CharField(max_length=100, blank=True)
    url = models.URLField(max_length=1000, blank=True)
    details = models.JSONField(default=dict)
    valid_until = models.DateField(null=True, blank=True)
    has_personal_data = models.BooleanField(default=False)
    record_kind = models.CharField(max_length=40, blank=True)
    record_uuid = models.UUIDField(null=True, blank=True)
    snapshot = models.JSONField(default=dict)
    added_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    is_illustrative = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["unit", "file"], name="evidence_unit_file")]
        constraints = [
            models.CheckConstraint(
                name="evidence_has_what_its_kind_says",
                condition=models.Q(kind="file", file__isnull=False)
                | (models.Q(kind="link") & ~models.Q(url=""))
                | models.Q(kind="record", record_uuid__isnull=False)
                | models.Q(kind="figures"),
            )
        ]

    def __str__(self) -> str:
        return self.title


class EvidenceUse(models.Model):
    """A piece of evidence under one method (or the whole) of one report; one piece serves many."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="uses")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="uses")
    method = models.ForeignKey(
        TaskItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Proved in an earlier period and said to be still valid.
    is_carried_over = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "evidence", "method"], name="evidence_once_a_method"
            ),
            models.UniqueConstraint(
                fields=["report", "evidence"],
                name="evidence_once_for_the_whole",
                condition=models.Q(method__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.evidence}"


class Occurrence(models.Model):
    """One time a counted task was done ("mỗi năm ít nhất 02 lần")."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="occurrences")
    happened_on = models.DateField()
    text = models.CharField(max_length=500)
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["happened_on", "id"]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.happened_on:%d/%m/%Y}"
