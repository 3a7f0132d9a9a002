"""Periods: made, put into work, their deadlines."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments import expanding, locks
from khung.assignments.calendar import working_calendar
from khung.assignments.missing import day_of_units
from khung.assignments.models import Period, PeriodDeadline
from khung.base.audit import record
from khung.base.locks import named_lock
from khung.frameworks.models import Framework
from khung.orgs.acting import require
from khung.orgs.models import Person
from khung.rules.calendar import (
    deadlines,
    last_of_year,
    period_dates,
    year_code,
)
from khung.rules.expansion import LEVELS
from khung.rules.permissions import Permission

LOCK = "expansion"


class NotInForce(Exception):
    """A framework gives no work before it holds; the message is Vietnamese, for who tried."""


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
    Raises NotInForce for a framework that does not hold by the end of the period, WrongCycle for
    a period of another reporting cycle, OutsidePeriod for units of a day the period does not hold.
    """
    require(by, Permission.OPEN_PERIOD, timezone.localdate(now))
    dates = period_dates(code)
    if framework.in_force_from is None or framework.in_force_from > dates.ends_on:
        said = gettext("Trong kỳ %(code)s, bộ khung nhiệm vụ chưa có hiệu lực.")
        raise NotInForce(said % {"code": code})
    if dates.kind != framework.cycle:
        said = gettext("Kỳ %(code)s không thuộc chu kỳ báo cáo của bộ khung nhiệm vụ này.")
        raise WrongCycle(said % {"code": code})
    as_of = day_of_units(dates, as_of)
    with named_lock(LOCK):
        periods = {
            name: make_period(code=name, by=by, now=now)
            for name in (code, year_code(code), last_of_year(code))
        }
        run = expanding.PeriodExpansion(framework, periods, as_of)
        outcome = run.run(dates)
        Period.objects.filter(code=code, opened_at__isnull=True).update(opened_at=now)
        for period in periods.values():
            locks.raise_locks(period)
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
