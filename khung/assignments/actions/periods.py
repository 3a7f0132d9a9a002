"""Periods: made, put into work, their deadlines."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from khung.assignments import expanding
from khung.assignments.calendar import working_calendar
from khung.assignments.models import OPEN_STATES, Assignment, Period, PeriodDeadline
from khung.base.audit import record
from khung.base.locks import named_lock
from khung.base.versions import claim
from khung.frameworks.models import Framework
from khung.orgs.acting import require
from khung.orgs.models import Person
from khung.rules.calendar import deadlines, last_of_year, period_dates, year_code
from khung.rules.expansion import LEVELS
from khung.rules.permissions import Permission

LOCK = "expansion"


class NotInForce(Exception):
    """A draft framework gives nobody work; the message is Vietnamese, for the person who tried."""


class WrongCycle(Exception):
    """The period is none of the framework's reporting cycle; the message is Vietnamese."""


@transaction.atomic
def make_period(*, code: str, by: Person | str, now: dt.datetime) -> Period:
    """Makes a period with its proposed deadlines, or returns the one that is there."""
    require(by, Permission.OPEN_PERIOD, timezone.localdate(now))
    dates = period_dates(code)
    period, made = Period.objects.get_or_create(
        code=code,
        defaults={
            "kind": dates.kind,
            "starts_on": dates.starts_on,
            "ends_on": dates.ends_on,
            "data_from": dates.data_from,
            "data_to": dates.data_to,
        },
    )
    if made:
        calendar = working_calendar()
        for level in LEVELS:
            timely_on, locks_on = deadlines(dates, level, calendar)
            PeriodDeadline.objects.create(
                period=period, level=level, timely_on=timely_on, locks_on=locks_on
            )
        record(by=by, now=now, verb="period.made", subject=f"period:{code}", data={"code": code})
    return period


def put_period_into_work(
    *,
    framework: Framework,
    code: str,
    by: Person | str,
    now: dt.datetime,
    as_of: dt.date | None = None,
) -> expanding.Outcome:
    """Makes the assignments a period still misses, with the units of `as_of` (its first day).

    Idempotent: what is there stays, whatever became of it. One audit event says what was made.
    Raises NotInForce for a draft framework, WrongCycle for a period of another reporting cycle.
    """
    require(by, Permission.OPEN_PERIOD, timezone.localdate(now))
    if framework.in_force_from is None:
        raise NotInForce("Bộ khung nhiệm vụ chưa có hiệu lực; hãy đưa vào hiệu lực rồi giao việc.")
    dates = period_dates(code)
    if dates.kind != framework.cycle:
        raise WrongCycle(f"Kỳ {code} không thuộc chu kỳ báo cáo của bộ khung nhiệm vụ này.")
    with named_lock(LOCK):
        periods = {
            name: make_period(code=name, by=by, now=now)
            for name in (code, year_code(code), last_of_year(code))
        }
        run = expanding.PeriodExpansion(framework, periods, as_of or dates.starts_on)
        outcome = run.run(dates)
        Period.objects.filter(code=code, opened_at__isnull=True).update(opened_at=now)
        record(
            by=by,
            now=now,
            verb="period.put_into_work",
            subject=f"period:{code}",
            data={
                "code": code,
                "as_of": outcome.as_of.isoformat(),
                "made": outcome.made,
                "total": outcome.total,
                "unresolved": outcome.unresolved,
            },
        )
    return outcome


@transaction.atomic
def set_deadline(
    *,
    period: Period,
    level: str,
    timely_on: dt.date,
    locks_on: dt.date,
    version: int,
    by: Person,
    now: dt.datetime,
) -> Period:
    """Changes the two dates of a period for a level; open assignments follow.

    Lateness already stamped stays with the deadline it passed; a duty with a date of its own
    keeps it. Raises StaleRecord.
    """
    require(by, Permission.OPEN_PERIOD, timezone.localdate(now))
    current = claim(period, version)
    PeriodDeadline.objects.filter(period=current, level=level).update(
        timely_on=timely_on, locks_on=locks_on
    )
    follow = Assignment.objects.filter(
        counts_in=current, unit__level=level, state__in=OPEN_STATES, occasion__isnull=True
    )
    follow.exclude(timing="dated").update(due_on=timely_on, locks_on=locks_on)
    follow.filter(timing="dated").update(locks_on=Greatest(F("due_on"), Value(locks_on)))
    record(
        by=by,
        now=now,
        verb="period.deadline_set",
        subject=f"period:{current.code}",
        data={
            "code": current.code,
            "level": level,
            "timely_on": timely_on.isoformat(),
            "locks_on": locks_on.isoformat(),
        },
    )
    return current
