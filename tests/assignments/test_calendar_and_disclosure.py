"""The calendar's days and the document of publication: what their verbs refuse and keep."""

import datetime as dt

import pytest

from khung.assignments import actions
from khung.assignments.calendar import library_days
from khung.assignments.models import CalendarDay, ProgressDisclosure
from khung.base.models import AuditEvent
from khung.base.versions import StaleRecord
from tests.assignments.scene import NOW, Scene

SATURDAY = dt.date(2025, 4, 26)


def test_a_day_taken_out_is_what_its_weekday_says(scene: Scene) -> None:
    actions.set_calendar_day(
        day=SATURDAY, is_working=True, note="Làm bù", version=0, by=scene.coordinator, now=NOW
    )
    with pytest.raises(StaleRecord):
        actions.remove_calendar_day(day=SATURDAY, version=7, by=scene.coordinator, now=NOW)
    assert CalendarDay.objects.get().version == 1
    actions.remove_calendar_day(day=SATURDAY, version=1, by=scene.coordinator, now=NOW)
    assert not CalendarDay.objects.exists()
    event = AuditEvent.objects.get(verb="calendar.day_removed")
    assert event.data == {"day": "26/04/2025", "was_working": True, "note": "Làm bù"}


def test_the_library_tells_the_days_of_the_years_asked_for_only() -> None:
    assert {day.day.year for day in library_days([2025])} == {2025}
    assert any(day.is_working for day in library_days([2025]))


@pytest.mark.parametrize(("days", "is_kept"), [(0, True), (1, False), (1824, False)])
def test_a_document_of_a_day_to_come_allows_nothing(scene: Scene, days: int, is_kept: bool) -> None:
    def record() -> None:
        actions.record_disclosure(
            framework=scene.framework, document_number="1/UBND", note="",
            issued_on=NOW.date() + dt.timedelta(days=days), by=scene.coordinator, now=NOW,
        )  # fmt: skip

    if is_kept:
        record()
    else:
        with pytest.raises(actions.NotYetIssued):
            record()
    assert ProgressDisclosure.objects.exists() is is_kept
