"""Lateness is stamped once, with the deadline it passed, and never recomputed."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khung.assignments import actions, lateness, rollup
from khung.assignments.lateness import stamp_lateness
from khung.assignments.models import Assignment, LatenessEvent
from khung.base.models import AuditEvent
from tests.assignments.scene import NOW, Scene

DAY = dt.timedelta(days=1)


@pytest.fixture
def due(scene: Scene) -> dt.date:
    """The day the communes' work of the first quarter falls due."""
    scene.work("2025-Q1")
    return scene.assignment("east1", 1).due_on


def late() -> set[tuple[str, int]]:
    found = Assignment.objects.filter(is_late=True)
    return set(found.values_list("unit__code", "task_version__no"))


def move_deadline(scene: Scene, timely_on: dt.date, *, was_wrong: bool = False) -> None:
    period = scene.period("2025-Q1")
    actions.set_deadline(
        period=period,
        level="commune",
        timely_on=timely_on,
        locks_on=timely_on + 10 * DAY,
        version=period.version,
        by=scene.coordinator,
        now=NOW,
        was_wrong=was_wrong,
    )


def report(assignment: Assignment, scene: Scene, day: dt.date) -> None:
    """The unit's report, sent in at noon of a day."""
    at = dt.datetime.combine(day, dt.time(12), tzinfo=NOW.tzinfo)
    for verb in ("update", "submit"):
        assignment = actions.change_state(
            assignment=assignment, verb=verb, version=assignment.version, by=scene.head, now=at
        )


def test_the_due_day_itself_is_in_time(due: dt.date) -> None:
    assert stamp_lateness(today=due, now=NOW) == 0


def test_it_is_stamped_once_with_the_deadline_it_passed(scene: Scene, due: dt.date) -> None:
    assert stamp_lateness(today=due + DAY, now=NOW) == 12
    assert stamp_lateness(today=due + DAY, now=NOW) == 0
    assert stamp_lateness(today=due + 2 * DAY, now=NOW) == 0
    events = LatenessEvent.objects.filter(assignment=scene.assignment("east1", 1))
    assert [event.deadline for event in events] == [due]
    assert AuditEvent.objects.get(verb="lateness.stamped").data["stamped"] == 12
    assert rollup.differences() == []


def test_other_levels_follow_their_own_deadline(due: dt.date) -> None:
    stamp_lateness(today=due + DAY, now=NOW)
    assert {code for code, _ in late()} == {"east1", "east2", "west1", "west2"}


@pytest.mark.parametrize(
    ("state", "is_stamped"),
    [
        ("not_started", True),
        ("in_progress", True),
        ("returned", True),
        ("submitted", False),
        ("accepted", False),
        ("exempt", False),
    ],
)
def test_only_work_without_a_report_is_late(
    scene: Scene, due: dt.date, state: str, is_stamped: bool
) -> None:
    Assignment.objects.filter(unit=scene.units["east1"], task_version__no=1).update(state=state)
    stamp_lateness(today=due + DAY, now=NOW)
    assert (("east1", 1) in late()) is is_stamped


def test_who_last_updated_it_is_not_touched(scene: Scene, due: dt.date) -> None:
    stamp_lateness(today=due + DAY, now=NOW)
    assert scene.assignment("east1", 1).updated_at is None


def test_a_unit_that_ended_before_the_due_date_is_not_late(scene: Scene, due: dt.date) -> None:
    for code, valid_to in (("east1", due - DAY), ("east2", due)):
        scene.units[code].valid_to = valid_to
        scene.units[code].save(update_fields=["valid_to"])
    stamp_lateness(today=due + DAY, now=NOW)
    assert {code for code, _ in late()} == {"east2", "west1", "west2"}


def test_a_deadline_moved_later_leaves_the_stamp(scene: Scene, due: dt.date) -> None:
    stamp_lateness(today=due + DAY, now=NOW)
    move_deadline(scene, due + 7 * DAY)
    moved = scene.assignment("east1", 1)
    assert (moved.due_on, moved.is_late) == (due + 7 * DAY, True)
    assert stamp_lateness(today=due + 2 * DAY, now=NOW) == 0
    assert [event.deadline for event in moved.lateness_events.all()] == [due]


def test_lateness_of_a_wrong_deadline_is_taken_back(scene: Scene, due: dt.date) -> None:
    right = due + 7 * DAY
    stamp_lateness(today=due + DAY, now=NOW)
    move_deadline(scene, right, was_wrong=True)
    assert late() == set()
    moved = scene.assignment("east1", 1)
    assert (moved.due_on, moved.version, moved.updated_at) == (right, 1, None)
    assert [event.deadline for event in moved.lateness_events.all()] == [due]
    event = AuditEvent.objects.get(verb="lateness.taken_back")
    assert (event.data["taken_back"], event.data["wrong"]) == (12, f"{due:%d/%m/%Y}")
    assert rollup.differences() == []
    stamp_lateness(today=right, now=NOW)
    assert not any(code == "east1" for code, _ in late())
    stamp_lateness(today=right + DAY, now=NOW)
    assert {event.deadline for event in moved.lateness_events.all()} == {due, right}
    assert rollup.differences() == []


@pytest.mark.parametrize(("days", "stays_late"), [(7, False), (8, True)])
def test_what_was_reported_is_measured_by_the_right_deadline(
    scene: Scene, due: dt.date, days: int, stays_late: bool
) -> None:
    """Accepted much later: what counts is the day the report was sent in."""
    stamp_lateness(today=due + DAY, now=NOW)
    reported = scene.assignment("east1", 2)
    report(reported, scene, due + days * DAY)
    reported.refresh_from_db()
    actions.change_state(
        assignment=reported, verb="accept", version=reported.version, by=scene.coordinator,
        now=NOW + 300 * DAY,
    )  # fmt: skip
    move_deadline(scene, due + 7 * DAY, was_wrong=True)
    assert late() == ({("east1", 2)} if stays_late else set())
    assert scene.assignment("east1", 2).due_on == due + 7 * DAY
    assert rollup.differences() == []


def test_no_deadline_lies_before_the_data_end_or_after_its_lock(scene: Scene, due: dt.date) -> None:
    period = scene.period("2025-Q1")
    for timely_on, locks_on in (
        (period.data_to - DAY, due),
        (dt.date(2020, 1, 17), due),
        (due, due - DAY),
    ):
        with pytest.raises(actions.WrongDeadline):
            actions.set_deadline(
                period=period, level="commune", timely_on=timely_on, locks_on=locks_on,
                version=period.version, by=scene.coordinator, now=NOW,
            )  # fmt: skip
    assert scene.assignment("east1", 1).due_on == due
    assert scene.period("2025-Q1").version == period.version
    move_deadline(scene, period.data_to)
    assert scene.assignment("east1", 1).due_on == period.data_to


def test_a_deadline_moved_in_time_is_the_one_that_counts(scene: Scene, due: dt.date) -> None:
    move_deadline(scene, due + 7 * DAY)
    assert scene.assignment("east1", 1).locks_on == due + 17 * DAY
    assert scene.assignment("health", 2).locks_on != due + 17 * DAY
    stamp_lateness(today=due + 2 * DAY, now=NOW)
    assert not any(code.startswith(("east1", "west1")) for code, _ in late())
    stamp_lateness(today=due + 8 * DAY, now=NOW)
    events = LatenessEvent.objects.filter(assignment__unit__code="east1")
    assert {event.deadline for event in events} == {due + 7 * DAY}


def test_a_deadline_moved_spares_what_is_reported_and_what_has_its_own_date(
    scene: Scene, due: dt.date
) -> None:
    scene.work("2025-Q3")
    period = scene.period("2025-Q3")
    Assignment.objects.filter(unit=scene.units["health"]).update(state="submitted")
    before = scene.assignment("health", 2, "2025-Q3").due_on
    actions.set_deadline(
        period=period,
        level="province",
        timely_on=dt.date(2025, 10, 10),
        locks_on=dt.date(2025, 10, 20),
        version=period.version,
        by=scene.coordinator,
        now=NOW,
    )
    dated = scene.assignment("home", 4)
    assert (dated.due_on, dated.locks_on) == (dt.date(2025, 9, 30), dt.date(2025, 10, 20))
    assert scene.assignment("health", 2, "2025-Q3").due_on == before


def test_reporting_after_the_stamp_stays_late(scene: Scene, due: dt.date) -> None:
    stamp_lateness(today=due + DAY, now=NOW)
    assignment = scene.assignment("east1", 1)
    for verb in ("update", "submit"):
        assignment = actions.change_state(
            assignment=assignment, verb=verb, version=assignment.version, by=scene.head, now=NOW
        )
    assert (assignment.state, assignment.is_late) == ("submitted", True)
    assert rollup.differences() == []


def test_more_than_one_round_stamps_them_all(
    scene: Scene, due: dt.date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lateness, "AT_MOST", 5)
    rounds = []
    while n := stamp_lateness(today=due + DAY, now=NOW):
        rounds.append(n)
    assert rounds == [5, 5, 2]
    assert rollup.differences() == []


def test_the_schedule_finds_what_is_late_through_an_index(scene: Scene, due: dt.date) -> None:
    """It asks every few seconds, over every assignment there ever was."""
    with CaptureQueriesContext(connection) as captured:
        assert stamp_lateness(today=due + DAY, now=NOW) == 12
    (query,) = (one["sql"] for one in captured.captured_queries if "valid_to" in one["sql"])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"{connection.ops.explain_query_prefix()} {query}")
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert "assignment_not_late" in plan
