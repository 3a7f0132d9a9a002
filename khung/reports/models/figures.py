"""Figures the board shows that no roll-up holds: made anew every hour, never changed by people."""

from django.db import models

from khung.rules.rates import return_rate


class SubtreeFigures(models.Model):
    """What is known of a unit and all below it in one period, as of `computed_at`.

    `silent` of the `units` that owe work never sent a report in any period. `judged` are the
    decisions on what they sent, to accept or to return, `returned` those that sent it back. The
    four counts of freshness are those of continuing duties.
    """

    unit_id = models.BigIntegerField()
    period_id = models.BigIntegerField()
    units = models.PositiveIntegerField(default=0)
    silent = models.PositiveIntegerField(default=0)
    judged = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    optimal = models.PositiveIntegerField(default=0)
    acceptable = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    stale = models.PositiveIntegerField(default=0)
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period_id", "unit_id"], name="subtree_figures_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}, {self.period_id}"

    @property
    def reported_share(self) -> float | None:
        """The share of units that sent at least one report, ever; None where none owes work."""
        return 1 - self.silent / self.units if self.units else None

    @property
    def return_rate(self) -> float | None:
        """The share of decisions that sent a report back, as `rules.rates` defines it."""
        return return_rate(returned=self.returned, decided=self.judged)

    @property
    def lights(self) -> dict[str, int]:
        """Continuing duties by their freshness, in its order."""
        return {name: getattr(self, name) for name in ("optimal", "acceptable", "late", "stale")}


class GuideFigures(models.Model):
    """How the assignments of one guiding unit stand in a period; guide 0 stands for none known."""

    guide_id = models.BigIntegerField()
    period_id = models.BigIntegerField()
    state = models.CharField(max_length=20)
    is_late = models.BooleanField()
    n = models.PositiveIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period_id", "guide_id", "state", "is_late"], name="guide_figures_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.guide_id} {self.state}: {self.n}"
