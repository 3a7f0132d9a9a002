"""The signed Decision, its framework of tasks, and what was doubtful in reading it."""

import uuid

from django.db import models
from django.utils.translation import gettext

from khung.base.models import StoredFile
from khung.orgs.models import Person, Unit


class Decision(models.Model):
    """A signed Decision. Its words are kept as issued; doubts about them stand beside."""

    number = models.CharField(max_length=60)
    issued_on = models.DateField()
    issuer = models.CharField(max_length=255)
    signer = models.CharField(max_length=120)
    title = models.CharField(max_length=500)
    province_code = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number", "issued_on", "issuer"], name="decision_number_date_issuer"
            )
        ]

    def __str__(self) -> str:
        return gettext("%(number)s ngày %(day)s") % {
            "number": self.number,
            "day": f"{self.issued_on:%d/%m/%Y}",
        }


class Framework(models.Model):
    """One version of a Decision's annex: draft, in force, or superseded."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Dự thảo"
        IN_FORCE = "in_force", "Đang có hiệu lực"
        SUPERSEDED = "superseded", "Đã được thay thế"

    class Cycle(models.TextChoices):
        QUARTER = "quarter", "Hằng quý"
        HALF = "half", "6 tháng một lần"
        YEAR = "year", "Hằng năm"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="frameworks")
    number = models.PositiveSmallIntegerField(default=1)
    # The file this version was read from; another version of the Decision may have another.
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="frameworks")
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    in_force_from = models.DateField(null=True, blank=True)
    in_force_to = models.DateField(null=True, blank=True)
    put_in_force_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cycle = models.CharField(max_length=20, choices=Cycle, default=Cycle.QUARTER)
    # Article 3, as expressions of khung.rules.actors: whom "các cơ quan, đơn vị, địa phương" means.
    addressees = models.JSONField(default=list)
    # The table as it stood in the file: [[line, [cell, …]], …].
    source_rows = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="framework_number"),
            models.CheckConstraint(
                name="framework_in_force_since_a_day_by_someone",
                condition=models.Q(status="draft", in_force_from__isnull=True)
                | models.Q(in_force_from__isnull=False, put_in_force_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(decision)s, bản %(n)s") % {
            "decision": self.decision,
            "n": self.number,
        }

    @property
    def audit_subject(self) -> str:
        """How the audit trail names it."""
        return f"framework:{self.pk}"


class Task(models.Model):
    """What stays the same of a task through the versions of the framework."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    def __str__(self) -> str:
        return str(self.key)


class TaskVersion(models.Model):
    """One row of the annex after repair, in one version of the framework."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="tasks")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="versions")
    no = models.PositiveSmallIntegerField()
    dimension = models.PositiveSmallIntegerField()
    subdimension = models.CharField(max_length=10, blank=True)
    # Where it stands in the file, its own row first: [{"line": 61}, …].
    source = models.JSONField(default=list)
    folded_text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "no"], name="task_number"),
            models.UniqueConstraint(fields=["framework", "task"], name="task_once_a_framework"),
        ]

    def __str__(self) -> str:
        return f"Nhiệm vụ {self.no}"


class TaskItem(models.Model):
    """One list item of a task's cell, in the Decision's own words, a correction beside it.

    `kind` is the kind of a method (`rules.methods`) or of a timing (`rules.timing`), else empty.
    """

    class Field(models.TextChoices):
        CONTENT = "content", "Nội dung công việc"
        METHOD = "method", "Cách thức triển khai"
        GUIDING = "guiding", "Cơ quan hướng dẫn, kiểm tra"
        IMPLEMENTING = "implementing", "Cơ quan/người thực hiện"
        TIMING = "timing", "Thời gian thực hiện"

    task_version = models.ForeignKey(TaskVersion, on_delete=models.CASCADE, related_name="items")
    field = models.CharField(max_length=20, choices=Field)
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    corrected = models.TextField(blank=True)
    kind = models.CharField(max_length=20, blank=True)
    line = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["task_version", "field", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["task_version", "field", "position"], name="task_item_position"
            )
        ]

    def __str__(self) -> str:
        return self.corrected or self.text

    @property
    def words(self) -> str:
        """The words to work with: the accepted correction, else as written."""
        return self.corrected or self.text


class Doubt(models.Model):
    """Something the reader was not sure of, and how a person settled it."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="doubts")
    key = models.CharField(max_length=255)
    code = models.CharField(max_length=40)
    task_version = models.ForeignKey(
        TaskVersion, null=True, blank=True, on_delete=models.CASCADE, related_name="doubts"
    )
    field = models.CharField(max_length=20, blank=True)
    line = models.PositiveIntegerField(null=True, blank=True)
    message = models.TextField()
    raw = models.TextField(blank=True)
    proposal = models.TextField(blank=True)
    settlement = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    settled_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["line", "id"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "key"], name="doubt_key"),
            models.CheckConstraint(
                name="doubt_settled_by_someone_at_a_time",
                condition=models.Q(settled_by__isnull=True, settled_at__isnull=True)
                | models.Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.message


class PhraseMeaning(models.Model):
    """A person's answer to what a phrase means, for one task or all, in a span of time.

    `role` says which question it answers: who guides, who implements, or who judges the reports
    of the units `phrase` names. `actors` are expressions of `khung.rules.actors`; an empty list
    says "nobody, on purpose". `is_addition` adds to what the phrase means by itself.
    """

    class Role(models.TextChoices):
        GUIDING = "guiding", "Hướng dẫn, kiểm tra"
        IMPLEMENTING = "implementing", "Thực hiện"
        JUDGING = "judging", "Thẩm định"

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="meanings")
    task_version = models.ForeignKey(
        TaskVersion, null=True, blank=True, on_delete=models.CASCADE, related_name="meanings"
    )
    role = models.CharField(max_length=20, choices=Role)
    phrase = models.TextField()
    actors = models.JSONField(default=list)
    is_addition = models.BooleanField(default=False)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    reason = models.TextField()
    source = models.CharField(max_length=500, blank=True)
    is_assumption = models.BooleanField(default=False)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["framework", "role"])]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.phrase}"


class ResponsibleUnit(models.Model):
    """Who stands in for a role of the whole framework: the coordinator, and who judges it."""

    class Duty(models.TextChoices):
        COORDINATOR = "coordinator", "Theo dõi, đôn đốc, tổng hợp"
        COORDINATOR_JUDGE = "coordinator_judge", "Thẩm định báo cáo của cơ quan điều phối"

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="responsible")
    duty = models.CharField(max_length=20, choices=Duty)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "duty", "unit"], name="responsible_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_duty_display()}: {self.unit}"
