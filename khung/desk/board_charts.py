"""The drawings of the board. Cells and bars lead down; the figures stand in the tables below."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from khung.assignments.board import Board, BoardRow, Tally
from khung.base.charts import (
    Bar,
    Cell,
    Chart,
    Label,
    Part,
    StackedRow,
    bars,
    class_parts,
    heat_map,
    stacked_bars,
)
from khung.base.wording import number, percent
from khung.desk.board_labels import level_label, state_label
from khung.desk.board_links import asking, list_address
from khung.rules.expansion import LEVELS
from khung.rules.workflow import MARKS, NOTHING_AROSE, OFFICIAL_CLASSES

# What the heat of a cell shows.
ACCEPTED, OVERDUE = "accepted", "overdue"
# States in the order of their bars, and whether white figures stand on them. What is let off and
# what did not arise come last: they are in no share.
_STATE_PARTS = (
    ("accepted", True),
    ("submitted", False),
    ("in_progress", False),
    ("returned", False),
    ("not_started", False),
    ("exempt", False),
    (NOTHING_AROSE, False),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A dimension, or a sub-dimension of the chosen one."""

    code: str
    name: str
    dimension: int

    @property
    def label(self) -> str:
        return f"{self.code}. {self.name}" if self.name else self.code

    @property
    def condition(self) -> tuple[str, str]:
        """The condition of a list of what stands in this column."""
        return ("area" if "." in self.code else "dimension"), self.code


def states_of_areas(board: Board, columns: Sequence[Column]) -> Chart:
    """How the work of each dimension stands, by state; each part leads to its assignments."""
    parts = [
        Part(state_label(state), state, is_dark, MARKS.get(state, ""))
        for state, is_dark in _STATE_PARTS
    ]
    unit, period = board.unit.pk, board.period.code
    rows = []
    for column in columns:
        name, value = column.condition
        behind = list_address(unit=unit, period=period, **{name: value})
        tally = board.areas.get(column.code, Tally())
        rows.append(
            StackedRow(
                Label(column.label, asking(unit=unit, period=period, dimension=column.dimension)),
                [tally.state(state) for state, _ in _STATE_PARTS],
                [f"{behind}&state={state}" for state, _ in _STATE_PARTS],
            )
        )
    return stacked_bars(gettext("Trạng thái theo nội dung, số nhiệm vụ"), parts, rows)


def official_classes(board: Board, dimension: int | None) -> Chart:
    """The four official classes."""
    classes = board.total.classes
    counted = board.total.counted or 1
    behind = list_address(unit=board.unit.pk, period=board.period.code, dimension=dimension)
    items = [
        Bar(
            Label(part.name, f"{behind}&class={code}"),
            classes[code],
            f"{number(classes[code])} ({percent(classes[code] / counted)})",
            part.tone,
        )
        for code, part in zip(OFFICIAL_CLASSES, class_parts(), strict=True)
    ]
    title = gettext("Phân loại chính thức, số nhiệm vụ")
    return bars(title, items, column=gettext("Số nhiệm vụ"))


def levels(board: Board, dimension: int | None) -> Chart:
    """The official classes by level of government."""
    behind = list_address(unit=board.unit.pk, period=board.period.code, dimension=dimension)
    rows = [
        StackedRow(
            Label(level_label(level), f"{behind}&level={level}"),
            list(board.levels[level].classes.values()),
            [f"{behind}&level={level}&class={code}" for code in OFFICIAL_CLASSES],
        )
        for level in LEVELS
        if level in board.levels
    ]
    return stacked_bars(gettext("Phân loại theo cấp, số nhiệm vụ"), class_parts(), rows)


def units_by_area(
    board: Board, rows: Sequence[BoardRow], columns: Sequence[Column], measure: str, title: str
) -> Chart:
    """The heat map: names lead to the unit's board, heads to the dimension's, cells to the
    assignments they count."""
    here = asking(unit=board.unit.pk, period=board.period.code)
    heads = [Label(it.label, f"{here}&dimension={it.dimension}") for it in columns]
    words = gettext(
        "%(accepted)d/%(counted)d đã công nhận, %(submitted)d chờ thẩm định, %(overdue)d quá hạn"
    )
    narrowed_to = "&overdue=1" if measure == OVERDUE else "&class=counted"
    names: list[Label] = []
    cells: list[list[Cell | None]] = []
    for row in rows:
        is_own = row.unit.pk == board.unit.pk
        behind = list_address(unit=row.unit.pk, period=board.period.code, own=is_own)
        names.append(
            Label(
                row_name(board, row),
                behind if is_own else f"?unit={row.unit.pk}&period={board.period.code}",
            )
        )
        cells.append(
            [
                _cell(
                    row.areas.get(it.code),
                    f"{row.unit.name}, {it.code}: {words}",
                    f"{behind}&{'='.join(it.condition)}{narrowed_to}",
                    measure,
                )
                for it in columns
            ]
        )
    return heat_map(title, names, heads, cells, is_alarm=measure == OVERDUE)


def row_name(board: Board, row: BoardRow) -> str:
    """The unit's name; the board's own unit says that only its own work is meant."""
    if row.unit.pk == board.unit.pk and len(board.rows) > 1:
        return gettext("Riêng %(unit)s") % {"unit": row.unit.name}
    return row.unit.name


def _cell(tally: Tally | None, words: str, href: str, measure: str) -> Cell | None:
    if tally is None:
        return None
    counted, accepted, submitted, overdue = tally.figures()
    met = overdue if measure == OVERDUE else accepted
    # Nothing counts where all are exempt.
    share, shown = (met / counted, f"{met}/{counted}") if counted else (0.0, "–")
    title = words % {
        "accepted": accepted,
        "counted": counted,
        "submitted": submitted,
        "overdue": overdue,
    }
    return Cell(share, shown, href, title)
