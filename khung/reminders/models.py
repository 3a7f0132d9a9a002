"""Who is told what and when: rules, digests, the outbox, and official letters of urging."""

from django.db import models

from khung.assignments.models import Assignment, Period
from khung.base.models import StoredFile
from khung.orgs.models import Person, Unit


class ReminderRule(models.Model):
    """When people are reminded of work that is due: so many working days before or after."""

    class Kind(models.TextChoices):
        BEFORE = "before", "Trước hạn"
        AT = "at", "Đúng ngày hạn"
        AFTER = "after", "Sau hạn"
        SUPERIOR = "superior", "Báo cấp trên sau hạn"
        JUDGING = "judging", "Báo cáo chờ thẩm định quá lâu"

    kind = models.CharField(max_length=20, choices=Kind)
    working_days = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "working_days"], name="reminder_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.working_days}"


class Preference(models.Model):
    """How a person wants to be told: by which channel, at which hour of the day."""

    class Channel(models.TextChoices):
        APP = "app", "Chỉ trên Khung"
        EMAIL = "email", "Thư điện tử"
        ZALO = "zalo", "Zalo"
        SMS = "sms", "Tin nhắn SMS"

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="preference")
    channel = models.CharField(max_length=20, choices=Channel, default=Channel.EMAIL)
    address = models.CharField(max_length=120, blank=True)
    hour = models.PositiveSmallIntegerField(default=7)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="preference_hour_of_a_day", condition=models.Q(hour__gte=0, hour__lte=23)
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_channel_display()}"


class Digest(models.Model):
    """Everything one person should know on one day, in one message.

    `items` are the lines of `khung.reminders.lines`, frozen as they stood that morning; `read_to`
    is the position in the audit chain up to which they tell what happened.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField()
    items = models.JSONField(default=list)
    read_to = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.person}: {self.day:%d/%m/%Y}"


class OutboxMessage(models.Model):
    """A message on its way out through a channel; kept with what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Chờ gửi"
        SENT = "sent", "Đã gửi"
        FAILED = "failed", "Không gửi được"
        DROPPED = "dropped", "Bỏ vì việc đã xong"

    digest = models.ForeignKey(
        Digest, null=True, blank=True, on_delete=models.CASCADE, related_name="messages"
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=20, choices=Preference.Channel)
    address = models.CharField(max_length=200)
    template = models.CharField(max_length=60)
    parameters = models.JSONField(default=dict)
    not_before = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "not_before"], name="outbox_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["digest", "channel"], name="outbox_once_a_digest")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.address}: {self.template}"


class Letter(models.Model):
    """An official letter of urging: number and date stay blank until the clerk issues it."""

    class SignedBy(models.TextChoices):
        COORDINATOR = "coordinator", "Cơ quan điều phối"
        COMMITTEE = "committee", "Ủy ban nhân dân tỉnh"

    class Form(models.TextChoices):
        URGE = "urge", "Đôn đốc"
        REQUEST = "request", "Đề nghị"

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    # The coordinating body that wrote it, whoever signs: it issues, or follows up what is issued.
    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    signed_by = models.CharField(max_length=20, choices=SignedBy, default=SignedBy.COORDINATOR)
    form = models.CharField(max_length=20, choices=Form, default=Form.URGE)
    # What was added to the set paragraphs.
    body = models.TextField(blank=True)
    new_date = models.DateField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    signer = models.CharField(max_length=120, blank=True)
    signed_file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    is_illustrative = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="letter_number_and_date_together",
                condition=models.Q(number="", issued_on__isnull=True)
                | (~models.Q(number="") & models.Q(issued_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="letter_issued_is_not_withdrawn",
                condition=models.Q(number="") | models.Q(withdrawn_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"Dự thảo {self.made_at:%d/%m/%Y}"


class LetterRecipient(models.Model):
    """A unit a letter goes to, and through whom (a district for its communes, a managing body)."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="recipients")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="letters")
    through = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "unit"], name="letter_recipient_once")
        ]

    def __str__(self) -> str:
        return f"{self.letter}: {self.unit}"


class LetterItem(models.Model):
    """An overdue assignment a letter lists, as it stood then."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="items")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="letters")
    state = models.CharField(max_length=20)
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "assignment"], name="letter_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.letter}: {self.assignment}"


class LetterFigures(models.Model):
    """What followed a period's issued letters, as of `computed_at`: made anew every hour.

    Of the `tasks` the letters list, `soon` were reported within five working days and `later`
    within ten.
    """

    period = models.OneToOneField(Period, on_delete=models.CASCADE, related_name="+")
    letters = models.PositiveIntegerField()
    tasks = models.PositiveIntegerField()
    soon = models.PositiveIntegerField()
    later = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.period}, {self.computed_at:%d/%m/%Y %H:%M}"
