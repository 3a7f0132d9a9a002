"""One result of a task that several agencies share: who may confirm whose.

A confirmation is a report of the confirming unit's own: it takes over the words and evidence of
the report offered, waits for its own head, and is judged by its own turn, because the judges of
two units may differ and a report returned to one says nothing of the other. Quantities are not
taken over, so that what was done once is counted once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from khung.assignments.models import OPEN_STATES, Assignment
from khung.orgs.models import PEOPLE_COMMITTEE, Unit
from khung.reports.models import JointOffer, Report

STANDING_STATES = ("submitted", "accepted")
VILLAGE = "village"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another unit with the same task of the same time, and what it did about the offer."""

    assignment: Assignment
    confirmation: Report | None = None


def are_together(one: Unit, other: Unit) -> bool:
    """Whether two units may have one result: agencies of one level, or one above the other.

    Communes side by side each owe a result of their own; a village's is its commune's.
    """
    if one.pk == other.pk or VILLAGE in (one.level, other.level):
        return False
    if one.path.startswith(other.path) or other.path.startswith(one.path):
        return True
    agencies = PEOPLE_COMMITTEE not in (one.kind, other.kind)
    return agencies and one.level == other.level


def same_work(assignment: Assignment) -> QuerySet[Assignment]:
    """The assignments of the same task and the same period or occasion in other units."""
    return Assignment.objects.filter(
        task=assignment.task_id, period=assignment.period_id, occasion=assignment.occasion_id
    ).exclude(pk=assignment.pk)


def peers(assignment: Assignment, confirmations: Sequence[Report] = ()) -> list[Peer]:
    """The units that may confirm a result of this assignment, read with its unit: one query."""
    own, confirmed = assignment.unit, {one.assignment_id: one for one in confirmations}
    above = Q(unit__pk__in=[int(pk) for pk in own.path.strip("/").split("/")])
    below = Q(unit__path__startswith=own.path)
    beside = Q(unit__level=own.level) & ~Q(unit__kind=PEOPLE_COMMITTEE)
    near = above | below if own.kind == PEOPLE_COMMITTEE else above | below | beside
    found = same_work(assignment).filter(near).exclude(unit__level=VILLAGE)
    rows = found.select_related("unit").order_by("unit__sort_key", "id")
    return [Peer(one, confirmed.get(one.pk)) for one in rows if are_together(own, one.unit)]


def is_standing(report: Report) -> bool:
    """Whether a sent report still says what its unit reports: neither withdrawn nor replaced.

    The report comes with its assignment.
    """
    return (
        report.sent_at is not None
        and report.withdrawn_at is None
        and report.assignment.state in STANDING_STATES
        and not Report.objects.filter(
            assignment=report.assignment_id, number__gt=report.number
        ).exists()
    )


def offers_to(assignment: Assignment) -> list[JointOffer]:
    """The results other agencies offer for this assignment, read with its unit; newest first."""
    if assignment.state not in OPEN_STATES:
        return []
    found = (
        JointOffer.objects.filter(
            report__assignment__in=same_work(assignment),
            report__assignment__state__in=STANDING_STATES,
            report__withdrawn_at__isnull=True,
        )
        .select_related("report__assignment__unit", "report__sent_by", "offered_by")
        .order_by("-offered_at", "-id")
    )
    return [
        one
        for one in found
        if are_together(assignment.unit, one.report.assignment.unit) and is_standing(one.report)
    ]
