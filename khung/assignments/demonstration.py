"""Puts the demonstration's periods into work, with illustrative progress, clearly labelled."""

import datetime as dt
from pathlib import Path

from django.utils import timezone

from khung.assignments import actions, illustration
from khung.assignments.calendar import library_days
from khung.assignments.models import CalendarDay, Period
from khung.frameworks.models import Framework
from khung.orgs import queries as orgs
from khung.orgs.datafile import read_toml, toml_tables
from khung.orgs.models import Person
from khung.rules.calendar import period_codes

FIRST_DAY = dt.date(2025, 1, 1)
CALENDAR = "calendar.toml"
OCCASIONS = "occasions.toml"


def load(folder: Path, framework: Framework, *, by: Person, now: dt.datetime) -> None:
    """Calendar, quarters from the first of 2025 to today's, occasions, progress."""
    today = timezone.localdate(now)
    fill_calendar(folder, range(FIRST_DAY.year - 1, today.year + 2), by=by, now=now)
    for code in period_codes(FIRST_DAY, today, framework.cycle):
        actions.put_period_into_work(framework=framework, code=code, by=by, now=now)
    _open_occasions(folder / OCCASIONS, framework, by, now)
    actions.exempt_ended_units(today=today, by=by, now=now)
    for period in Period.objects.filter(counted__isnull=False).distinct():
        illustration.illustrate(period=period, today=today, now=now)
    illustration.finish()
    actions.record_disclosure(
        framework=framework,
        document_number="Văn bản minh họa",
        issued_on=FIRST_DAY,
        note="Bản trình diễn: tỉnh ghi số, ngày văn bản cho phép công khai của mình ở đây.",
        by=by,
        now=now,
        is_illustrative=True,
    )


def fill_calendar(folder: Path, years: range, *, by: Person, now: dt.datetime) -> None:
    """The library's days, and those it does not know yet from the demonstration's file."""
    path = folder / CALENDAR
    extra = [
        CalendarDay(
            day=row.needed_day("day"),
            is_working=bool(row.values["working"]),
            note=row.text("note"),
            source=row.text("source"),
        )
        for row in toml_tables(path, read_toml(path), "days")
    ]
    actions.fill_calendar(days=[*extra, *library_days(years)], by=by, now=now)


def _open_occasions(path: Path, framework: Framework, by: Person, now: dt.datetime) -> None:
    for row in toml_tables(path, read_toml(path), "occasions"):
        starts_on = row.needed_day("starts_on")
        root = orgs.province_root(framework.decision.province_code, starts_on)
        if root is None:
            raise row.fail("starts_on", "ngày này chưa có tỉnh nào")
        actions.open_occasion(
            framework=framework,
            kind=row.text("kind"),
            title=row.text("title"),
            starts_on=starts_on,
            ends_on=row.needed_day("ends_on"),
            units=[root],
            phases=[
                {name: str(value) for name, value in phase.items()}
                for phase in row.values.get("phases", [])
            ],
            by=by,
            now=now,
            is_illustrative=True,
        )
