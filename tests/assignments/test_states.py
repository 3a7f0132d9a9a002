"""Moving one assignment: its version, its event, its deltas."""

import pytest
from django.core.exceptions import PermissionDenied

from khung.assignments import actions, rollup
from khung.assignments.models import Assignment, Exemption
from khung.base.models import AuditEvent
from khung.base.versions import StaleRecord
from khung.orgs.models import Person
from khung.rules.workflow import NotAllowed
from tests.assignments.scene import NOW, Scene


@pytest.fixture
def assignment(scene: Scene) -> Assignment:
    scene.work("2025-Q1")
    return scene.assignment("east1", 1)


def move(assignment: Assignment, verb: str, by: Person, version: int | None = None) -> Assignment:
    return actions.change_state(
        assignment=assignment, verb=verb, version=version or assignment.version, by=by, now=NOW
    )


def test_a_change_is_kept_with_its_version_and_event(scene: Scene, assignment: Assignment) -> None:
    moved = move(assignment, "update", scene.head)
    assert (moved.state, moved.version, moved.updated_at) == ("in_progress", 2, NOW)
    kept = Assignment.objects.get(pk=assignment.pk)
    assert (kept.state, kept.version, kept.updated_at) == ("in_progress", 2, NOW)
    event = AuditEvent.objects.get(subject=f"assignment:{assignment.pk}")
    assert (event.verb, event.data) == (
        "assignment.update",
        {"from": "not_started", "to": "in_progress"},
    )
    assert rollup.differences() == []


def test_a_save_on_an_old_reading_is_refused_and_shows_how_it_stands(
    scene: Scene, assignment: Assignment
) -> None:
    move(assignment, "update", scene.head)
    events = AuditEvent.objects.count()
    with pytest.raises(StaleRecord) as refused:
        move(assignment, "submit", scene.head, version=1)
    assert isinstance(refused.value.current, Assignment)
    assert refused.value.current.state == "in_progress"
    assert AuditEvent.objects.count() == events
    assert rollup.differences() == []


def test_what_the_table_does_not_allow_changes_nothing(
    scene: Scene, assignment: Assignment
) -> None:
    with pytest.raises(NotAllowed):
        move(assignment, "accept", scene.coordinator)
    kept = Assignment.objects.get(pk=assignment.pk)
    assert (kept.state, kept.version) == ("not_started", 1)


def test_a_person_without_the_permission_changes_nothing(
    scene: Scene, assignment: Assignment
) -> None:
    moved = move(move(assignment, "update", scene.head), "submit", scene.head)
    with pytest.raises(PermissionDenied):
        move(moved, "accept", scene.head)
    assert Assignment.objects.get(pk=assignment.pk).version == moved.version


def test_an_exemption_says_who_when_and_why(scene: Scene, assignment: Assignment) -> None:
    with pytest.raises(ValueError, match="reason"):
        move(assignment, "exempt", scene.coordinator)
    actions.change_state(
        assignment=assignment,
        verb="exempt",
        version=1,
        by=scene.coordinator,
        now=NOW,
        reason="Xã không có công trình",
    )
    exemption = Exemption.objects.get(assignment=assignment)
    assert (exemption.granted_by, exemption.granted_at, exemption.reason) == (
        scene.coordinator,
        NOW,
        "Xã không có công trình",
    )
    assert AuditEvent.objects.get(verb="assignment.exempt").data["reason"] == exemption.reason
    assert rollup.differences() == []
