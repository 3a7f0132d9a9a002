"""Leave to report a period after its lock: dated, signed, and taken back."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments import lateness, locks
from khung.assignments.models import Assignment, LockException, Period
from khung.base.audit import record
from khung.base.locks import named_lock
from khung.base.versions import claim
from khung.base.wording import period_name
from khung.orgs.acting import require
from khung.orgs.models import Person, Unit
from khung.rules.permissions import Permission

MOST_DAYS = 366


class WrongException(Exception):
    """The leave makes no sense; `field` is where, the message is for the person who tried."""

    def __init__(self, field: str, said: str) -> None:
        self.field = field
        super().__init__(said)


def grant_lock_exception(
    *,
    unit: Unit,
    period: Period,
    open_until: dt.date,
    reason: str,
    document_number: str,
    by: Person,
    now: dt.datetime,
    is_illustrative: bool = False,
) -> LockException:
    """Lets one unit report a period until a day after its lock, by a numbered document.

    Every assignment of the unit that counts in the period stays open until then; lateness stamped
    stays. Raises WrongException for a day that opens nothing, PermissionDenied.
    """
    today = timezone.localdate(now)
    require(by, Permission.GRANT_LOCK_EXCEPTION, today)
    # Deadlines are set under the same lock, so that neither undoes the other.
    with named_lock(lateness.LOCK):
        _check(unit, period, open_until, today)
        made = LockException.objects.create(
            unit=unit,
            period=period,
            open_until=open_until,
            reason=reason,
            document_number=document_number,
            granted_by=by,
            granted_at=now,
            is_illustrative=is_illustrative,
        )
        record(
            by=by,
            now=now,
            verb="lock_exception.granted",
            subject=f"unit:{unit.pk}",
            data={
                "code": period.code,
                "unit": unit.name,
                "until": open_until.isoformat(),
                "document": document_number,
                "opened": locks.raise_locks(period, [unit.pk]),
            },
        )
    return made


def _check(unit: Unit, period: Period, open_until: dt.date, today: dt.date) -> None:
    closes_on = locks.closes_on(period, unit)
    owed = Assignment.objects.filter(unit=unit, counts_in=period)
    if closes_on is None or not owed.exists():
        said = gettext("%(unit)s không có nhiệm vụ nào trong %(period)s.")
        raise WrongException("unit", said % {"unit": unit.name, "period": period_name(period.code)})
    if open_until < today:
        raise WrongException("open_until", gettext("Ngày mở đến không thể trước hôm nay."))
    if open_until <= closes_on:
        said = gettext("%(unit)s còn báo cáo được đến hết %(day)s; chọn ngày sau ngày đó.")
        raise WrongException(
            "open_until", said % {"unit": unit.name, "day": f"{closes_on:%d/%m/%Y}"}
        )
    if open_until > today + dt.timedelta(days=MOST_DAYS):
        raise WrongException(
            "open_until", gettext("Ngày mở đến cách hôm nay hơn một năm; hãy xem lại năm.")
        )


def revoke_lock_exception(
    *,
    exception: LockException,
    version: int,
    by: Person,
    now: dt.datetime,
    corrections: Mapping[int, dt.date] = MappingProxyType({}),
) -> LockException:
    """Takes leave back: what it alone kept open closes again, except reports being corrected.

    `corrections` are the assignments (ids) whose report is being corrected, and until when they
    stay open; `reports.actions.revoke_leave` knows them. Raises StaleRecord where somebody
    else took it back since, PermissionDenied.
    """
    require(by, Permission.GRANT_LOCK_EXCEPTION, timezone.localdate(now))
    with named_lock(lateness.LOCK):
        current = claim(exception, version)
        current.revoked_at = now
        current.save(update_fields=["revoked_at"])
        record(
            by=by,
            now=now,
            verb="lock_exception.revoked",
            subject=f"unit:{current.unit_id}",
            data={
                "code": current.period.code,
                "unit": current.unit.name,
                "document": current.document_number,
                "closed": locks.lower_locks(current, corrections),
            },
        )
    return current
