"""The subtree roll-up: how many assignments stand where, for a unit and all below it.

Each change of an assignment appends deltas in its own transaction (`append`), so writers never
wait for one another. `fold` adds them to the table and deletes exactly those it read. The board
reads table and unfolded deltas in one statement (`counts`), so it is right at any moment.
`rebuild` and `differences` count the assignments themselves.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from khung.assignments.models import Assignment, RollUp, RollUpDelta
from khung.base import bulk
from khung.base.locks import named_lock

LOCK = "roll-up"
FOLD_AT_MOST = 20_000
_CHUNK = 5_000


class Cell(NamedTuple):
    """The key of a count."""

    unit_id: int
    period_id: int
    level: str
    area: str
    state: str
    is_late: bool


_COLUMNS = (*Cell._fields, "n")


class Standing(NamedTuple):
    """Where one assignment stands: what its deltas are made of."""

    path: str
    period_id: int
    level: str
    area: str
    state: str
    is_late: bool


def spread(standing: Standing) -> Iterator[Cell]:
    """The cells an assignment counts in: its unit's and those of every unit above."""
    for unit_id in standing.path.strip("/").split("/"):
        yield Cell(int(unit_id), *standing[1:])


def append(changes: Iterable[tuple[Standing, int]]) -> None:
    """Writes deltas for (standing, +n or -n), summed by cell, in the change's transaction."""
    sums: Counter[Cell] = Counter()
    for standing, n in changes:
        for cell in spread(standing):
            sums[cell] += n
    bulk.insert(RollUpDelta, _COLUMNS, ((*cell, n) for cell, n in sums.items() if n))


def fold() -> int:
    """Adds waiting deltas to the table, deletes those and no others; returns how many."""
    with named_lock(LOCK):
        ids = list(RollUpDelta.objects.order_by("id").values_list("id", flat=True)[:FOLD_AT_MOST])
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            _add(chunk)
            RollUpDelta.objects.filter(id__in=chunk).delete()
    return len(ids)


def fold_all() -> int:
    """Folds until nothing waits; returns how many deltas were folded."""
    folded = 0
    while n := fold():
        folded += n
    return folded


def _add(ids: Sequence[int]) -> None:
    """Adds these deltas to the table's cells."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO assignments_rollup (unit_id, period_id, level, area, state, is_late, n)
            SELECT unit_id, period_id, level, area, state, is_late, SUM(n)
              FROM assignments_rollupdelta WHERE id IN ({", ".join(["%s"] * len(ids))})
             GROUP BY unit_id, period_id, level, area, state, is_late HAVING SUM(n) <> 0
            ON CONFLICT (period_id, unit_id, level, area, state, is_late)
            DO UPDATE SET n = assignments_rollup.n + excluded.n
            """,  # noqa: S608
            ids,
        )


# One statement, so that all three are read from one snapshot on both databases.
_EVERYTHING = """
    SELECT 'truth', a.path, 0, u.level, a.area,
           CASE WHEN a.state = 'accepted' AND a.nothing_arose THEN 'nothing_arose' ELSE a.state END,
           a.is_late, COUNT(*)
      FROM assignments_assignment a JOIN orgs_unit u ON u.id = a.unit_id
     WHERE a.counts_in_id = %s
     GROUP BY a.path, u.level, a.area, 6, a.is_late
    UNION ALL
    SELECT 'delta', '', unit_id, level, area, state, is_late, SUM(n)
      FROM assignments_rollupdelta
     WHERE period_id = %s
     GROUP BY unit_id, level, area, state, is_late
    UNION ALL
    SELECT 'table', '', unit_id, level, area, state, is_late, n
      FROM assignments_rollup
     WHERE period_id = %s
"""


def _count_everything(period_id: int) -> dict[str, Counter[Cell]]:
    found: dict[str, Counter[Cell]] = {"truth": Counter(), "delta": Counter(), "table": Counter()}
    with connection.cursor() as cursor:
        cursor.execute(_EVERYTHING, [period_id] * 3)
        for origin, path, unit_id, level, area, state, is_late, n in cursor:
            if origin == "truth":
                standing = Standing(path, period_id, level, area, state, bool(is_late))
                for cell in spread(standing):
                    found["truth"][cell] += n
            else:
                cell = Cell(unit_id, period_id, level, area, state, bool(is_late))
                found[origin][cell] += int(n)
    return found


def _periods() -> list[int]:
    """Every period that is counted anywhere. Their cells are apart, so each is done by itself."""
    counted: tuple[QuerySet[Any, int], ...] = (
        Assignment.objects.values_list("counts_in_id", flat=True),
        RollUp.objects.values_list("period_id", flat=True),
        RollUpDelta.objects.values_list("period_id", flat=True),
    )
    return sorted({period_id for rows in counted for period_id in rows.order_by().distinct()})


def differences() -> list[tuple[Cell, int, int]]:
    """Cells where table plus deltas differ from the truth, as (cell, shown, true)."""
    found = []
    for period_id in _periods():
        counted = _count_everything(period_id)
        shown, truth = counted["table"], counted["truth"]
        shown.update(counted["delta"])
        found += [
            (cell, shown[cell], truth[cell])
            for cell in sorted(shown.keys() | truth.keys())
            if shown[cell] != truth[cell]
        ]
    return found


def rebuild() -> int:
    """Makes the table anew from the assignments; waiting deltas stay and are folded later.

    One period at a time, so that writers wait for a short while only. Returns the number of
    cells written.
    """
    written = 0
    for period_id in _periods():
        with named_lock(LOCK):
            found = _count_everything(period_id)
            cells = found["truth"]
            cells.subtract(found["delta"])
            RollUp.objects.filter(period_id=period_id).delete()
            rows = ((*cell, n) for cell, n in cells.items() if n)
            written += bulk.insert(RollUp, _COLUMNS, rows)
    return written


class Count(NamedTuple):
    """A count for the board: what a unit's subtree holds, in one standing."""

    unit_id: int
    group: str
    state: str
    is_late: bool
    n: int


# What the board may tell apart. A sub-dimension's area begins with its dimension's digit.
GROUPS = {
    "area": "area",
    "dimension": "SUBSTR(area, 1, 1)",
    "level": "level",
    "whole": "SUBSTR(area, 1, 0)",
}


class PeriodCount(NamedTuple):
    """A count as above, of one of several periods."""

    period_id: int
    unit_id: int
    group: str
    state: str
    is_late: bool
    n: int


def counts(
    period_id: int, unit_ids: Sequence[int], *, by: str, dimension: int | None = None
) -> list[Count]:
    """Counts of these units' subtrees in a period, table and unfolded deltas together.

    `by` is a key of GROUPS; with a dimension, only what belongs to it. One statement, so that a
    fold between two readings can't show.
    """
    return [
        Count(unit_id, name, state, bool(late), int(n))
        for _, unit_id, name, state, late, n in _counted([period_id], unit_ids, by, dimension)
    ]


def counts_over(
    period_ids: Sequence[int], unit_ids: Sequence[int], *, by: str, dimension: int | None = None
) -> list[PeriodCount]:
    """The same over several periods, still in one statement."""
    return [
        PeriodCount(period_id, unit_id, name, state, bool(late), int(n))
        for period_id, unit_id, name, state, late, n in _counted(
            period_ids, unit_ids, by, dimension
        )
    ]


def _counted(
    period_ids: Sequence[int], unit_ids: Sequence[int], by: str, dimension: int | None
) -> list[tuple[Any, ...]]:
    if not unit_ids or not period_ids:
        return []
    group = GROUPS[by]
    periods = "= %s" if len(period_ids) == 1 else f"IN ({', '.join(['%s'] * len(period_ids))})"
    where = f"WHERE period_id {periods} AND unit_id IN ({', '.join(['%s'] * len(unit_ids))})"
    parameters: list[int | str] = [*period_ids, *unit_ids]
    if dimension is not None:
        where += f" AND {GROUPS['dimension']} = %s"
        parameters.append(str(dimension))
    columns = "period_id, unit_id, level, area, state, is_late, n"
    sql = (
        f"SELECT period_id, unit_id, {group}, state, is_late, SUM(n) FROM ("  # noqa: S608
        f"SELECT {columns} FROM assignments_rollup {where} "
        f"UNION ALL SELECT {columns} FROM assignments_rollupdelta {where}) AS standing "
        f"GROUP BY period_id, unit_id, {group}, state, is_late HAVING SUM(n) <> 0"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters * 2)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
