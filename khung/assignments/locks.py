"""When work closes: the lock date of the period, and dated leave to report after it."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import F, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext

from khung.assignments.models import Assignment, LockException, Period, PeriodDeadline
from khung.base.wording import period_name
from khung.frameworks import queries as frameworks
from khung.orgs.models import Unit


@dataclass(frozen=True, slots=True)
class Lock:
    """Why nothing can be sent in any more: the first day closed, the rule, and who may open it."""

    since: dt.date
    rule: str
    who: str

    @property
    def words(self) -> str:
        """All of it as one official sentence or two."""
        return gettext("Đã khóa từ ngày %(day)s: %(rule)s. %(who)s") % {
            "day": f"{self.since:%d/%m/%Y}",
            "rule": self.rule,
            "who": self.who,
        }


def lock_of(assignment: Assignment, today: dt.date) -> Lock | None:
    """The lock of an assignment read with its unit; None while it is open.

    Three queries where it is locked, none where it is open.
    """
    if today <= assignment.locks_on:
        return None
    period, unit = assignment.counts_in, assignment.unit
    last = f"{assignment.locks_on:%d/%m/%Y}"
    leave = in_force(period, [unit.pk]).filter(open_until=assignment.locks_on).first()
    if leave is not None:
        rule = gettext("văn bản %(number)s cho phép báo cáo sau ngày khóa đến hết %(day)s") % {
            "number": leave.document_number,
            "day": last,
        }
    else:
        rule = gettext("ngày khóa của %(period)s là %(day)s") % {
            "period": period_name(period.code),
            "day": last,
        }
    return Lock(assignment.locks_on + dt.timedelta(days=1), rule, who_may_open(today))


def who_may_open(today: dt.date) -> str:
    """The sentence that says who can give leave to report after the lock."""
    framework = frameworks.in_force_on(today)
    names: list[str] = []
    if framework is not None:
        names = [one.unit.name for one in frameworks.coordinators(framework)]
    if not names:
        return gettext("Cơ quan điều phối có thể cho phép báo cáo sau ngày khóa, bằng văn bản.")
    return gettext(
        "%(name)s (cơ quan điều phối) có thể cho phép báo cáo sau ngày khóa, bằng văn bản."
    ) % {"name": ", ".join(names)}


def in_force(period: Period, units: Collection[int] | None = None) -> QuerySet[LockException]:
    """The leaves of a period nobody took back, of these units or of all."""
    found = LockException.objects.filter(period=period, revoked_at__isnull=True)
    return found if units is None else found.filter(unit__in=units)


def leave_of(period: Period, unit: Unit, day: dt.date) -> LockException | None:
    """The leave by which a unit may report a period on a day; the longest of several."""
    still = in_force(period, [unit.pk]).filter(open_until__gte=day)
    return still.order_by("-open_until", "-id").first()


def exceptions() -> QuerySet[LockException]:
    """Every leave ever granted, the newest first, with what a list of them shows."""
    return LockException.objects.select_related("unit", "period", "granted_by")


def closes_on(period: Period, unit: Unit) -> dt.date | None:
    """The last day of a period for a unit: its lock date, or that of a leave in force."""
    deadline = PeriodDeadline.objects.filter(period=period, level=unit.level).first()
    if deadline is None:
        return None
    longest = in_force(period, [unit.pk]).aggregate(last=Max("open_until"))["last"]
    return max(deadline.locks_on, longest or deadline.locks_on)


def raise_locks(period: Period, units: Collection[int] | None = None) -> int:
    """Keeps the work of a period open as long as the leaves in force say; returns how much moved.

    For use inside an audited action, after anything that set lock dates anew.
    """
    granted = in_force(period, units)
    longest = granted.filter(unit=OuterRef("unit")).order_by("-open_until").values("open_until")[:1]
    return (
        Assignment.objects.filter(counts_in=period, unit__in=granted.values("unit"))
        .annotate(leave=Subquery(longest))
        .filter(locks_on__lt=F("leave"))
        .update(locks_on=Subquery(longest))
    )


def lower_locks(taken_back: LockException, corrections: Mapping[int, dt.date]) -> int:
    """Closes again what this leave alone kept open; returns how much closed.

    A report returned for correction stays open: its unit was given that date to send it again.
    One being corrected stays open until its day in `corrections`, by assignment id, as far as the
    leave went.
    """
    deadline = PeriodDeadline.objects.get(
        period=taken_back.period, level=taken_back.unit.level
    ).locks_on
    others = in_force(taken_back.period, [taken_back.unit_id]).exclude(pk=taken_back.pk)
    longest = others.aggregate(last=Max("open_until"))["last"]
    base = max(deadline, longest or deadline)
    kept_open = Assignment.objects.filter(
        unit=taken_back.unit_id, counts_in=taken_back.period_id, locks_on=taken_back.open_until
    ).exclude(state="returned")
    for pk, until in corrections.items():
        last = max(base, min(until, taken_back.open_until))
        kept_open.filter(pk=pk).update(locks_on=Greatest(F("due_on"), Value(last)))
    closing = kept_open.exclude(pk__in=corrections)
    return closing.update(locks_on=Greatest(F("due_on"), Value(base)))
