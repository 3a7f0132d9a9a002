"""Leave to report after the lock: dated, signed, listed, taken back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from khung.assignments import locks
from khung.assignments.actions import (
    WrongException,
    grant_lock_exception,
    revoke_lock_exception,
    set_deadline,
)
from khung.assignments.models import Assignment, LockException, Period, PeriodDeadline
from khung.base.versions import StaleRecord
from tests.assignments.scene import NOW, Scene, person


@pytest.fixture
def scene(db: None) -> Scene:
    made = Scene()
    made.work("2025-Q1")
    return made


def locks_on(scene: Scene) -> dt.date:
    return PeriodDeadline.objects.get(period__code="2025-Q1", level="commune").locks_on


def grant(scene: Scene, days: int, number: str = "5/SNV") -> LockException:
    return grant_lock_exception(
        unit=scene.units["east1"],
        period=Period.objects.get(code="2025-Q1"),
        open_until=locks_on(scene) + dt.timedelta(days=days),
        reason="Mất điện do bão",
        document_number=number,
        by=scene.coordinator,
        now=NOW,
    )


def closes(unit: str) -> set[dt.date]:
    return set(
        Assignment.objects.filter(unit__code=unit, counts_in__code="2025-Q1").values_list(
            "locks_on", flat=True
        )
    )


def test_leave_opens_one_unit_until_its_day_and_no_other(scene: Scene) -> None:
    base = locks_on(scene)
    grant(scene, 10)
    assert closes("east1") == {base + dt.timedelta(days=10)}
    assert closes("east2") == {base}


def test_a_lock_says_its_rule_and_who_may_open_it(scene: Scene) -> None:
    base = locks_on(scene)
    one = scene.assignment("east1", 2)
    assert locks.lock_of(one, base) is None
    locked = locks.lock_of(one, base + dt.timedelta(days=1))
    assert locked is not None
    assert f"ngày khóa của Quý I/2025 là {base:%d/%m/%Y}" in locked.words
    assert "Sở Nội vụ (cơ quan điều phối)" in locked.words
    grant(scene, 10)
    again = locks.lock_of(scene.assignment("east1", 2), base + dt.timedelta(days=11))
    assert again is not None
    assert "văn bản 5/SNV" in again.rule


def test_taken_back_it_closes_again_unless_another_leave_holds(scene: Scene) -> None:
    base = locks_on(scene)
    first, second = grant(scene, 5), grant(scene, 10, "6/SNV")
    gone = revoke_lock_exception(
        exception=second, version=second.version, by=scene.coordinator, now=NOW
    )
    assert gone.revoked_at == NOW
    assert closes("east1") == {base + dt.timedelta(days=5)}
    revoke_lock_exception(exception=first, version=first.version, by=scene.coordinator, now=NOW)
    assert closes("east1") == {base}
    with pytest.raises(StaleRecord):
        revoke_lock_exception(exception=first, version=first.version, by=scene.coordinator, now=NOW)


def test_a_report_being_corrected_stays_open(scene: Scene) -> None:
    leave = grant(scene, 10)
    one = scene.assignment("east1", 2)
    Assignment.objects.filter(pk=one.pk).update(state="returned")
    revoke_lock_exception(exception=leave, version=leave.version, by=scene.coordinator, now=NOW)
    assert scene.assignment("east1", 2).locks_on == leave.open_until
    assert scene.assignment("east1", 1).locks_on == locks_on(scene)


def test_a_deadline_set_anew_keeps_the_leave(scene: Scene) -> None:
    leave = grant(scene, 10)
    period = Period.objects.get(code="2025-Q1")
    deadline = PeriodDeadline.objects.get(period=period, level="commune")
    set_deadline(
        period=period,
        level="commune",
        timely_on=deadline.timely_on,
        locks_on=deadline.locks_on + dt.timedelta(days=2),
        version=period.version,
        by=scene.coordinator,
        now=NOW,
    )
    assert closes("east1") == {leave.open_until}
    assert closes("east2") == {deadline.locks_on + dt.timedelta(days=2)}


@pytest.mark.parametrize(("days", "field"), [(0, "open_until"), (600, "open_until")])
def test_a_day_that_opens_nothing_is_refused(scene: Scene, days: int, field: str) -> None:
    with pytest.raises(WrongException) as refused:
        grant(scene, days)
    assert refused.value.field == field
    assert not LockException.objects.exists()


def test_a_unit_without_work_needs_no_leave(scene: Scene) -> None:
    with pytest.raises(WrongException, match="không có nhiệm vụ") as refused:
        grant_lock_exception(
            unit=scene.units["office"],
            period=Period.objects.get(code="2025-Q1"),
            open_until=dt.date(2025, 6, 1),
            reason="x",
            document_number="1",
            by=scene.coordinator,
            now=NOW,
        )
    assert refused.value.field == "unit"


def test_only_the_coordinator_grants_and_takes_back(scene: Scene) -> None:
    leave = grant(scene, 10)
    for by in (scene.head, person("leader", scene.units["T"])):
        with pytest.raises(PermissionDenied):
            revoke_lock_exception(exception=leave, version=leave.version, by=by, now=NOW)
