"""Small multiples: the same little chart for each of several things, all on one scale from 0 to 1.

Each panel is a drawing of its own, so that the style sheet can set four in a row or one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString

from khung.base.charts.figure import Chart, Label, linked, table
from khung.base.wording import percent

HEIGHT = 84
TOP = 18
FOOT = 20
# Narrower bars have no room for their figures or their names: the ends say them then.
MOST_FIGURES, MOST_NAMES = 8, 5
PANEL_WIDTH = 240


@dataclass(frozen=True, slots=True)
class Panel:
    """One little chart: its name, a share for each column (None: nothing to count), and where
    each column leads."""

    label: Label
    shares: Sequence[float | None]
    hrefs: Sequence[str] = ()


def small_multiples(
    title: str, columns: Sequence[str], panels: Sequence[Panel], *, tone: str = "accepted"
) -> Chart:
    """Panels of bars, one bar a column, oldest first, every bar measured from 0 to 100%."""
    drawn = "".join(_panel(columns, panel, tone) for panel in panels)
    rows = [
        [panel.label.text, *("–" if it is None else percent(it) for it in panel.shares)]
        for panel in panels
    ]
    svg = SafeString(f'<div class="multiples">{drawn}</div>')
    return Chart(title, svg, table(title, ["", *columns], rows))


def _panel(columns: Sequence[str], panel: Panel, tone: str) -> str:
    step = 100 / max(len(columns), 1)
    parts: list[str] = []
    for n, (column, share) in enumerate(zip(columns, panel.shares, strict=True)):
        middle = f"{step * (n + 0.5):.2f}%"
        is_last = n == len(columns) - 1
        is_told = is_last or len(columns) <= MOST_FIGURES
        said = "–" if share is None else percent(share)
        hint = f"<title>{escape(panel.label.text)}, {escape(column)}: {said}</title>"
        bar = _bar(share, step * (n + 0.15), step * 0.7, tone)
        top = HEIGHT - 5 - (HEIGHT - TOP) * _inside(share)
        figure = f'<text class="mid" x="{middle}" y="{top:.1f}">{said}</text>' if is_told else ""
        parts.append(linked(panel.hrefs[n] if panel.hrefs else "", f"<g>{hint}{bar}{figure}</g>"))
        if is_last or n == 0 or len(columns) <= MOST_NAMES:
            named = f'<text class="mid soft" x="{middle}" y="{HEIGHT + 15}">{escape(column)}</text>'
            parts.append(named)
    parts.append(f'<line class="axis" x1="0" x2="100%" y1="{HEIGHT}" y2="{HEIGHT}"/>')
    name = escape(panel.label.text)
    return (
        f'<div class="panel"><p>{linked(panel.label.href, name)}</p>'
        f'<svg class="columns" width="{PANEL_WIDTH}" height="{HEIGHT + FOOT}" role="group" '
        f'aria-label="{name}">{"".join(parts)}</svg></div>'
    )


def _bar(share: float | None, x: float, width: float, tone: str) -> str:
    if share is None:
        return ""
    length = (HEIGHT - TOP) * _inside(share)
    return (
        f'<rect class="tone-{escape(tone)}" x="{x:.2f}%" y="{HEIGHT - length:.1f}" '
        f'width="{width:.2f}%" height="{length:.1f}"/>'
    )


def _inside(share: float | None) -> float:
    return min(max(share or 0, 0), 1)
