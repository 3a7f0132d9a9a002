"""How sent reports are judged: plans, turns, judgements and their reasons."""

from django.db import models

from khung.assignments.models import Assignment, Period
from khung.frameworks.models import Task, TaskItem
from khung.orgs.models import Person, Unit
from khung.reports.models.written import Evidence, Report


class ReturnReason(models.Model):
    """One of the managed reasons for which reports are returned."""

    text = models.CharField(max_length=255, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text


class JudgingPlan(models.Model):
    """How the reports of a task at a level are judged; the newest row of the two is in force.

    Without one, the judge reads every report. `seed` makes a sample the same for everybody.
    """

    class Way(models.TextChoices):
        FULL = "full", "Thẩm định tất cả"
        SAMPLED = "sampled", "Thẩm định theo mẫu"
        CONSOLIDATED = "consolidated", "Thẩm định gộp"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="judging_plans")
    level = models.CharField(max_length=20)
    way = models.CharField(max_length=20, choices=Way, default=Way.FULL)
    share = models.PositiveSmallIntegerField(default=100)
    seed = models.CharField(max_length=40, blank=True)
    superior_first = models.BooleanField(default=False)
    working_days = models.PositiveSmallIntegerField(default=10)
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["task", "level", "-id"], name="judging_plan_newest")]
        constraints = [
            models.CheckConstraint(
                name="judging_plan_share_in_percent",
                condition=models.Q(share__gte=1, share__lte=100),
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.level}: {self.get_way_display()}"


class ReviewTurn(models.Model):
    """One unit's turn to judge one sent report, with its own clock.

    `unit` is empty while nobody is known to judge. A turn outside the sample waits unread: the
    report stays "đã báo cáo, chưa thẩm định".
    """

    class Stage(models.TextChoices):
        FIRST = "first", "Xem xét bước đầu"
        JUDGE = "judge", "Thẩm định"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="turns")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="turns")
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="turns"
    )
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.JUDGE)
    reviewer = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    way = models.CharField(max_length=20, choices=JudgingPlan.Way, default="full")
    is_in_sample = models.BooleanField(default=True)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "period", "closed_at", "opened_at"], name="turn_queue"),
            # What a reviewer's page asks: the open turns of the unit, the most pressing first.
            models.Index(
                fields=["unit", "due_on", "opened_at"],
                name="turn_open",
                condition=models.Q(closed_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                name="turn_one_open",
                condition=models.Q(closed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_stage_display()}"


class JudgingCount(models.Model):
    """How many turns of a unit stand where in a period: what the board and the tabs read.

    Open turns are counted by the day they are due, closed ones by the working days they took.
    `unit_id` 0 is nobody. Each change appends a row, so that writers never wait for one another;
    the schedule folds them into one row a key. A figure is the sum over both.
    """

    class Kind(models.TextChoices):
        WAITING = "waiting", "Chờ thẩm định"
        CONSOLIDATED = "consolidated", "Chờ thẩm định gộp"
        UNREAD = "unread", "Ngoài mẫu"
        PASSED = "passed", "Chuyển thẩm định"
        ACCEPTED = "accepted", "Công nhận"
        RETURNED = "returned", "Trả lại"

    unit_id = models.BigIntegerField()
    period_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    due_on = models.DateField(null=True)
    days = models.PositiveSmallIntegerField(default=0)
    n = models.IntegerField()
    is_folded = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["unit_id", "period_id", "kind"], name="judging_count_unit"),
            models.Index(
                fields=["id"],
                name="judging_count_to_fold",
                condition=models.Q(is_folded=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period_id} {self.kind}: {self.n:+d}"


class Review(models.Model):
    """A judgement of a sent report: who, when, what."""

    class Verdict(models.TextChoices):
        PASSED = "passed", "Chuyển thẩm định"
        ACCEPTED = "accepted", "Công nhận"
        RETURNED = "returned", "Trả lại"
        REOPENED = "reopened", "Hủy công nhận"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="reviews")
    verdict = models.CharField(max_length=20, choices=Verdict)
    text = models.TextField(blank=True)
    redo_by = models.DateField(null=True, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    by_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_verdict_display()}"


class Remark(models.Model):
    """A reason of a return, at the place it concerns: a method, a piece of evidence, the text."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="remarks")
    reason = models.ForeignKey(
        ReturnReason, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.CharField(max_length=1000, blank=True)
    method = models.ForeignKey(
        TaskItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    evidence = models.ForeignKey(
        Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.text or str(self.reason)


class CompulsoryMethod(models.Model):
    """A method of which the guide wants a piece of evidence of its own, from every unit."""

    method = models.OneToOneField(TaskItem, on_delete=models.CASCADE, related_name="+")
    marked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.method)
