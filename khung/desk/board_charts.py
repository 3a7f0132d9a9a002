"""The drawings of the board. Cells and bars lead down; the figures stand in the tables below."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

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
from khung.rules.expansion import LEVELS
from khung.rules.workflow import MARKS, OFFICIAL_CLASSES, STATES

# What the heat of a cell shows.
ACCEPTED, OVERDUE = "accepted", "overdue"
_STATE_PARTS = (
    ("accepted", True),
    ("submitted", False),
    ("in_progress", False),
    ("returned", False),
    ("not_started", False),
    ("exempt", False),
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


def address(**asked: object) -> str:
    """What is asked of the board, as a link from one board to another; empty values left out."""
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def level_label(level: str) -> str:
    """A level as a heading names it."""
    labels = {
        "province": gettext("Cấp tỉnh"),
        "district": gettext("Cấp huyện"),
        "commune": gettext("Cấp xã"),
        "village": gettext("Thôn, tổ dân phố"),
    }
    return labels.get(level, level)


def states_of_areas(board: Board, columns: Sequence[Column]) -> Chart:
    """How the work of each dimension stands, by state."""
    parts = [
        Part(gettext(STATES[state]), state, is_dark, MARKS[state])
        for state, is_dark in _STATE_PARTS
    ]
    rows = [
        StackedRow(
            Label(
                column.label,
                address(unit=board.unit.pk, period=board.period.code, dimension=column.dimension),
            ),
            [board.areas.get(column.code, Tally()).state(state) for state, _ in _STATE_PARTS],
        )
        for column in columns
    ]
    return stacked_bars(gettext("Trạng thái theo nội dung, số nhiệm vụ"), parts, rows)


def official_classes(board: Board) -> Chart:
    """The four official classes."""
    classes = board.total.classes
    counted = board.total.counted or 1
    items = [
        Bar(
            Label(part.name),
            classes[code],
            f"{number(classes[code])} ({percent(classes[code] / counted)})",
            part.tone,
        )
        for code, part in zip(OFFICIAL_CLASSES, class_parts(), strict=True)
    ]
    title = gettext("Phân loại chính thức, số nhiệm vụ")
    return bars(title, items, column=gettext("Số nhiệm vụ"))


def levels(board: Board) -> Chart:
    """The official classes by level of government."""
    rows = [
        StackedRow(Label(level_label(level)), list(board.levels[level].classes.values()))
        for level in LEVELS
        if level in board.levels
    ]
    return stacked_bars(gettext("Phân loại theo cấp, số nhiệm vụ"), class_parts(), rows)


def units_by_area(
    board: Board, rows: Sequence[BoardRow], columns: Sequence[Column], measure: str, title: str
) -> Chart:
    """The heat map: a row for each unit, a column for each dimension, everything a link."""
    here = address(unit=board.unit.pk, period=board.period.code)
    heads = [Label(it.label, f"{here}&dimension={it.dimension}") for it in columns]
    words = gettext(
        "%(accepted)d/%(counted)d đã công nhận, %(submitted)d chờ thẩm định, %(overdue)d quá hạn"
    )
    names: list[Label] = []
    cells: list[list[Cell | None]] = []
    for row in rows:
        link = f"?unit={row.unit.pk}&period={board.period.code}"
        place = "#nhiem-vu" if row.unit.pk == board.unit.pk else ""
        names.append(Label(row_name(board, row), f"{link}{place}"))
        cells.append(
            [
                _cell(
                    row.areas.get(it.code),
                    f"{row.unit.name}, {it.code}: {words}",
                    f"{link}&dimension={it.dimension}{place}",
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
