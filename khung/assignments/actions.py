"""What people and the schedule do to periods, occasions and assignments."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest, Least

from khung.assignments import expanding, rollup
from khung.assignments.calendar import working_calendar
from khung.assignments.models import (
    OPEN_STATES,
    Assignment,
    CalendarDay,
    Exemption,
    Occasion,
    OccasionUnit,
    Period,
    PeriodDeadline,
    ProgressDisclosure,
)
from khung.base.audit import record
from khung.base.locks import named_lock
from khung.base.versions import claim
from khung.frameworks.models import Framework
from khung.orgs.acting import require
from khung.orgs.models import Person, Unit
from khung.rules import workflow
from khung.rules.calendar import deadlines, period_dates, quarter_of, year_code
from khung.rules.expansion import LEVELS
from khung.rules.permissions import Permission

LOCK = "expansion"
_BATCH = 500


class NotInForce(Exception):
    """A draft framework gives nobody work; the message is Vietnamese, for the person who tried."""


@transaction.atomic
def make_period(*, code: str, by: Person | str, now: dt.datetime) -> Period:
    """Makes a period with its proposed deadlines, or returns the one that is there."""
    require(by, Permission.OPEN_PERIOD, now.date())
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
    """Makes the assignments a quarter still misses, with the units of `as_of` (its first day).

    Idempotent: what is there stays, whatever became of it. One audit event says what was made.
    Raises NotInForce for a draft framework.
    """
    require(by, Permission.OPEN_PERIOD, now.date())
    if framework.in_force_from is None:
        raise NotInForce("Bộ khung nhiệm vụ chưa có hiệu lực; hãy đưa vào hiệu lực rồi giao việc.")
    dates = period_dates(code)
    year = year_code(code)
    with named_lock(LOCK):
        periods = {
            name: make_period(code=name, by=by, now=now) for name in (code, year, f"{year}-Q4")
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
    require(by, Permission.OPEN_PERIOD, now.date())
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


@transaction.atomic
def open_occasion(
    *,
    framework: Framework,
    kind: str,
    title: str,
    starts_on: dt.date,
    ends_on: dt.date,
    units: Sequence[Unit],
    by: Person,
    now: dt.datetime,
    phases: Sequence[Mapping[str, str]] = (),
    is_illustrative: bool = False,
) -> tuple[Occasion, int]:
    """Opens an occasion in the units it touches; returns it and how many assignments it made."""
    require(by, Permission.OPEN_OCCASION, now.date())
    year, quarter = quarter_of(ends_on)
    counts_in = make_period(code=f"{year:04d}-Q{quarter}", by=by, now=now)
    occasion = Occasion.objects.create(
        kind=kind,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        phases=list(phases),
        counts_in=counts_in,
        opened_by=by,
        opened_at=now,
        is_illustrative=is_illustrative,
    )
    OccasionUnit.objects.bulk_create(OccasionUnit(occasion=occasion, unit=unit) for unit in units)
    due = {
        deadline.level: (ends_on, max(deadline.locks_on, ends_on))
        for deadline in counts_in.deadlines.all()
    }
    made = expanding.write_occasion(framework, occasion, [unit.path for unit in units], due)
    record(
        by=by,
        now=now,
        verb="occasion.opened",
        subject=f"occasion:{occasion.pk}",
        data={"kind": kind, "title": title, "units": len(units), "made": made},
    )
    return occasion, made


@transaction.atomic
def close_occasion(*, occasion: Occasion, version: int, by: Person, now: dt.datetime) -> Occasion:
    """Ends an occasion: what nobody began is closed as exempt. Raises StaleRecord."""
    require(by, Permission.OPEN_OCCASION, now.date())
    current = claim(occasion, version)
    current.closed_at = now
    current.save(update_fields=["closed_at"])
    closed = _exempt(
        current.assignments.filter(state="not_started"),
        reason=f"Kết thúc: {current.title}",
        by=by,
        now=now,
    )
    record(
        by=by,
        now=now,
        verb="occasion.closed",
        subject=f"occasion:{current.pk}",
        data={"title": current.title, "closed": closed},
    )
    return current


@transaction.atomic
def exempt_ended_units(*, today: dt.date, by: Person, now: dt.datetime) -> int:
    """Closes the open assignments of units that ended before their due date; returns how many.

    Duties don't pass to a successor in silence: a reorganisation is a person's decision.
    """
    require(by, Permission.EXEMPT_WORK, now.date())
    ended = Assignment.objects.filter(
        unit__valid_to__lt=Least(Value(today), F("due_on")), state__in=OPEN_STATES
    )
    closed = _exempt(ended, reason="Đơn vị kết thúc hoạt động trước hạn báo cáo", by=by, now=now)
    record(by=by, now=now, verb="assignments.ended", subject="assignments", data={"closed": closed})
    return closed


def _exempt(found: QuerySet[Assignment], *, reason: str, by: Person, now: dt.datetime) -> int:
    """Exempts the assignments found, each with who let it off, when and why; returns how many.

    They are locked first, so that a report sent in at the same moment is not overwritten.
    """
    rows = list(found.select_related("unit").select_for_update(of=("self",)).order_by("id"))
    Exemption.objects.bulk_create(
        Exemption(assignment=assignment, granted_by=by, granted_at=now, reason=reason)
        for assignment in rows
    )
    return _move_many([(assignment, "exempt", assignment.is_late) for assignment in rows], now=now)


@transaction.atomic
def change_state(
    *,
    assignment: Assignment,
    verb: str,
    version: int,
    by: Person,
    now: dt.datetime,
    reason: str = "",
) -> Assignment:
    """Moves an assignment along the transition table, with its deltas and its event.

    Raises workflow.NotAllowed where the state does not know the verb, StaleRecord where somebody
    moved it since `version` was read, ValueError for an exemption without a reason.
    """
    current = claim(assignment, version)
    transition = workflow.transition(current.state, verb)
    require(by, transition.permission, now.date())
    state = transition.to
    before = current.state
    if state == "exempt":
        if not reason:
            raise ValueError("an exemption needs a reason")
        Exemption.objects.create(assignment=current, granted_by=by, granted_at=now, reason=reason)
    _move_many([(current, state, current.is_late)], now=now)
    record(
        by=by,
        now=now,
        verb=f"assignment.{verb}",
        subject=f"assignment:{current.pk}",
        data={"from": before, "to": state} | ({"reason": reason} if reason else {}),
    )
    return current


def _move_many(moves: Iterable[tuple[Assignment, str, bool]], *, now: dt.datetime) -> int:
    """Sets (state, is_late) of assignments read with their unit, and appends the deltas.

    For use inside an audited action only; returns how many changed.
    """
    changed: list[Assignment] = []
    deltas: list[tuple[rollup.Standing, int]] = []
    for assignment, state, is_late in moves:
        if (assignment.state, assignment.is_late) == (state, is_late):
            continue
        deltas.append((expanding.standing(assignment, assignment.unit.level), -1))
        assignment.state, assignment.is_late, assignment.updated_at = state, is_late, now
        deltas.append((expanding.standing(assignment, assignment.unit.level), 1))
        changed.append(assignment)
    Assignment.objects.bulk_update(changed, ["state", "is_late", "updated_at"], batch_size=_BATCH)
    rollup.append(deltas)
    return len(changed)


@transaction.atomic
def record_disclosure(
    *,
    framework: Framework,
    document_number: str,
    issued_on: dt.date,
    note: str,
    by: Person,
    now: dt.datetime,
    is_illustrative: bool = False,
) -> ProgressDisclosure:
    """Records the document that allows progress by unit to be shown to the public."""
    require(by, Permission.RECORD_DISCLOSURE, now.date())
    disclosure = ProgressDisclosure.objects.create(
        framework=framework,
        document_number=document_number,
        issued_on=issued_on,
        note=note,
        recorded_by=by,
        recorded_at=now,
        is_illustrative=is_illustrative,
    )
    record(
        by=by,
        now=now,
        verb="disclosure.recorded",
        subject=f"framework:{framework.pk}",
        data={"document": document_number, "issued_on": issued_on.isoformat()},
    )
    return disclosure


@transaction.atomic
def withdraw_disclosure(
    *, disclosure: ProgressDisclosure, by: Person, now: dt.datetime
) -> ProgressDisclosure:
    """Ends the publication of progress by unit from now on."""
    require(by, Permission.RECORD_DISCLOSURE, now.date())
    disclosure.withdrawn_at = now
    disclosure.save(update_fields=["withdrawn_at"])
    record(
        by=by,
        now=now,
        verb="disclosure.withdrawn",
        subject=f"framework:{disclosure.framework_id}",
        data={"document": disclosure.document_number},
    )
    return disclosure


@transaction.atomic
def fill_calendar(*, days: Sequence[CalendarDay], by: Person | str, now: dt.datetime) -> int:
    """Adds days the calendar does not know yet; days already there are a person's and stay."""
    require(by, Permission.EDIT_CALENDAR, now.date())
    known = set(CalendarDay.objects.values_list("day", flat=True))
    new = [day for day in days if day.day not in known]
    CalendarDay.objects.bulk_create(new)
    record(by=by, now=now, verb="calendar.filled", subject="calendar", data={"days": len(new)})
    return len(new)


@transaction.atomic
def set_calendar_day(
    *,
    day: dt.date,
    is_working: bool,
    note: str,
    version: int,
    by: Person,
    now: dt.datetime,
) -> CalendarDay:
    """Says whether a day is worked. `version` is 0 for a day not in the calendar yet.

    Raises StaleRecord where somebody changed the day since.
    """
    require(by, Permission.EDIT_CALENDAR, now.date())
    values: dict[str, Any] = {"is_working": is_working, "note": note, "source": by.full_name}
    if version:
        current = claim(CalendarDay(day=day), version)
        CalendarDay.objects.filter(day=day).update(**values)
        current.refresh_from_db()
    else:
        current, made = CalendarDay.objects.get_or_create(day=day, defaults=values)
        if not made:
            current = claim(current, version)
    record(
        by=by,
        now=now,
        verb="calendar.day_set",
        subject=f"calendar:{day.isoformat()}",
        data={"day": f"{day:%d/%m/%Y}", "is_working": is_working, "note": note},
    )
    return current
