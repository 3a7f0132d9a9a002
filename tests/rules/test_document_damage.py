"""Whatever a scan does to a good table, the reader gives the same tree or says that it doubts."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khung.rules.document import read
from tests.rules import seed
from tests.rules.damage import HEADER, Table, good_table, layout_doubts, substance

TASKS = seed.decision().tasks
EXPECTED = [substance(task) for task in TASKS]
USUAL_DOUBTS = layout_doubts(read(good_table(TASKS).source()))
PLACES = st.integers(0, len(TASKS) - 1)
SHORT = 3  # words; a cell of so few words mostly stays whole at a page break

few = settings(max_examples=25, deadline=None)


def check(table: Table) -> None:
    decision = read(table.source())
    found = [substance(task) for task in decision.tasks]
    assert found == EXPECTED or layout_doubts(decision) - USUAL_DOUBTS


def labels(table: Table) -> list[tuple[int, int]]:
    return [(r, c) for r, row in enumerate(table.rows) for c in (0, 1) if row[c]]


def move_label(table: Table, label: int, down: int, right: int) -> None:
    places = labels(table)
    row, column = places[label % len(places)]
    to_row = min(max(row + down, 0), len(table.rows) - 1)
    to_column = min(max(column + right, 0), len(HEADER) - 1)
    text, table.rows[row][column] = table.rows[row][column], ""
    table.rows[to_row][to_column] = f"{table.rows[to_row][to_column]} {text}".strip()


def random_cut(draw: Callable[[st.SearchStrategy[int]], int]) -> Callable[[int, int], int]:
    return lambda _, words: draw(st.integers(1, words)) if words > 1 else words


def test_a_good_table_gives_the_tree_it_was_made_from_without_doubts_of_layout() -> None:
    decision = read(good_table(TASKS).source())
    assert [substance(task) for task in decision.tasks] == EXPECTED
    slips = {"ocr_slip", "bracket_lost", "subdimensions_unnamed"}
    assert {key.split(":")[0] for key in USUAL_DOUBTS} <= slips


@given(st.sets(PLACES, max_size=30))
@few
def test_repeated_headers_change_nothing(tops: set[int]) -> None:
    table = good_table(TASKS)
    table.page_tops = tops
    decision = read(table.source())
    assert [substance(task) for task in decision.tasks] == EXPECTED
    assert layout_doubts(decision) == USUAL_DOUBTS


@given(st.sets(PLACES, min_size=1, max_size=6), st.booleans(), st.data())
@few
def test_rows_cut_at_any_word(places: set[int], short_stay: bool, data: st.DataObject) -> None:
    table = good_table(TASKS)
    cut = random_cut(data.draw)
    for place in sorted(places, reverse=True):
        table.cut(place, lambda c, n: n if short_stay and n <= SHORT else cut(c, n))
    check(table)


@given(PLACES, st.data())
@few
def test_cells_that_fall_wholly_on_the_next_page(place: int, data: st.DataObject) -> None:
    table = good_table(TASKS)
    table.cut(place, lambda _, words: data.draw(st.integers(0, words)))
    check(table)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 99), st.sampled_from([(0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (2, 0)])
        ),
        min_size=1,
        max_size=3,
    ),
    st.sets(PLACES, max_size=10),
)
@few
def test_labels_shifted_a_row_or_a_column(
    moves: list[tuple[int, tuple[int, int]]], tops: set[int]
) -> None:
    table = good_table(TASKS)
    table.page_tops = tops
    before = [list(row) for row in table.rows]
    for label, (down, right) in moves:
        move_label(table, label, down, right)
    if table.rows != before:
        check(table)


@given(PLACES, st.integers(0, 99), st.data())
@few
def test_a_cut_row_and_a_shifted_label_together(
    place: int, label: int, data: st.DataObject
) -> None:
    table = good_table(TASKS)
    move_label(table, label, 1, -1)
    table.cut(place, random_cut(data.draw))
    check(table)


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_label_cut_anywhere_is_put_together(cut: int) -> None:
    table = good_table(TASKS)
    first = EXPECTED.index(next(e for e in EXPECTED if e[1] == "8.1"))
    table.cut(first, lambda column, words: min(cut, words) if column < 2 else words - 1)
    decision = read(table.source())
    assert [substance(task) for task in decision.tasks] == EXPECTED
