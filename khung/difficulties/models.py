"""What keeps a unit from doing its work, who holds it now, and what was decided."""

from django.db import models

from khung.assignments.models import Assignment
from khung.orgs.models import Person, Unit
from khung.rules.routing import OPEN_STATES


class Difficulty(models.Model):
    """A difficulty raised by a unit.

    `holder` is the unit it waits for now: who is asked, then whoever a decision makes
    responsible, then the unit that raised it, to confirm; `waits_since` and `due_on` are the
    holder's. `stage` is the last one reached. `guide` was the guiding agency when it was raised.
    `key` is the form it came from, so that a form sent twice raises it once.
    """

    class Kind(models.TextChoices):
        LAW = "law", "Quy định chưa rõ, còn vướng"
        FUNDS = "funds", "Kinh phí"
        PEOPLE = "people", "Nhân lực"
        COORDINATION = "coordination", "Phối hợp giữa các cơ quan"
        TECHNOLOGY = "technology", "Công nghệ, hạ tầng"
        GUIDANCE = "guidance", "Cần hướng dẫn"
        OTHER = "other", "Khác"

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ trả lời"
        ANSWERED = "answered", "Đã trả lời"
        DECIDED = "decided", "Đã quyết định"
        CONFIRMED = "confirmed", "Đơn vị xác nhận đã giải quyết"
        WITHDRAWN = "withdrawn", "Đơn vị rút lại"

    class Stage(models.TextChoices):
        SUPERIOR = "superior", "Cấp trên trực tiếp"
        GUIDE = "guide", "Cơ quan hướng dẫn, kiểm tra"
        COORDINATOR = "coordinator", "Cơ quan điều phối"
        PROVINCE = "province", "Ủy ban nhân dân tỉnh"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="difficulties")
    assignment = models.ForeignKey(
        Assignment, null=True, blank=True, on_delete=models.PROTECT, related_name="difficulties"
    )
    guide = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.TextField()
    asked = models.TextField()
    folded_text = models.TextField(editable=False, default="")
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    stage = models.CharField(max_length=20, choices=Stage)
    holder = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="held_difficulties")
    waits_since = models.DateTimeField()
    due_on = models.DateField()
    # Nobody raised an illustrative one.
    raised_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    raised_at = models.DateTimeField()
    responsible_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolve_by = models.DateField(null=True, blank=True)
    key = models.UUIDField(null=True, blank=True, unique=True)
    is_illustrative = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["holder", "state", "due_on"], name="difficulty_waiting"),
            models.Index(fields=["state", "due_on"], name="difficulty_urgency"),
        ]
        constraints = [
            models.CheckConstraint(
                name="difficulty_raised_by_someone",
                condition=models.Q(raised_by__isnull=False) | models.Q(is_illustrative=True),
            ),
            models.CheckConstraint(
                name="difficulty_decided_with_who_and_when",
                condition=~models.Q(state="decided")
                | models.Q(responsible_unit__isnull=False, resolve_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.text[:60]}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class DifficultyStep(models.Model):
    """One stop of a difficulty on its way: who held it, since when, by when, what they did.

    No stage: the turn of the unit made responsible, or of the one that raised it. `by_unit` is
    another than `unit` where the coordinator acted for one that could not.
    """

    class Action(models.TextChoices):
        ANSWERED = "answered", "Trả lời"
        DECIDED = "decided", "Quyết định"
        SENT_ON = "sent_on", "Chuyển tiếp"
        CARRIED_OUT = "carried_out", "Báo đã thực hiện"
        CONFIRMED = "confirmed", "Xác nhận đã giải quyết"
        DISPUTED = "disputed", "Chưa được giải quyết"
        WITHDRAWN = "withdrawn", "Rút lại"

    difficulty = models.ForeignKey(Difficulty, on_delete=models.CASCADE, related_name="steps")
    stage = models.CharField(max_length=20, choices=Difficulty.Stage, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField()
    due_on = models.DateField()
    action = models.CharField(max_length=20, choices=Action, blank=True)
    text = models.TextField(blank=True)
    # Of the document that says the same, where there is one.
    document_number = models.CharField(max_length=60, blank=True)
    responsible_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolve_by = models.DateField(null=True, blank=True)
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["arrived_at", "id"]
        indexes = [models.Index(fields=["unit", "difficulty"], name="difficulty_step_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["difficulty"],
                name="difficulty_waits_at_one_stop",
                condition=models.Q(left_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.difficulty_id}: {self.unit}, {self.get_stage_display()}"
