"""An occasion opens duties only where it touches, and closes what nobody began."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from khung.assignments import actions, rollup
from khung.assignments.models import Assignment, Exemption, Occasion
from khung.base.models import AuditEvent
from khung.base.versions import StaleRecord
from khung.orgs.models import Person
from tests.assignments.scene import NOW, Scene, add_task, person


def open_election(scene: Scene, *codes: str) -> tuple[Occasion, int]:
    return actions.open_occasion(
        framework=scene.framework,
        kind="election",
        title="Bầu cử thử",
        starts_on=dt.date(2025, 4, 1),
        ends_on=dt.date(2025, 6, 29),
        units=[scene.units[code] for code in codes],
        by=scene.coordinator,
        now=NOW,
    )


def owing(occasion: Occasion) -> list[str]:
    return sorted(occasion.assignments.values_list("unit__code", flat=True))


@pytest.mark.parametrize(
    ("touched", "expected"),
    [
        (["east"], ["east1", "east2"]),
        (["west1"], ["west1"]),
        (["west1", "west", "east2"], ["east2", "west1", "west2"]),
        (["T"], ["east1", "east2", "west1", "west2"]),
        (["health"], []),
    ],
)
def test_it_opens_duties_only_below_the_units_it_touches(
    scene: Scene, touched: list[str], expected: list[str]
) -> None:
    occasion, made = open_election(scene, *touched)
    assert owing(occasion) == expected
    assert made == len(expected)
    assert rollup.differences() == []


def test_its_work_counts_where_it_ends_and_is_not_locked_before(scene: Scene) -> None:
    occasion, _ = open_election(scene, "east")
    one = occasion.assignments.first()
    assert one is not None
    assert one.period is None
    assert (one.counts_in.code, one.timing, one.due_on) == (
        "2025-Q2",
        "occasion",
        dt.date(2025, 6, 29),
    )
    assert one.locks_on >= one.due_on


def test_two_occasions_of_a_kind_are_apart(scene: Scene) -> None:
    first, _ = open_election(scene, "east")
    _, made = open_election(scene, "T")
    assert (len(owing(first)), made) == (2, 4)


def test_another_kind_of_occasion_makes_nothing(scene: Scene) -> None:
    _, made = actions.open_occasion(
        framework=scene.framework,
        kind="land_recovery",
        title="Thu hồi đất thử",
        starts_on=dt.date(2025, 4, 1),
        ends_on=dt.date(2025, 4, 2),
        units=[scene.units["T"]],
        by=scene.coordinator,
        now=NOW,
    )
    assert made == 0


def test_closing_exempts_what_nobody_began_and_says_why(scene: Scene) -> None:
    occasion, _ = open_election(scene, "east")
    begun = scene.assignment("east1", 5)
    actions.change_state(assignment=begun, verb="update", version=1, by=scene.head, now=NOW)
    closed, exempted = actions.close_occasion(
        occasion=occasion, version=occasion.version, by=scene.coordinator, now=NOW
    )
    assert (closed.closed_at, exempted) == (NOW, 1)
    states = dict(occasion.assignments.values_list("unit__code", "state"))
    assert states == {"east1": "in_progress", "east2": "exempt"}
    exemption = Exemption.objects.get()
    assert exemption.assignment == scene.assignment("east2", 5)
    assert exemption.granted_by == scene.coordinator
    assert "Bầu cử thử" in exemption.reason
    assert AuditEvent.objects.get(verb="occasion.closed").data["closed"] == 1
    assert rollup.differences() == []


def test_closing_on_an_old_reading_is_refused(scene: Scene) -> None:
    occasion, _ = open_election(scene, "east")
    actions.close_occasion(occasion=occasion, version=1, by=scene.coordinator, now=NOW)
    with pytest.raises(StaleRecord):
        actions.close_occasion(occasion=occasion, version=1, by=scene.coordinator, now=NOW)


def test_work_of_ended_units_is_closed_only_where_the_end_came_before_the_due_date(
    scene: Scene,
) -> None:
    scene.work("2025-Q1")
    due = scene.assignment("west1", 1).due_on
    for code, valid_to in (("west1", due), ("west2", due - dt.timedelta(days=1))):
        scene.units[code].valid_to = valid_to
        scene.units[code].save(update_fields=["valid_to"])
    today = due + dt.timedelta(days=1)
    actions.exempt_ended_units(today=today, by=scene.coordinator, now=NOW)
    exempt = Assignment.objects.filter(state="exempt", period__code="2025-Q1")
    assert set(exempt.values_list("unit__code", flat=True)) == {"west2"}
    assert Exemption.objects.count() == Assignment.objects.filter(state="exempt").count()
    assert rollup.differences() == []


def opened_by(scene: Scene, role: str, at: str, *codes: str, kind: str = "election") -> Occasion:
    return actions.open_occasion(
        framework=scene.framework,
        kind=kind,
        title="Sự kiện của đơn vị",
        starts_on=dt.date(2025, 4, 1),
        ends_on=dt.date(2025, 6, 29),
        units=[scene.units[code] for code in codes],
        by=person(role, scene.units[at]),
        now=NOW,
    )[0]


@pytest.mark.parametrize("role", ["officer", "head"])
def test_a_unit_opens_it_in_itself_and_below(scene: Scene, role: str) -> None:
    occasion = opened_by(scene, role, "west", "west1")
    assert (owing(occasion), occasion.opened_for) == (["west1"], scene.units["west"])


@pytest.mark.parametrize("elsewhere", ["east1", "T"])
def test_a_unit_opens_it_nowhere_else(scene: Scene, elsewhere: str) -> None:
    with pytest.raises(PermissionDenied):
        opened_by(scene, "officer", "west", elsewhere)
    assert not Occasion.objects.exists()


def test_a_guide_opens_it_for_the_tasks_it_guides(scene: Scene) -> None:
    add_task(
        scene.framework, 7, 1, "1.3", "UBND cấp xã", "Sở Y tế", "Trước, trong và sau kỳ bầu cử"
    )
    occasion = opened_by(scene, "guide", "health", "east")
    nos = set(occasion.assignments.values_list("task_version__no", flat=True))
    assert (owing(occasion), nos) == (["east1", "east2"], {7})


def test_where_it_would_ask_nothing_it_is_not_opened(scene: Scene) -> None:
    with pytest.raises(actions.NothingToDo):
        opened_by(scene, "officer", "west1", "west1", kind="land_recovery")
    assert not Occasion.objects.exists()


def test_only_who_opened_it_and_the_coordinator_end_or_extend_it(scene: Scene) -> None:
    occasion = opened_by(scene, "officer", "west1", "west1")
    stranger = person("officer", scene.units["east2"])
    with pytest.raises(PermissionDenied):
        actions.close_occasion(occasion=occasion, version=1, by=stranger, now=NOW)
    moved = actions.extend_occasion(
        occasion=occasion, version=1, ends_on=dt.date(2025, 7, 10), by=scene.coordinator, now=NOW
    )
    (one,) = occasion.assignments.all()
    assert (one.due_on, one.locks_on >= one.due_on) == (dt.date(2025, 7, 10), True)
    owner = Person.objects.get(username="officer-west1")
    _, closed = actions.close_occasion(occasion=moved, version=moved.version, by=owner, now=NOW)
    assert closed == 1


def test_it_is_not_extended_into_the_past(scene: Scene) -> None:
    occasion, _ = open_election(scene, "east")
    later = dt.datetime(2025, 6, 1, 8, tzinfo=NOW.tzinfo)
    with pytest.raises(actions.WrongDay):
        actions.extend_occasion(
            occasion=occasion,
            version=1,
            ends_on=dt.date(2025, 5, 31),
            by=scene.coordinator,
            now=later,
        )
