"""Heat maps: many units × few columns, every cell a figure and a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from khung.base.charts.figure import Chart, Label, clipped, drawing, linked, table, wrapped

# Names take a quarter of the width, cells the rest.
NAMES = 26
LONGEST_NAME = 235
CELL_HEIGHT = 30
LINE = 17
STEPS = 5
# The column heads come again after so many rows: a drawing cannot keep them in sight.
HEADS_AGAIN = 25


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: `share` (0–1) sets the heat, `shown` is read, `title` says it in words."""

    share: float
    shown: str
    href: str = ""
    title: str = ""


def heat_map(
    title: str,
    rows: Sequence[Label],
    columns: Sequence[Label],
    cells: Sequence[Sequence[Cell | None]],
    *,
    is_alarm: bool = False,
) -> Chart:
    """`cells[row][column]`; None where there is nothing to count. Alarm: more heat is worse.

    Heat has a step for 0 and five steps up to 1; the figure in the cell says it without colour.
    """
    step = (100 - NAMES) / max(len(columns), 1)
    places = [f"{NAMES + step * n:.2f}%" for n in range(len(columns))]
    middles = [f"{NAMES + step * (n + 0.5):.2f}%" for n in range(len(columns))]
    size = f'width="{step - 0.25:.2f}%" height="{CELL_HEIGHT - 2}"'
    heads = [wrapped(column.text, step * 7, 7) for column in columns]
    room = max((len(head) for head in heads), default=0) * LINE + 8
    drawn: list[str] = []
    y = 0
    for n, (row, line) in enumerate(zip(rows, cells, strict=True)):
        if n % HEADS_AGAIN == 0 and (n == 0 or len(rows) - n > HEADS_AGAIN // 3):
            y += room
            drawn += [
                linked(column.href, _head(head, middle, y))
                for column, head, middle in zip(columns, heads, middles, strict=True)
            ]
        name = escape(clipped(row.text, LONGEST_NAME))
        drawn.append(linked(row.href, f'<text x="0" y="{y + 19}">{name}</text>'))
        for place, middle, cell in zip(places, middles, line, strict=True):
            drawn.append(_cell(cell, place, middle, y, size))
        y += CELL_HEIGHT
    kind = "heat alarm" if is_alarm else "heat"
    figures = (
        [row.text, *(cell.shown if cell else "–" for cell in line)]
        for row, line in zip(rows, cells, strict=True)
    )
    head = ["", *(column.text for column in columns)]
    return Chart(title, drawing(title, y, drawn, kind), table(title, head, figures))


def _cell(cell: Cell | None, x: str, middle: str, y: int, size: str) -> str:
    if cell is None:
        return f'<rect class="none" x="{x}" y="{y}" {size}/>'
    step = 0 if cell.share <= 0 else min(STEPS, int(cell.share * STEPS - 1e-9) + 1)
    ground = " on-dark" if step >= STEPS - 1 else ""
    inner = (
        f'<rect class="s{step}" x="{x}" y="{y}" {size}/>'
        f'<text class="cell mid{ground}" x="{middle}" y="{y + 19}">{escape(cell.shown)}</text>'
    )
    if cell.title:
        inner = f"<title>{escape(cell.title)}</title>{inner}"
    return linked(cell.href, inner) if cell.href else f"<g>{inner}</g>"


def _head(lines: Sequence[str], x: str, bottom: int) -> str:
    first = bottom - 8 - (len(lines) - 1) * LINE
    return "".join(
        f'<text class="mid" x="{x}" y="{first + n * LINE}">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )
