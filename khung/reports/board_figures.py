"""The figures of the board that need reports: who never reported, what came back, how fresh.

Counting them reads a period's assignments, so that no page does it: a job does, every hour, for
the periods still moving (`jobs.refresh_board_figures`). Pages read one row for each unit shown
and say as of when.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from khung.assignments.board import Tally
from khung.assignments.freshness import WITHOUT_LIGHT, light_case
from khung.assignments.models import Assignment, Period
from khung.base.locks import named_lock
from khung.orgs.models import Unit
from khung.reports.models import GuideFigures, Report, Review, SubtreeFigures
from khung.rules.expansion import LEVELS
from khung.rules.timing import CONTINUING
from khung.rules.workflow import counted_state

LOCK = "board_figures"
# After so many days nothing of a period moves any more but by an exception.
STILL_MOVING = dt.timedelta(days=120)
_VILLAGE = "village"
_REPORTED = ("submitted", "returned", "accepted")
_BATCH = 1_000


def figures_of(period: Period, unit_ids: Collection[int]) -> dict[int, SubtreeFigures]:
    """The figures of these units' subtrees, by unit; a unit not counted yet is left out."""
    found = SubtreeFigures.objects.filter(period_id=period.pk, unit_id__in=unit_ids)
    return {one.unit_id: one for one in found}


def guide_tallies(period: Period) -> tuple[dict[int, Tally], dt.datetime | None]:
    """How the work of each guiding unit stands, by unit (0: no guide known), and as of when."""
    found: dict[int, Tally] = {}
    as_of = None
    for row in GuideFigures.objects.filter(period_id=period.pk).order_by("guide_id"):
        found.setdefault(row.guide_id, Tally()).add(row.state, row.is_late, row.n)
        as_of = row.computed_at
    return found, as_of


def moving_periods(today: dt.date) -> list[Period]:
    """The periods in work whose figures may still change, and those never counted."""
    counted = SubtreeFigures.objects.filter(period_id=OuterRef("pk"))
    moving = Q(ends_on__gte=today - STILL_MOVING) | ~Exists(counted)
    return list(Period.objects.filter(moving, opened_at__isnull=False).order_by("starts_on"))


def refresh(period: Period, *, now: dt.datetime) -> int:
    """Counts a period anew; returns for how many units. May be repeated without harm."""
    subtrees = _subtrees(period, timezone.localdate(now))
    guides = _guides(period)
    with named_lock(LOCK), transaction.atomic():
        SubtreeFigures.objects.filter(period_id=period.pk).delete()
        SubtreeFigures.objects.bulk_create(
            (
                SubtreeFigures(unit_id=unit_id, period_id=period.pk, computed_at=now, **counted)
                for unit_id, counted in subtrees.items()
            ),
            batch_size=_BATCH,
        )
        GuideFigures.objects.filter(period_id=period.pk).delete()
        GuideFigures.objects.bulk_create(
            (
                GuideFigures(
                    guide_id=guide_id, period_id=period.pk, state=state, is_late=is_late, n=n,
                    computed_at=now,
                )
                for guide_id, tally in guides.items()
                for (state, is_late), n in tally.standings.items()
            ),
            batch_size=_BATCH,
        )  # fmt: skip
    return len(subtrees)


def _subtrees(period: Period, today: dt.date) -> dict[int, dict[str, int]]:
    """The counts of every unit that has work below it, each of its subtree."""
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def add(path: str, name: str, n: int) -> None:
        for unit_id in path.strip("/").split("/"):
            found[int(unit_id)][name] += n

    for path, has_reported in _owing(period):
        add(path, "units", 1)
        add(path, "silent", not has_reported)
    work = Assignment.objects.filter(counts_in=period).order_by()
    continuing = work.filter(timing__in=CONTINUING).exclude(state__in=WITHOUT_LIGHT)
    lights = continuing.annotate(light=light_case(period, today)).exclude(light="")
    for path, light, n in lights.values_list("path", "light").annotate(n=Count("pk")):
        add(path, light, n)
    verdict = Review.Verdict
    judged = Review.objects.filter(
        report__assignment__counts_in=period, verdict__in=(verdict.ACCEPTED, verdict.RETURNED)
    ).order_by()
    by_verdict = judged.values_list("report__assignment__path", "verdict").annotate(n=Count("pk"))
    for path, said, n in by_verdict:
        add(path, "judged", n)
        if said == verdict.RETURNED:
            add(path, "returned", n)
    return found


def _owing(period: Period) -> list[tuple[str, bool]]:
    """The units that owe work in a period, by path, and whether they ever sent a report.

    A village's work is part of its commune's, so that villages are not asked.
    """
    owed = Assignment.objects.filter(counts_in=period, unit=OuterRef("pk")).exclude(state="exempt")
    moved = Assignment.objects.filter(unit=OuterRef("pk"), state__in=_REPORTED)
    sent = Report.objects.filter(assignment__unit=OuterRef("pk"), sent_at__isnull=False)
    units = Unit.objects.filter(Exists(owed), level__in=[it for it in LEVELS if it != _VILLAGE])
    reported = set(units.filter(Exists(moved) | Exists(sent)).values_list("pk", flat=True))
    return [(path, pk in reported) for pk, path in units.values_list("pk", "path")]


def _guides(period: Period) -> dict[int, Tally]:
    found: dict[int, Tally] = {}
    rows = Assignment.objects.filter(counts_in=period).order_by()
    standings = rows.values_list("guide_id", "state", "nothing_arose", "is_late")
    for guide_id, state, nothing_arose, is_late, n in standings.annotate(n=Count("pk")):
        tally = found.setdefault(guide_id or 0, Tally())
        tally.add(counted_state(state, nothing_arose), is_late, n)
    return found
