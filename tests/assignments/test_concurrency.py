"""Many people at once: nothing lost, nothing counted twice, nobody turned away by a lock."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from khung.assignments import actions, rollup
from khung.assignments.lateness import stamp_lateness
from khung.assignments.models import Assignment, LatenessEvent, RollUpDelta
from khung.base.models import AuditEvent
from khung.base.versions import StaleRecord
from khung.rules.workflow import NotAllowed
from tests.assignments.scene import NOW, Scene

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 16


def at_once(*works: Callable[[], None]) -> None:
    """Runs each in a thread of its own, with a connection of its own; raises what one raised."""

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(run, work) for work in works]:
            future.result()


def folding(until: threading.Event) -> None:
    while not until.wait(0.01):
        rollup.fold()


def move(scene: Scene, pk: int, verb: str) -> bool:
    """Tries to move an assignment as it was just read; whether it did."""
    assignment = Assignment.objects.get(pk=pk)
    try:
        actions.change_state(
            assignment=assignment, verb=verb, version=assignment.version, by=scene.head, now=NOW
        )
    except (StaleRecord, NotAllowed):
        return False
    return True


def test_changes_of_many_while_another_folds_lose_nothing(scene: Scene) -> None:
    scene.work("2025-Q1")
    rollup.fold_all()
    own = list(Assignment.objects.order_by("id").values_list("pk", flat=True))[:THREADS]
    shared = own[0]
    moved: Counter[int] = Counter()
    guard, done = threading.Lock(), threading.Event()
    at_work = [THREADS]

    def worker(pk: int) -> None:
        try:
            for verb in ("update", "submit", "withdraw", "submit"):
                for target in {pk, shared}:
                    if move(scene, target, verb):
                        with guard:
                            moved[target] += 1
        finally:
            with guard:
                at_work[0] -= 1
                if not at_work[0]:
                    done.set()

    at_once(
        *(lambda pk=pk: worker(pk) for pk in own),
        lambda: folding(done),
    )
    for assignment in Assignment.objects.filter(pk__in=own):
        assert assignment.version == 1 + moved[assignment.pk]
    for pk in own[1:]:
        assert Assignment.objects.get(pk=pk).state == "submitted"
    changes = AuditEvent.objects.filter(verb__startswith="assignment.")
    assert changes.count() == sum(moved.values())
    assert rollup.differences() == []
    rollup.fold_all()
    assert rollup.differences() == []


def test_folding_deletes_only_what_it_read(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that commits between the reading and the deleting of a fold is not swept away.

    SQLite lets one writer in at a time: there the change waits, and comes after.
    """
    scene.work("2025-Q1")
    assignment = scene.assignment("east1", 1)
    reading, changed = threading.Event(), threading.Event()
    add = rollup._add

    def slow_add(ids: Sequence[int]) -> None:
        reading.set()
        changed.wait(5 if connection.vendor == "postgresql" else 0.2)
        if connection.vendor == "postgresql":
            assert changed.is_set()
        add(ids)

    monkeypatch.setattr(rollup, "_add", slow_add)
    waiting = RollUpDelta.objects.count()

    def change() -> None:
        reading.wait(5)
        assert move(scene, assignment.pk, "update")
        changed.set()

    def fold() -> None:
        assert rollup.fold() == waiting

    at_once(fold, change)
    # The unit, its district and the province, each once less and once more.
    assert RollUpDelta.objects.count() == 6
    assert rollup.differences() == []


def test_two_at_the_same_period_make_it_once(scene: Scene) -> None:
    at_once(*(lambda: void(scene.work("2025-Q1")) for _ in range(4)))
    assert Assignment.objects.count() == 19
    assert rollup.differences() == []


def test_closing_work_does_not_overwrite_a_report_just_begun(scene: Scene) -> None:
    """Whichever of the two comes first, states and figures agree."""
    scene.work("2025-Q1")
    today = scene.assignment("east1", 1).due_on
    for code in ("east1", "west1"):
        scene.units[code].valid_to = scene.period("2025-Q1").starts_on
        scene.units[code].save(update_fields=["valid_to"])
    pks = list(
        Assignment.objects.filter(unit__code__in=("east1", "west1")).values_list("pk", flat=True)
    )
    closed: list[int] = []

    def close() -> None:
        closed.append(actions.exempt_ended_units(today=today, by=scene.coordinator, now=NOW))

    at_once(
        close,
        *(lambda pk=pk: void(move(scene, pk, "update")) for pk in pks),
    )
    exempt = Assignment.objects.filter(pk__in=pks, state="exempt")
    assert exempt.count() == closed[0] == len(pks)
    assert rollup.differences() == []


def test_stamping_twice_at_once_stamps_once(scene: Scene) -> None:
    scene.work("2025-Q1")
    today = scene.assignment("health", 2).locks_on
    stamped: list[int] = []

    def stamp() -> None:
        stamped.append(stamp_lateness(today=today, now=NOW))

    at_once(stamp, stamp, stamp)
    late = Assignment.objects.filter(is_late=True).count()
    assert sum(stamped) == late == LatenessEvent.objects.count() == 15
    assert rollup.differences() == []


def void(_: object) -> None:
    """Lets an expression stand where a function without a result is asked for."""
