"""The deadline of a period for a level: set, and set right where it was wrong."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments import due, lateness
from khung.assignments.models import Period, PeriodDeadline
from khung.base.audit import record
from khung.base.locks import named_lock
from khung.base.versions import claim
from khung.orgs.acting import require
from khung.orgs.models import Person
from khung.rules.permissions import Permission


class WrongDeadline(Exception):
    """The dates can't be a deadline of the period; the message is for the person who tried."""


def set_deadline(
    *,
    period: Period,
    level: str,
    timely_on: dt.date,
    locks_on: dt.date,
    version: int,
    by: Person,
    now: dt.datetime,
    was_wrong: bool = False,
) -> Period:
    """Changes the two dates of a period for a level; open assignments follow.

    Lateness already stamped stays with the deadline it passed, unless the deadline so far
    `was_wrong`: then it is taken back where the right one was kept. A duty with a date of its own
    keeps it. Raises StaleRecord, and WrongDeadline for dates before the data of the period end or
    in the wrong order.
    """
    require(by, Permission.OPEN_PERIOD, timezone.localdate(now))
    if timely_on < period.data_to:
        raise WrongDeadline(
            gettext("Hạn không thể trước ngày cuối của số liệu trong kỳ (%(day)s).")
            % {"day": f"{period.data_to:%d/%m/%Y}"}
        )
    if locks_on < timely_on:
        raise WrongDeadline(gettext("Ngày khóa không thể trước ngày đúng hạn."))
    # The schedule stamps under the same lock, so that no work is stamped while its date moves.
    with named_lock(lateness.LOCK):
        current = claim(period, version)
        deadline = PeriodDeadline.objects.get(period=current, level=level)
        before, deadline.timely_on, deadline.locks_on = deadline.timely_on, timely_on, locks_on
        deadline.save(update_fields=["timely_on", "locks_on"])
        about = {"code": current.code, "level": level}
        due.move(current, level, timely_on, locks_on, with_late=was_wrong)
        record(
            by=by,
            now=now,
            verb="period.deadline_set",
            subject=f"period:{current.code}",
            data=about | {"timely_on": timely_on.isoformat(), "locks_on": locks_on.isoformat()},
        )
        if was_wrong:
            stamped = due.following(current, level)
            taken_back = lateness.take_back(stamped, timely_on=timely_on)
            record(
                by=by,
                now=now,
                verb="lateness.taken_back",
                subject=f"period:{current.code}",
                data=about | {"taken_back": taken_back, "wrong": f"{before:%d/%m/%Y}"},
            )
    return current
