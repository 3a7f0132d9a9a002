"""Bars that start at zero, labelled directly."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from khung.base.charts.figure import (
    LETTER_WIDTH,
    Chart,
    Label,
    clipped,
    drawing,
    linked,
    table,
)
from khung.base.wording import number

WIDTH = 920
LABELS = 300
ROW = 32
THICK = 20
KEY = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, value, the value as readers see it, and its tone (a CSS class)."""

    label: Label
    value: float
    shown: str = ""
    tone: str = "accent"


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of segment of stacked bars: its name, its tone, white or dark figures on it."""

    name: str
    tone: str
    is_dark: bool = True
    mark: str = ""


@dataclass(frozen=True, slots=True)
class StackedRow:
    """One stacked bar: a value for each part, in the order of the parts."""

    label: Label
    values: Sequence[float]
    hrefs: Sequence[str] = ()


def bars(title: str, items: Sequence[Bar], *, maximum: float = 0, column: str = "") -> Chart:
    """Horizontal bars of one measure, from zero to `maximum` (the largest value if 0)."""
    top = maximum or max((item.value for item in items), default=0) or 1
    room = WIDTH - LABELS - 90
    drawn: list[str] = []
    for n, item in enumerate(items):
        y = n * ROW
        length = room * max(item.value, 0) / top
        shown = item.shown or number(item.value)
        drawn.append(_name(item.label, y))
        drawn.append(
            f'<rect class="tone-{escape(item.tone)}" x="{LABELS}" y="{y + 6}" '
            f'width="{length:.1f}" height="{THICK}"/>'
            f'<text class="strong" x="{LABELS + length + 8:.1f}" y="{y + 21}">'
            f"{escape(shown)}</text>"
        )
    height = max(len(items), 1) * ROW
    drawn.append(_axis(0, height))
    rows = [(item.label.text, item.shown or number(item.value)) for item in items]
    return Chart(title, drawing(title, WIDTH, height, drawn), table(title, ("", column), rows))


def stacked_bars(
    title: str, parts: Sequence[Part], rows: Sequence[StackedRow], *, is_share: bool = False
) -> Chart:
    """Bars made of parts: lengths are amounts, or each bar is the whole where `is_share`."""
    totals = [sum(row.values) for row in rows]
    top = max(totals, default=0) or 1
    room = WIDTH - LABELS - 70
    drawn, below = _key(parts)
    start = below
    for row, total in zip(rows, totals, strict=True):
        x = float(LABELS)
        drawn.append(_name(row.label, below))
        for n, (part, value) in enumerate(zip(parts, row.values, strict=True)):
            if value <= 0:
                continue
            length = room * value / ((total or 1) if is_share else top)
            href = row.hrefs[n] if row.hrefs else ""
            drawn.append(linked(href, _segment(row.label.text, part, value, x, below, length)))
            x += length
        drawn.append(
            f'<text x="{x + 8:.1f}" y="{below + 21}" class="strong">{number(total)}</text>'
        )
        below += ROW
    drawn.append(_axis(start, below))
    head = ["", *(part.name for part in parts), "Σ"]
    figures = [
        [row.label.text, *(number(value) for value in row.values), number(total)]
        for row, total in zip(rows, totals, strict=True)
    ]
    return Chart(title, drawing(title, WIDTH, below, drawn), table(title, head, figures))


def _segment(name: str, part: Part, value: float, x: float, y: float, length: float) -> str:
    figure = number(value)
    ground = "on-dark" if part.is_dark else "on-light"
    text = (
        f'<text class="mid {ground}" x="{x + length / 2:.1f}" y="{y + 21}">{figure}</text>'
        if length > (len(figure) + 1) * LETTER_WIDTH
        else ""
    )
    return (
        f'<rect class="tone-{escape(part.tone)}" x="{x:.1f}" y="{y + 6}" width="{length:.1f}" '
        f'height="{THICK}"><title>{escape(name)} – {escape(part.name)}: {figure}</title></rect>'
        f"{text}"
    )


def _key(parts: Sequence[Part]) -> tuple[list[str], int]:
    """The names of the parts above the bars, wrapped over lines; and where the bars begin."""
    drawn: list[str] = []
    x, y = float(LABELS), 0
    for part in parts:
        text = f"{part.mark} {part.name}".strip()
        width = 20 + (len(text) + 2) * LETTER_WIDTH
        if x + width > WIDTH and x > LABELS:
            x, y = float(LABELS), y + 22
        drawn.append(
            f'<rect class="tone-{escape(part.tone)}" x="{x:.1f}" y="{y + 3}" width="13" '
            f'height="13"/><text x="{x + 19:.1f}" y="{y + 14}">{escape(text)}</text>'
        )
        x += width
    return drawn, y + KEY


def _name(label: Label, y: float) -> str:
    text = escape(clipped(label.text, LABELS - 12))
    whole = f"<title>{escape(label.text)}</title>" if text != escape(label.text) else ""
    return linked(
        label.href, f'<text class="end" x="{LABELS - 12}" y="{y + 21}">{text}{whole}</text>'
    )


def _axis(top: float, bottom: float) -> str:
    return f'<line class="axis" x1="{LABELS}" x2="{LABELS}" y1="{top + 2:g}" y2="{bottom:g}"/>'
