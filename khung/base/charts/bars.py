"""Bars that start at zero, each under its own name and figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString

from khung.base import marks
from khung.base.charts.figure import (
    LETTER_WIDTH,
    WIDTH,
    Chart,
    Label,
    drawing,
    linked,
    table,
)
from khung.base.wording import number

ROW = 50
NAME = 15
TOP = 21
THICK = 18
PHONE = 340


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, value, the value as readers see it, and its tone (a CSS class)."""

    label: Label
    value: float
    shown: str = ""
    tone: str = "accent"


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of segment of stacked bars: its name, its tone, white or dark figures on it.

    A part with a mark is a state of work: the key shows the state's shape too.
    """

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
    drawn: list[str] = []
    for n, item in enumerate(items):
        length = 100 * max(item.value, 0) / top
        drawn += _head(item.label, item.shown or number(item.value), n * ROW)
        drawn.append(
            f'<rect class="tone-{escape(item.tone)}" x="0" y="{n * ROW + TOP}" '
            f'width="{length:.2f}%" height="{THICK}"/>'
        )
    rows = [(item.label.text, item.shown or number(item.value)) for item in items]
    svg = drawing(title, len(items) * ROW, drawn, "bars")
    return Chart(title, svg, table(title, ("", column), rows))


def stacked_bars(
    title: str, parts: Sequence[Part], rows: Sequence[StackedRow], *, is_share: bool = False
) -> Chart:
    """Bars made of parts: lengths are amounts, or each bar is the whole where `is_share`."""
    totals = [sum(row.values) for row in rows]
    top = max(totals, default=0) or 1
    drawn: list[str] = []
    for n, (row, total) in enumerate(zip(rows, totals, strict=True)):
        drawn += _head(row.label, number(total), n * ROW)
        whole, x = (total or 1) if is_share else top, 0.0
        for place, (part, value) in enumerate(zip(parts, row.values, strict=True)):
            if value > 0:
                length = 100 * value / whole
                segment = _segment(row.label.text, part, value, x, n * ROW + TOP, length)
                drawn.append(linked(row.hrefs[place] if row.hrefs else "", segment))
                x += length
    head = ["", *(part.name for part in parts), "Σ"]
    figures = [
        [row.label.text, *(number(value) for value in row.values), number(total)]
        for row, total in zip(rows, totals, strict=True)
    ]
    svg = drawing(title, len(rows) * ROW, drawn, "bars")
    return Chart(title, svg, table(title, head, figures), _key(parts))


def _head(label: Label, figure: str, y: float) -> tuple[str, str]:
    """The name above a bar on the left, its figure on the right."""
    name = linked(label.href, f'<text x="0" y="{y + NAME}">{escape(label.text)}</text>')
    return name, f'<text class="end strong" x="100%" y="{y + NAME}">{escape(figure)}</text>'


def _segment(name: str, part: Part, value: float, x: float, y: float, length: float) -> str:
    """One part of a bar; its figure stands in it where it fits, and on a phone where it fits."""
    figure = number(value)
    needed = (len(figure) + 1) * LETTER_WIDTH
    text = ""
    if length / 100 * WIDTH > needed:
        ground = "on-dark" if part.is_dark else "on-light"
        only = "" if length / 100 * PHONE > needed else " not-on-phone"
        middle = f'x="{x + length / 2:.2f}%" y="{y + 14}"'
        text = f'<text class="mid {ground}{only}" {middle}>{figure}</text>'
    return (
        f'<rect class="tone-{escape(part.tone)}" x="{x:.2f}%" y="{y}" width="{length:.2f}%" '
        f'height="{THICK}"><title>{escape(name)} – {escape(part.name)}: {figure}</title></rect>'
        f"{text}"
    )


def _key(parts: Sequence[Part]) -> SafeString:
    """The names of the parts beside their colours."""
    names = "".join(
        f'<li><svg class="swatch" width="13" height="13" aria-hidden="true">'
        f'<rect class="tone-{escape(part.tone)}" width="13" height="13"/></svg>'
        f"{marks.mark(part.tone) if part.mark else ''}{escape(part.name)}</li>"
        for part in parts
    )
    return SafeString(f'<ul class="key">{names}</ul>')
