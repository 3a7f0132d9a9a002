"""Heat maps: many units × few columns, every cell a figure and a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext

from khung.base.charts.figure import LETTER_WIDTH, Chart, Label, drawing, linked, table, wrapped

# Names take a fifth of the width, cells the rest; the style sheet keeps a drawing wide enough
# for LONGEST_NAME in that fifth, longer names go on below.
NAMES = 20
LONGEST_NAME = 134
NAME_LINES = 3
CELL_HEIGHT = 30
LINE = 17
NAME_LINE = 15
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
    width = f"{step - 0.25:.2f}%"
    heads = [wrapped(column.text, step * 6.7, 7) for column in columns]
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
        name, height = _name(row.text, y)
        drawn.append(linked(row.href, name))
        size = f'width="{width}" height="{height - 2}"'
        for place, middle, cell in zip(places, middles, line, strict=True):
            drawn.append(_cell(cell, place, middle, y, size, y + height // 2 + 4))
        y += height
    kind = "heat alarm" if is_alarm else "heat"
    figures = (
        [row.text, *(cell.shown if cell else "–" for cell in line)]
        for row, line in zip(rows, cells, strict=True)
    )
    head = ["", *(column.text for column in columns)]
    # Told where the drawing is wider than the screen.
    words = gettext("Vuốt ngang để xem đủ các cột.")
    hint = f'<p class="swipe">{escape(words)}</p>'
    return Chart(title, drawing(title, y, drawn, kind), table(title, head, figures), hint)


def _name(text: str, y: int) -> tuple[str, int]:
    """The name of a row, over several lines where it is long, and how high the row is then."""
    if len(text) * LETTER_WIDTH <= LONGEST_NAME:
        return f'<text x="0" y="{y + 19}">{escape(text)}</text>', CELL_HEIGHT
    lines = wrapped(text, LONGEST_NAME, NAME_LINES)
    spans = "".join(
        f'<tspan x="0" y="{y + 12 + n * NAME_LINE}">{escape(line)} </tspan>'
        for n, line in enumerate(lines)
    )
    return f"<text>{spans}</text>", max(CELL_HEIGHT, len(lines) * NAME_LINE + 4)


def _cell(cell: Cell | None, x: str, middle: str, y: int, size: str, base: int) -> str:
    if cell is None:
        return f'<rect class="none" x="{x}" y="{y}" {size}/>'
    step = 0 if cell.share <= 0 else min(STEPS, int(cell.share * STEPS - 1e-9) + 1)
    ground = " on-dark" if step >= STEPS - 1 else ""
    inner = (
        f'<rect class="s{step}" x="{x}" y="{y}" {size}/>'
        f'<text class="cell mid{ground}" x="{middle}" y="{base}">{escape(cell.shown)}</text>'
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
