"""A map of places: areas where their outlines are known, else bubbles where they lie.

Places far from all others (islands of the open sea) would shrink the land to a dot: they stand in
a frame of their own beside it, by name, and never drop off the map.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from statistics import median

from khung.base.charts.figure import Chart, Label, drawing, linked, table
from khung.base.charts.heat import STEPS

Ring = Sequence[tuple[float, float]]
WIDTH = 760
MOST_HEIGHT = 700
MARGIN = 28
SMALLEST, LARGEST = 5.0, 14.0
# So many times further from the middle than half of the places are: not part of the land.
FAR = 6.0
_INSET = (210, 26)


@dataclass(frozen=True, slots=True)
class Place:
    """One place: where it lies (degrees), its outlines if known, how much of the whole it is
    (`weight`), its heat (`share`, None for nothing to count), and what is said of it."""

    label: Label
    longitude: float
    latitude: float
    share: float | None
    shown: str
    weight: float = 1.0
    title: str = ""
    rings: Sequence[Ring] = ()


def place_map(title: str, places: Sequence[Place], column: str, *, is_alarm: bool = False) -> Chart:
    """The map with its table; more heat is better, or worse where `is_alarm`.

    Bubbles grow with the square root of their weight, so that areas can be compared.
    """
    near, far = _parted(places)
    scale = _Scale(near)
    heaviest = max((place.weight for place in places), default=1) or 1
    drawn = [_drawn(place, scale, heaviest) for place in _smallest_last(near)]
    drawn += _inset(far, scale, heaviest)
    rows = [(place.label.text, place.shown) for place in places]
    kind = "heat map alarm" if is_alarm else "heat map"
    svg = drawing(title, scale.height, drawn, kind)
    # Degrees become units of the drawing, which the page may scale as a whole.
    fitted = svg.replace("<svg ", f'<svg viewBox="0 0 {WIDTH} {scale.height:g}" ', 1)
    return Chart(title, type(svg)(fitted), table(title, ("", column), rows))


class _Scale:
    """Degrees to the units of the drawing: north up, equally long either way on the ground."""

    def __init__(self, places: Sequence[Place]) -> None:
        points = [point for place in places for point in _points(place)] or [(0.0, 0.0)]
        self._west = min(x for x, _ in points)
        self._north = max(y for _, y in points)
        east, south = max(x for x, _ in points), min(y for _, y in points)
        self._narrowing = math.cos(math.radians((self._north + south) / 2))
        wide = max((east - self._west) * self._narrowing, 0.01)
        high = max(self._north - south, 0.01)
        room = WIDTH - _INSET[0] - 2 * MARGIN
        self._unit = min(room / wide, (MOST_HEIGHT - 2 * MARGIN) / high)
        self.height = round(high * self._unit + 2 * MARGIN)
        # In the middle of the room beside the frame.
        self._left = MARGIN + (room - wide * self._unit) / 2

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = self._left + (longitude - self._west) * self._narrowing * self._unit
        return x, MARGIN + (self._north - latitude) * self._unit


def _points(place: Place) -> list[tuple[float, float]]:
    """What must fit: the outline, else the point."""
    outline = [point for ring in place.rings for point in ring]
    return outline or [(place.longitude, place.latitude)]


def _parted(places: Sequence[Place]) -> tuple[list[Place], list[Place]]:
    """Those of the land, and those far away from it."""
    if len(places) < 4:
        return list(places), []
    x = median(place.longitude for place in places)
    y = median(place.latitude for place in places)
    away = [math.hypot(place.longitude - x, place.latitude - y) for place in places]
    limit = FAR * median(away) or 1.0
    near = [place for place, distance in zip(places, away, strict=True) if distance <= limit]
    far = [place for place, distance in zip(places, away, strict=True) if distance > limit]
    return near, far


def _smallest_last(places: Sequence[Place]) -> list[Place]:
    """Large bubbles first, so that small ones lie above them and can be reached."""
    return sorted(places, key=lambda place: -place.weight)


def _drawn(place: Place, scale: _Scale, heaviest: float) -> str:
    if place.rings:
        shape = f'<path class="{_heat(place)}" d="{_outline(place, scale)}"/>'
    else:
        x, y = scale.at(place.longitude, place.latitude)
        shape = _bubble(place, x, y, heaviest)
    return _linked(place, shape)


def _bubble(place: Place, x: float, y: float, heaviest: float) -> str:
    radius = max(SMALLEST, LARGEST * math.sqrt(max(place.weight, 0) / heaviest))
    return f'<circle class="{_heat(place)}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>'


def _outline(place: Place, scale: _Scale) -> str:
    paths = []
    for ring in place.rings:
        at = [scale.at(*point) for point in ring]
        paths.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in at) + "Z")
    return "".join(paths)


def _heat(place: Place) -> str:
    if place.share is None:
        return "none"
    return f"s{0 if place.share <= 0 else min(STEPS, int(place.share * STEPS - 1e-9) + 1)}"


def _linked(place: Place, shape: str) -> str:
    said = place.title or f"{place.label.text}: {place.shown}"
    return linked(place.label.href, f"<g><title>{escape(said)}</title>{shape}</g>")


def _inset(far: Sequence[Place], scale: _Scale, heaviest: float) -> list[str]:
    """The frame at the lower right with what lies far out, by name."""
    if not far:
        return []
    width, line = _INSET
    height = line * len(far) + 16
    x, y = WIDTH - width - 4, max(scale.height - height - 4, 4)
    drawn = [f'<rect class="inset" x="{x}" y="{y}" width="{width}" height="{height}"/>']
    for n, place in enumerate(far):
        middle = y + 8 + line * (n + 0.5)
        words = f'<text x="{x + 34}" y="{middle + 5:.1f}">{escape(place.label.text)}</text>'
        bubble = _bubble(place, x + 18, middle, max(heaviest, place.weight * 4))
        drawn.append(_linked(place, f"{bubble}{words}"))
    return drawn
