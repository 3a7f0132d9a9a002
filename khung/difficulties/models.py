"""What keeps a unit from doing its work, who holds it now, and what was decided."""

from django.db import models

from khung.assignments.models import Assignment
from khung.orgs.models import Person, Unit


class Difficulty(models.Model):
    """A difficulty raised by a unit; `holder` is the unit whose answer it waits for now."""

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
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.TextField()
    asked = models.TextField()
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    stage = models.CharField(max_length=20, choices=Stage)
    holder = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="held_difficulties")
    due_on = models.DateField()
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    responsible_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolve_by = models.DateField(null=True, blank=True)
    is_illustrative = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["holder", "state", "due_on"], name="difficulty_waiting")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.text[:60]}"


class DifficultyStep(models.Model):
    """One stop of a difficulty on its way: who held it, since when, by when, what they did."""

    class Action(models.TextChoices):
        ANSWERED = "answered", "Trả lời"
        DECIDED = "decided", "Quyết định"
        SENT_ON = "sent_on", "Chuyển tiếp"
        CONFIRMED = "confirmed", "Xác nhận đã giải quyết"
        DISPUTED = "disputed", "Chưa được giải quyết"
        WITHDRAWN = "withdrawn", "Rút lại"

    difficulty = models.ForeignKey(Difficulty, on_delete=models.CASCADE, related_name="steps")
    stage = models.CharField(max_length=20, choices=Difficulty.Stage)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    arrived_at = models.DateTimeField()
    due_on = models.DateField()
    action = models.CharField(max_length=20, choices=Action, blank=True)
    text = models.TextField(blank=True)
    responsible_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolve_by = models.DateField(null=True, blank=True)
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["arrived_at", "id"]

    def __str__(self) -> str:
        return f"{self.difficulty}: {self.get_stage_display()}"
