"""Village links and what came in through them: which stand open, what waits, who has sent."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet

from khung.assignments.models import OPEN_STATES, Assignment, Period
from khung.assignments.work import owed_by
from khung.orgs.models import Unit
from khung.orgs.queries import units_on
from khung.reports import village_address
from khung.reports.models import Evidence, VillageLink, VillageSending
from khung.rules.text import old_style_tones, squeeze

VILLAGE = "village"
# What a phone may send at once, and what may wait for the officer from one village.
MOST_PHOTOS, MOST_WORDS, MOST_WAITING = 6, 1000, 30
# Sendings tried in an hour, whatever becomes of them.
TRIES_AN_HOUR = 30
HOUR = dt.timedelta(hours=1)
# Photographs and words that were refused are deleted after this time.
KEEP_REFUSED = dt.timedelta(days=30)
SHOWN_ON_PHONE = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """How many villages were asked for something, how many sent, and what waits of it."""

    asked: int
    sent: int
    waiting: int


@dataclass(frozen=True, slots=True)
class VillageSent:
    """One village in a period: its link, when it last sent and what waits."""

    link: VillageLink
    last_sent_at: dt.datetime | None
    waiting: int


def opened_by(code: str, today: dt.date) -> VillageLink | None:
    """The link an address opens; None where it is wrong, unknown, revoked or expired."""
    nonce = village_address.nonce_of(code)
    if nonce is None:
        return None
    found = VillageLink.objects.filter(nonce=nonce).select_related("unit").first()
    return found if found is not None and is_open(found, today) else None


def is_open(link: VillageLink, today: dt.date) -> bool:
    """Whether something can be sent through it on a day."""
    return link.revoked_at is None and today <= link.expires_on


def asked_now(link: VillageLink, today: dt.date) -> list[Assignment]:
    """The work a link asks about that its commune can still report."""
    found = link.assignments.filter(state__in=OPEN_STATES, locks_on__gte=today)
    found = found.select_related("task_version", "unit", "counts_in")
    return list(found.prefetch_related("task_version__items").order_by("task_version__no", "id"))


def latest_sendings(link: VillageLink) -> QuerySet[VillageSending]:
    """The newest of what was sent through a link, each with `photos`, their number."""
    counted: dict[str, Any] = {"photos": Count("evidence")}
    return link.sendings.annotate(**counted).order_by("-sent_at", "-id")[:SHOWN_ON_PHONE]


def links_of(unit: Unit) -> QuerySet[VillageLink]:
    """The links of a unit with `waiting`, what waits, and `last_sent_at`; open ones first."""
    waits = Q(sendings__isnull=False, sendings__is_taken_over__isnull=True)
    return (
        VillageLink.objects.filter(unit=unit)
        .annotate(waiting=Count("sendings", filter=waits), last_sent_at=Max("sendings__sent_at"))
        .order_by(F("revoked_at").desc(nulls_first=True), "village_name", "id")
    )


def sendings_of(unit: Unit) -> QuerySet[VillageSending]:
    """What came in for a unit, with all that is shown of it."""
    pieces = Evidence.objects.select_related("file").order_by("id")
    return (
        VillageSending.objects.filter(link__unit=unit)
        .select_related(
            "link__unit",
            "assignment__task_version",
            "assignment__counts_in",
            "assignment__unit",
            "handled_by",
        )
        .prefetch_related(Prefetch("evidence", pieces))
    )


def waiting_from_villages(unit: Unit, assignment_ids: Collection[int]) -> dict[int, int]:
    """How many sendings wait to be taken over, by the assignment they may prove; none left out.

    One that names no assignment waits at each its link asks about. One query.
    """
    standings = standing_by_assignment(unit, assignment_ids)
    return {pk: standing.waiting for pk, standing in standings.items() if standing.waiting}


def standing_by_assignment(unit: Unit, assignment_ids: Collection[int]) -> dict[int, Standing]:
    """How the villages asked about each assignment stand; only those asked about; one query."""
    if not assignment_ids:
        return {}
    asks = VillageLink.assignments.through.objects.filter(
        assignment__in=list(assignment_ids),
        villagelink__unit=unit,
        villagelink__revoked_at__isnull=True,
    )
    sent = "villagelink__sendings"
    names = Q(**{f"{sent}__assignment": F("assignment")}) | Q(
        **{f"{sent}__isnull": False, f"{sent}__assignment__isnull": True}
    )
    waits = names & Q(**{f"{sent}__is_taken_over__isnull": True})
    stands = names & (
        Q(**{f"{sent}__is_taken_over__isnull": True}) | Q(**{f"{sent}__is_taken_over": True})
    )
    rows = asks.values("assignment_id").annotate(
        asked=Count("villagelink", distinct=True),
        sent=Count("villagelink", distinct=True, filter=stands),
        waiting=Count(sent, distinct=True, filter=waits),
    )
    return {
        row["assignment_id"]: Standing(row["asked"], row["sent"], row["waiting"])
        for row in rows.order_by()
    }


def sent_by_village(unit: Unit, period: Period) -> list[VillageSent]:
    """The villages asked for something in a period, and when each last sent; two queries.

    What was refused does not count as sent.
    """
    owed = owed_by(unit, period).values("pk")
    links = list(
        VillageLink.objects.filter(
            unit=unit, assignments__in=owed, revoked_at__isnull=True
        ).distinct()
    )
    of_period = Q(assignment__in=owed) | Q(assignment__isnull=True)
    rows = (
        VillageSending.objects.filter(of_period, link__in=links)
        .exclude(is_taken_over=False)
        .values("link_id")
        .annotate(last=Max("sent_at"), waiting=Count("id", filter=Q(is_taken_over__isnull=True)))
        .order_by()
    )
    last = {row["link_id"]: row["last"] for row in rows}
    waiting = {row["link_id"]: row["waiting"] for row in rows}
    return [VillageSent(link, last.get(link.pk), waiting.get(link.pk, 0)) for link in links]


def about(assignment_id: int) -> Q:
    """The condition that a sending may prove an assignment: it names it, or only its link does."""
    links = VillageLink.objects.filter(assignments=assignment_id).values("pk")
    return Q(assignment=assignment_id) | Q(assignment__isnull=True, link__in=links)


def waiting_count(unit: Unit) -> int:
    """How much waits for a unit."""
    return VillageSending.objects.filter(link__unit=unit, is_taken_over__isnull=True).count()


def villages_below(unit: Unit, day: dt.date) -> list[Unit]:
    """The villages of the tree that stand below a unit on a day."""
    below = units_on(day).filter(path__startswith=unit.path, level=VILLAGE)
    return list(below.order_by("sort_key", "id"))


def askable(unit: Unit, period: Period, today: dt.date) -> list[Assignment]:
    """The work of a unit in a period that villages may still help to report."""
    found = owed_by(unit, period).filter(state__in=OPEN_STATES, locks_on__gte=today)
    found = found.select_related("task_version", "counts_in", "unit", "occasion")
    return list(found.prefetch_related("task_version__items").order_by("task_version__no", "id"))


def open_links(unit: Unit) -> dict[str, VillageLink]:
    """The links of a unit not revoked, also expired ones, by `known_as` of their villages."""
    found = VillageLink.objects.filter(unit=unit, revoked_at__isnull=True).order_by("id")
    return {known_as(link.village_name): link for link in found}


def known_as(name: str) -> str:
    """A village's name as two ways of typing it agree; marks tell villages apart, so they stay."""
    return old_style_tones(squeeze(name)).casefold()
