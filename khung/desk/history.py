"""Who did what when to an assignment or a unit, in sentences, newest first."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from khung.assignments.models import Assignment, Period
from khung.assignments.queries import of_period
from khung.base import audit
from khung.base.models import AuditEvent
from khung.orgs.acting import Acting
from khung.orgs.models import Unit
from khung.reports.reach import assignments_visible

# An assignment sees a few dozen events in its life; more would be a page nobody reads.
MOST = 200


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened; `about` and `href` name the work it happened to."""

    at: dt.datetime
    who: str
    text: str
    reason: str = ""
    about: str = ""
    href: str = ""


def of_assignment(found: Assignment) -> list[Told]:
    """All that was done to an assignment, by people and by the schedule; four queries.

    Bulk work is one event, so its beginning is the event of its period or occasion. Lateness and
    exemptions granted in bulk stand in rows of their own.
    """
    begun = (
        Q(subject=f"occasion:{found.occasion_id}")
        if found.occasion_id
        else Q(subject=f"period:{found.counts_in.code}", verb="period.put_into_work")
    )
    recorded = AuditEvent.objects.filter(Q(subject=f"assignment:{found.pk}") | begun)
    events = list(recorded.order_by("-at", "-id")[:MOST])
    told = [*_told(events), *_lateness(found), *_exemptions(found, {event.at for event in events})]
    return sorted(told, key=lambda it: it.at, reverse=True)


def of_unit(unit: Unit, period: Period | None, acting: Acting) -> QuerySet[AuditEvent]:
    """The events of a unit, and of its work in a period as far as the reader may see it."""
    own = Q(subject=f"unit:{unit.pk}") | Q(subject="units", verb="units.loaded")
    if period is not None:
        work = of_period(assignments_visible(acting).filter(unit=unit), period)
        own |= Q(subject__in=[f"assignment:{pk}" for pk in work.values_list("pk", flat=True)])
    return AuditEvent.objects.filter(own).order_by("-at", "-id")


def told_of_unit(events: Iterable[AuditEvent]) -> list[Told]:
    """The events with the assignment each is about; one query for all."""
    found = list(events)
    ids = [int(it.subject[11:]) for it in found if it.subject.startswith("assignment:")]
    numbers = dict(Assignment.objects.filter(pk__in=ids).values_list("pk", "task_version__no"))
    return _told(found, {f"assignment:{pk}": (pk, no) for pk, no in numbers.items()})


def _told(
    events: Iterable[AuditEvent], work: Mapping[str, tuple[int, int]] | None = None
) -> list[Told]:
    by_verb = audit.sentences()
    told = []
    for event in events:
        pk, no = (work or {}).get(event.subject, (0, 0))
        told.append(
            Told(
                event.at,
                audit.actor(event),
                audit.sentence(event, by_verb),
                _reason(event, by_verb),
                gettext("nhiệm vụ %(no)s") % {"no": no} if pk else "",
                reverse("assignment", args=[pk]) if pk else "",
            )
        )
    return told


def _reason(event: AuditEvent, by_verb: Mapping[str, str]) -> str:
    """The reason somebody gave, where the verb's sentence does not hold it already."""
    has_place = "{reason}" in str(by_verb.get(event.verb, ""))
    return "" if has_place else str(event.data.get("reason", ""))


def _lateness(found: Assignment) -> list[Told]:
    said = gettext("ghi nhận chưa có báo cáo khi hết hạn %(day)s")
    return [
        Told(it.stamped_at, gettext("hệ thống"), said % {"day": f"{it.deadline:%d/%m/%Y}"})
        for it in found.lateness_events.all()
    ]


def _exemptions(found: Assignment, told_at: set[dt.datetime]) -> list[Told]:
    """Those granted in bulk: one granted alone has an event of its own at the same moment."""
    return [
        Told(it.granted_at, it.granted_by.full_name, gettext("miễn nhiệm vụ"), it.reason)
        for it in found.exemptions.all()
        if it.granted_at not in told_at
    ]
