"""Heat maps: many units × few columns, every cell a figure and a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from khung.base.charts.figure import Chart, Label, clipped, drawing, linked, table

LABELS = 240
CELL_HEIGHT = 30
LINE = 17
STEPS = 5


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
    width: int = 920,
) -> Chart:
    """`cells[row][column]`; None where there is nothing to count. Alarm: more heat is worse.

    Heat has a step for 0 and five steps up to 1; the figure in the cell says it without colour.
    """
    cell_width = (width - LABELS) / max(len(columns), 1)
    heads = [_wrapped(column.text, cell_width - 6) for column in columns]
    top = max((len(head) for head in heads), default=0) * LINE + 8
    drawn = [
        linked(column.href, _head(head, LABELS + cell_width * (n + 0.5), top))
        for n, (column, head) in enumerate(zip(columns, heads, strict=True))
    ]
    places = [f"{LABELS + cell_width * n:.1f}" for n in range(len(columns))]
    middles = [f"{LABELS + cell_width * (n + 0.5):.1f}" for n in range(len(columns))]
    size = f'width="{cell_width - 2:.1f}" height="{CELL_HEIGHT - 2}"'
    y = top
    for row, line in zip(rows, cells, strict=True):
        name = escape(clipped(row.text, LABELS - 12))
        drawn.append(
            linked(row.href, f'<text class="end" x="{LABELS - 12}" y="{y + 19}">{name}</text>')
        )
        for place, middle, cell in zip(places, middles, line, strict=True):
            drawn.append(_cell(cell, place, middle, y, size))
        y += CELL_HEIGHT
    kind = "heat alarm" if is_alarm else "heat"
    figures = (
        [row.text, *(cell.shown if cell else "–" for cell in line)]
        for row, line in zip(rows, cells, strict=True)
    )
    head = ["", *(column.text for column in columns)]
    return Chart(title, drawing(title, width, y, drawn, kind=kind), table(title, head, figures))


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


def _head(lines: Sequence[str], x: float, bottom: int) -> str:
    first = bottom - 8 - (len(lines) - 1) * LINE
    return "".join(
        f'<text class="mid" x="{x:.1f}" y="{first + n * LINE}">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )


def _wrapped(text: str, width: float) -> list[str]:
    """The words of a column's name over at most four lines."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and clipped(joined, width) == joined:
            lines[-1] = joined
        else:
            lines.append(word)
    return [clipped(line, width) for line in lines[:4]]
