"""Outlines of places: fewer points of the same shape, small enough to be drawn on every page."""

import math
from collections.abc import Sequence

Point = tuple[float, float]
Ring = list[Point]


def simplified(ring: Sequence[Point], tolerance: float) -> Ring:
    """The ring without the points that lie less than `tolerance` off the line (Douglas-Peucker).

    A closed ring stays closed and keeps at least a triangle where it had one.
    """
    points = list(ring)
    if len(points) <= 4:
        return points
    # A ring begins where it ends: it is cut at the point furthest from there.
    far = max(range(len(points)), key=lambda n: math.dist(points[0], points[n]))
    kept = [*_thinned(points[: far + 1], tolerance)[:-1], *_thinned(points[far:], tolerance)]
    if len(kept) >= 4:
        return kept
    middle = points[far // 2] if far > 1 else points[(far + len(points)) // 2]
    return [points[0], middle, points[far], points[-1]]


def _thinned(line: list[Point], tolerance: float) -> list[Point]:
    kept = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        apart = [_off(line[n], line[first], line[last]) for n in range(first + 1, last)]
        if apart and max(apart) > tolerance:
            n = first + 1 + apart.index(max(apart))
            kept.add(n)
            waiting += [(first, n), (n, last)]
    return [line[n] for n in sorted(kept)]


def _off(point: Point, start: Point, end: Point) -> float:
    """How far a point lies from the line between two others."""
    length = math.dist(start, end)
    if not length:
        return math.dist(point, start)
    (x, y), (ax, ay), (bx, by) = point, start, end
    return abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length


def area(ring: Sequence[Point]) -> float:
    """The area a ring encloses, in the square of its units."""
    pairs = zip(ring, [*ring[1:], *ring[:1]], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


def centre(ring: Sequence[Point]) -> Point:
    """The middle of a ring's points."""
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
