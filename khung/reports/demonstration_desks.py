"""What each demonstration person finds on their desk: a few reports told one by one.

It comes before the bulk of the illustration, which then leaves these assignments alone. All of it
stands under the account nobody signs in with; the people only find it, as if a colleague had left
it. Days are counted from today, so that the desks look alike whenever they are loaded.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from khung.assignments import locks
from khung.assignments.calendar import working_calendar
from khung.assignments.models import Assignment, LatenessEvent, LockException, Period
from khung.base.audit import record
from khung.frameworks.models import Task, TaskItem
from khung.orgs import queries as orgs
from khung.orgs.datafile import Record, read_toml, toml_tables
from khung.orgs.models import Person, Unit
from khung.reports import village_address
from khung.reports.demonstration_versions import Writer, accounted, morning
from khung.reports.models import (
    CompulsoryMethod,
    ExemptionProposal,
    JudgingPlan,
    Report,
    Share,
    VillageLink,
    VillageSending,
)
from khung.rules.calendar import WorkingCalendar

DESKS = "desks.toml"
_WHEN = ("now", "last")
_WAYS = tuple(JudgingPlan.Way.values)
_LEVEL = "commune"


@transaction.atomic
def load(folder: Path, *, nobody: Person, now: dt.datetime) -> int:
    """Sets the desks of `folder`; returns how many reports. Only what nobody touched is used.

    A task the unit does not owe in the period (a school year, an occasion) is passed over. Raises
    DataFileError for an unknown unit, person, task or method. `demonstration.load` makes the
    roll-up and the counts anew afterwards.
    """
    desks = _Desks(folder, nobody, working_calendar(), now)
    made = desks.reports()
    desks.finished()
    desks.silent()
    desks.judging()
    desks.shares()
    desks.exemptions()
    desks.lock_exceptions()
    desks.villages()
    record(
        by="system:demonstration",
        now=now,
        verb="desks.illustrated",
        subject="reports",
        data={"reports": made},
    )
    return made


@dataclass(frozen=True, slots=True)
class _Desks:
    folder: Path
    nobody: Person
    calendar: WorkingCalendar
    now: dt.datetime

    @property
    def writer(self) -> Writer:
        return Writer(self.folder, self.nobody, self.calendar, self.now)

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.now)

    def rows(self, name: str) -> Iterator[Record]:
        path = self.folder / DESKS
        return toml_tables(path, read_toml(path), name)

    def reports(self) -> int:
        made = 0
        for row in self.rows("reports"):
            for it in self._owed(row, [_whole(row, "task")], row.choice("period", _WHEN, "now")):
                if not it.reports.exists():
                    self.writer.write(it, row)
                    made += 1
        return made

    def finished(self) -> None:
        """Takes all a unit owed in the last period as accepted, so that it can be copied."""
        for row in self.rows("finished"):
            units = self._units(row)
            for it in self._untouched(units).filter(counts_in=self._period("last")):
                if it.state in ("exempt", "accepted"):
                    continue
                days = it.pk % 20
                it.state, it.is_late = "accepted", False
                it.updated_at = morning(it.due_on - dt.timedelta(days=days), self.now)
                it.save()
                it.lateness_events.all().delete()

    def silent(self) -> None:
        """Takes back all illustrative progress of units that never reported."""
        for row in self.rows("silent"):
            found = self._untouched(self._units(row)).exclude(state="exempt")
            found.update(state="not_started", updated_at=None, is_late=False)
            passed = found.filter(due_on__lt=self.today)
            LatenessEvent.objects.bulk_create(
                (
                    LatenessEvent(assignment=it, deadline=it.due_on, stamped_at=self.now)
                    for it in passed
                ),
                ignore_conflicts=True,
            )
            passed.update(is_late=True)

    def judging(self) -> None:
        """Plans from the first day of the period on, and methods that need a piece of their own."""
        begun = morning(self._period("now").data_from, self.now)
        for row in self.rows("plans"):
            for task in self._tasks(row):
                if JudgingPlan.objects.filter(task=task, level=_LEVEL).exists():
                    continue
                JudgingPlan.objects.create(
                    task=task,
                    level=_LEVEL,
                    way=row.choice("way", _WAYS),
                    share=_whole(row, "share", 100),
                    seed=row.text("seed", ""),
                    set_by=self.nobody,
                    set_at=begun,
                )
        for row in self.rows("compulsory"):
            number, position = _whole(row, "task"), _whole(row, "method")
            method = TaskItem.objects.filter(
                task_version__no=number, field=TaskItem.Field.METHOD, position=position
            ).last()
            if method is None:
                raise row.fail("method", f"nhiệm vụ {number} không có cách thức thứ {position}")
            CompulsoryMethod.objects.get_or_create(
                method=method, defaults={"marked_by": self.nobody, "marked_at": begun}
            )

    def shares(self) -> None:
        for row in self.rows("shares"):
            to = Person.objects.filter(username=row.text("to")).first()
            if to is None:
                raise row.fail("to", f"không có tài khoản “{row.text('to')}”")
            for it in self._owed(row, _numbers(row)):
                Share.objects.get_or_create(
                    assignment=it,
                    defaults={
                        "person": to,
                        "due_on": self.calendar.add(self.today, _whole(row, "within")),
                        "note": row.text("note", ""),
                        "given_by": self.nobody,
                        "given_at": self.writer.ago(1),
                    },
                )

    def exemptions(self) -> None:
        for row in self.rows("exemptions"):
            for it in self._owed(row, [_whole(row, "task")]):
                if it.reports.exists() or it.exemption_proposals.exists():
                    continue
                it.state, it.updated_at = "not_started", None
                it.is_late = accounted(it, self.today, self.now)
                it.save()
                ExemptionProposal.objects.create(
                    assignment=it,
                    reason=row.text("reason"),
                    by_unit=it.unit,
                    proposed_by=self.nobody,
                    proposed_at=self.writer.ago(_whole(row, "days")),
                )

    def lock_exceptions(self) -> None:
        for row in self.rows("lock_exceptions"):
            unit, period = self._unit(row, row.text("unit")), self._period("last")
            if LockException.objects.filter(unit=unit, period=period).exists():
                continue
            LockException.objects.create(
                unit=unit,
                period=period,
                open_until=self.calendar.add(self.today, _whole(row, "within")),
                reason=row.text("reason"),
                document_number=row.text("document"),
                granted_by=self.nobody,
                granted_at=self.writer.ago(_whole(row, "days")),
                is_illustrative=True,
            )
            locks.raise_locks(period, [unit.pk])

    def villages(self) -> None:
        """Open links, and what came in through one of them and waits for the officer."""
        for row in self.rows("villages"):
            unit, asked = self._unit(row, row.text("unit")), self._owed(row, _numbers(row))
            link, is_new = VillageLink.objects.get_or_create(
                unit=unit,
                village_name=row.text("name"),
                made_by=self.nobody,
                defaults={
                    "head_name": row.text("head", ""),
                    "asked": row.text("asked", ""),
                    "nonce": village_address.new_nonce(),
                    "expires_on": self.calendar.add(self.today, _whole(row, "within")),
                    "made_at": self.writer.ago(3),
                },
            )
            if not is_new:
                continue
            link.assignments.set(asked)
            if "sent" in row.values:
                self._send(link, Record(f"{row.where}, sent", row.values["sent"]), asked)

    def _send(self, link: VillageLink, row: Record, asked: list[Assignment]) -> None:
        at = self.writer.ago(_whole(row, "days"))
        outside = Writer(self.folder, None, self.calendar, self.now)
        about = {it.task_version.no: it for it in asked}.get(_whole(row, "task"))
        sending = VillageSending.objects.create(
            link=link,
            client_key=uuid.uuid5(uuid.NAMESPACE_URL, link.nonce),
            assignment=about,
            text=row.text("text"),
            sent_at=at,
        )
        sending.evidence.add(outside.piece(link.unit, row, at))

    def _owed(self, row: Record, numbers: list[int], when: str = "now") -> list[Assignment]:
        """What a unit owes of these tasks in a period, in their order."""
        unit = self._unit(row, row.text("unit"))
        known = set(
            Task.objects.filter(versions__no__in=numbers).values_list("versions__no", flat=True)
        )
        for number in numbers:
            if number not in known:
                raise row.fail("task", f"không có nhiệm vụ {number}")
        within = Q(counts_in=self._period(when), period__isnull=False)
        if when == "now":
            # What runs through the year counts in its last period only.
            within |= Q(period__starts_on__lte=self.today, period__ends_on__gte=self.today)
        found = Assignment.objects.filter(
            within, unit=unit, task_version__no__in=numbers, is_illustrative=True
        ).exclude(state="exempt")
        return list(found.select_related("unit", "task_version", "counts_in").order_by("id"))

    def _untouched(self, units: list[Unit]) -> QuerySet[Assignment]:
        found = Assignment.objects.filter(unit__in=units, is_illustrative=True)
        with_reports = Report.objects.filter(assignment__unit__in=units).values("assignment")
        return found.exclude(pk__in=with_reports).order_by("id")

    def _period(self, when: str) -> Period:
        """The shortest period in work today lies in, or the one of its kind before it."""
        begun = Period.objects.filter(starts_on__lte=self.today, counted__isnull=False).distinct()
        span = (F("ends_on") - F("starts_on")).asc()
        current = begun.filter(ends_on__gte=self.today).order_by(span)[0]
        if when == "now":
            return current
        before = begun.filter(kind=current.kind, ends_on__lt=current.starts_on)
        return before.order_by("starts_on").last() or current

    def _units(self, row: Record) -> list[Unit]:
        return [self._unit(row, code) for code in row.texts("units")]

    def _unit(self, row: Record, code: str) -> Unit:
        unit = orgs.unit_on(code, self.today)
        if unit is None:
            raise row.fail("unit", f"hôm nay không có đơn vị mã “{code}”")
        return unit

    def _tasks(self, row: Record) -> list[Task]:
        return list(Task.objects.filter(versions__no__in=_numbers(row)).distinct())


def _numbers(row: Record) -> list[int]:
    return [int(number) for number in row.texts("tasks")]


def _whole(row: Record, column: str, default: int | None = None) -> int:
    number = row.number(column)
    if number is not None:
        return int(number)
    if default is None:
        raise row.fail(column, "để trống")
    return default
