"""How a unit organises its reporting, and what it asks of others."""

from django.db import models

from khung.assignments.models import Assignment, Period
from khung.base.models import StoredFile
from khung.orgs.models import Person, Unit
from khung.reports.models.written import Report


class ReportingHabit(models.Model):
    """How a unit reports: whether its head approves first, and who sends everything."""

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="reporting_habit")
    head_approves = models.BooleanField(default=True)
    focal_person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return str(self.unit)


class Share(models.Model):
    """An assignment the focal person gave to a colleague, with an internal date."""

    assignment = models.OneToOneField(Assignment, on_delete=models.CASCADE, related_name="share")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shares")
    due_on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.assignment}: {self.person}"


class JointOffer(models.Model):
    """A sent report its unit offers as the one result of all agencies of the task."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="joint_offer")
    offered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.report)


class ExemptionProposal(models.Model):
    """A unit or its guide asks that an assignment be let off; the coordinator answers."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="exemption_proposals"
    )
    reason = models.CharField(max_length=1000)
    by_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    is_granted = models.BooleanField(null=True, blank=True)
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                name="exemption_proposal_one_open",
                condition=models.Q(answered_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.reason}"


class CoveringReport(models.Model):
    """The unit's own paper report of a period, drafted from what it sent; closed once signed."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="covering_reports")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    signer = models.CharField(max_length=120, blank=True)
    signed_file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    is_illustrative = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "period"], name="covering_report_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit}, {self.period}: {self.number}"
