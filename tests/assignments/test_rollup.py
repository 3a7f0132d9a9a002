"""The roll-up says what the assignments say, at any moment and after any change."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khung.assignments import actions, rollup
from khung.assignments.lateness import stamp_lateness
from khung.assignments.models import Assignment, Occasion, Period, RollUp, RollUpDelta
from khung.orgs.models import Unit
from khung.rules import workflow
from tests.assignments.scene import NOW, Scene, person, unit

QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")
Key = tuple[int, str, str, bool]
# What the plan of the board's question says where both tables are read through an index.
INDEXED = {
    "sqlite": (
        "SEARCH assignments_rollup USING INDEX sqlite_autoindex_assignments_rollup_1 "
        "(period_id=? AND unit_id=?)",
        "SEARCH assignments_rollupdelta USING INDEX delta_period_unit (period_id=? AND unit_id=?)",
    ),
    "postgresql": ("roll_up_cell", "delta_period_unit"),
}


def recounted(period: Period, by: str) -> Counter[Key]:
    """The truth by the longest way: each assignment counted in each unit above it."""
    found: Counter[Key] = Counter()
    for one in Assignment.objects.filter(counts_in=period).select_related("unit"):
        group = {"area": one.area, "dimension": one.area[0], "level": one.unit.level, "whole": ""}[
            by
        ]
        above: Unit | None = one.unit
        while above is not None:
            found[above.pk, group, one.state, one.is_late] += 1
            above = above.parent
    return found


def shown(period: Period, by: str) -> Counter[Key]:
    units = list(Unit.objects.values_list("pk", flat=True))
    rows = rollup.counts(period.pk, units, by=by)
    assert len({row[:-1] for row in rows}) == len(rows)
    return Counter({(row.unit_id, row.group, row.state, row.is_late): row.n for row in rows})


def assert_right() -> None:
    assert rollup.differences() == []
    for period in Period.objects.all():
        for by in rollup.GROUPS:
            assert shown(period, by) == recounted(period, by)


class Changes:
    """What may happen to assignments, each at random but the same for the same seed."""

    def __init__(self, scene: Scene, seed: int) -> None:
        self.scene = scene
        self.draw = random.Random(seed)  # noqa: S311 - the same for the same seed
        self.people = [scene.head, scene.coordinator, person("guide", scene.units["health"])]
        self.today = dt.date(2025, 1, 1)

    def expand(self) -> None:
        self.scene.work(self.draw.choice(QUARTERS))

    def add_unit(self) -> None:
        parent = self.scene.units[self.draw.choice(("east", "west"))]
        unit(f"new{Unit.objects.count()}", "Xã Mới", "commune", parent=parent)
        self.expand()

    def move(self) -> None:
        for _ in range(self.draw.randrange(6)):
            assignment = Assignment.objects.order_by("?").first()
            if assignment is None:
                return
            verb = self.draw.choice(workflow.allowed(assignment.state))
            for by in self.people:
                try:
                    actions.change_state(
                        assignment=assignment,
                        verb=verb,
                        version=assignment.version,
                        by=by,
                        now=NOW,
                        reason="Thử",
                    )
                except PermissionDenied:
                    continue
                break

    def stamp(self) -> None:
        self.today += dt.timedelta(days=self.draw.randrange(60))
        stamp_lateness(today=self.today, now=NOW)

    def open_occasion(self) -> None:
        actions.open_occasion(
            framework=self.scene.framework,
            kind="election",
            title="Bầu cử thử",
            starts_on=dt.date(2025, 2, 1),
            ends_on=dt.date(2025, self.draw.randrange(2, 13), 20),
            units=[self.scene.units[self.draw.choice(("east", "west1", "T"))]],
            by=self.scene.coordinator,
            now=NOW,
        )

    def close_occasion(self) -> None:
        occasion = Occasion.objects.filter(closed_at__isnull=True).first()
        if occasion is not None:
            actions.close_occasion(
                occasion=occasion, version=occasion.version, by=self.scene.coordinator, now=NOW
            )

    def end_unit(self) -> None:
        ending = Unit.objects.filter(code__startswith="new", valid_to__isnull=True).first()
        if ending is not None:
            ending.valid_to = self.today
            ending.save(update_fields=["valid_to"])
        actions.exempt_ended_units(
            today=self.today + dt.timedelta(days=1), by=self.scene.coordinator, now=NOW
        )

    def move_deadline(self) -> None:
        period = Period.objects.filter(kind="quarter").order_by("?").first()
        if period is not None:
            timely_on = period.data_to + dt.timedelta(days=self.draw.randrange(20))
            actions.set_deadline(
                period=period,
                level="commune",
                timely_on=timely_on,
                locks_on=timely_on + dt.timedelta(days=5),
                version=period.version,
                by=self.scene.coordinator,
                now=NOW,
            )

    def fold(self) -> None:
        rollup.fold()

    def rebuild(self) -> None:
        rollup.rebuild()

    def some(self, n: int) -> Iterator[str]:
        verbs = (
            *("move",) * 6, "expand", "add_unit", "stamp", "open_occasion", "close_occasion",
            "end_unit", "move_deadline", "fold", "fold", "rebuild",
        )  # fmt: skip
        for _ in range(n):
            verb = self.draw.choice(verbs)
            getattr(self, verb)()
            yield verb


@pytest.mark.parametrize("seed", range(6))
def test_after_random_changes_it_still_says_what_is_true(
    scene: Scene, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollup, "FOLD_AT_MOST", 40)
    changes = Changes(scene, seed)
    changes.expand()
    for verb in changes.some(30):
        assert rollup.differences() == [], verb
    assert_right()
    rollup.fold_all()
    assert not RollUpDelta.objects.exists()
    assert_right()
    rollup.rebuild()
    assert_right()


def test_folding_leaves_what_it_did_not_read(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.work("2025-Q1")
    waiting = RollUpDelta.objects.count()
    monkeypatch.setattr(rollup, "FOLD_AT_MOST", 7)
    assert rollup.fold() == 7
    assert RollUpDelta.objects.count() == waiting - 7
    assert_right()
    assert rollup.fold_all() == waiting - 7
    assert rollup.fold() == 0


def test_a_change_and_its_opposite_leave_no_count(scene: Scene) -> None:
    scene.work("2025-Q1")
    rollup.fold_all()
    assignment = scene.assignment("east1", 1)
    for verb in ("update", "submit", "withdraw"):
        assignment = actions.change_state(
            assignment=assignment, verb=verb, version=assignment.version, by=scene.head, now=NOW
        )
    found = rollup.counts(assignment.counts_in_id, [assignment.unit_id], by="area")
    assert {count.state for count in found} == {"not_started", "in_progress"}
    rollup.fold_all()
    assert rollup.counts(assignment.counts_in_id, [assignment.unit_id], by="area") == found


@pytest.mark.parametrize("damage", ["table", "delta", "period"])
def test_a_wrong_figure_is_found_and_mended(scene: Scene, damage: str) -> None:
    scene.work("2025-Q1")
    rollup.fold_all()
    if damage == "table":
        RollUp.objects.order_by("id")[:1].get().delete()
    elif damage == "period":
        RollUp.objects.create(
            unit_id=1, period_id=999, area="1.1", state="accepted", level="commune", n=3,
            is_late=False,
        )  # fmt: skip
    else:
        RollUp.objects.update(n=7)
    assert rollup.differences()
    rollup.rebuild()
    assert_right()


def test_rebuilding_keeps_waiting_changes_for_the_fold(scene: Scene) -> None:
    scene.work("2025-Q1")
    waiting = RollUpDelta.objects.count()
    rollup.rebuild()
    assert RollUpDelta.objects.count() == waiting
    assert_right()
    rollup.fold_all()
    assert_right()


def test_no_units_is_no_question() -> None:
    assert rollup.counts(1, [], by="area") == []
    assert rollup.counts_over([], [1], by="area") == []


def test_several_periods_are_the_same_figures_in_one_statement(scene: Scene) -> None:
    for code in QUARTERS[:2]:
        scene.work(code)
    rollup.fold_all()
    actions.change_state(
        assignment=scene.assignment("east1", 1, QUARTERS[1]),
        verb="update",
        version=None,
        by=scene.head,
        now=NOW,
    )
    periods = [scene.period(code).pk for code in QUARTERS[:2]]
    units = [scene.units["T"].pk, scene.units["east1"].pk]
    with CaptureQueriesContext(connection) as captured:
        found = rollup.counts_over(periods, units, by="dimension", dimension=1)
    assert len(captured) == 1
    for period in periods:
        alone = set(rollup.counts(period, units, by="dimension", dimension=1))
        assert {rollup.Count(*one[1:]) for one in found if one.period_id == period} == alone
        assert alone


@pytest.mark.django_db
@pytest.mark.parametrize("by", sorted(rollup.GROUPS))
def test_the_board_reads_through_the_indexes(by: str) -> None:
    """A table large enough that reading it whole would be the worse plan."""
    with connection.cursor() as cursor:
        for table in ("assignments_rollup", "assignments_rollupdelta"):
            cursor.execute(
                f"INSERT INTO {table} (unit_id, period_id, level, area, state, is_late, n) "  # noqa: S608
                "WITH RECURSIVE numbers(i) AS "
                "(SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < 19999) "
                "SELECT i % 1000, i / 1000, 'commune', '1.1', 'accepted', FALSE, 1 FROM numbers"
            )
            cursor.execute(f"ANALYZE {table}")
    with CaptureQueriesContext(connection) as captured:
        found = rollup.counts(3, list(range(100, 150)), by=by)
    assert sum(count.n for count in found) == 100
    (query,) = captured.captured_queries
    with connection.cursor() as cursor:
        cursor.execute(f"{connection.ops.explain_query_prefix()} {query['sql']}")
        plan = "\n".join(str(row) for row in cursor.fetchall())
    for one in INDEXED[connection.vendor]:
        assert one in plan
    assert "SCAN assignments_" not in plan
    assert "Seq Scan" not in plan
