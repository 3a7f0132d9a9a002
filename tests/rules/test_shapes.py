"""Outlines keep their shape with fewer points."""

import math

from hypothesis import given
from hypothesis import strategies as st

from khung.rules.shapes import area, centre, simplified

SQUARE = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]


def test_points_on_a_line_go_and_corners_stay() -> None:
    finer = [(n / 10, 0.0) for n in range(40)] + [(4.0, n / 10) for n in range(40)]
    finer += [(4 - n / 10, 4.0) for n in range(40)] + [(0.0, 4 - n / 10) for n in range(41)]
    assert area(simplified(finer, 0.01)) == area(SQUARE) == 16
    assert len(simplified(finer, 0.01)) <= 6


def test_a_circle_loses_points_but_hardly_any_area() -> None:
    circle = [(math.cos(n / 100 * math.tau), math.sin(n / 100 * math.tau)) for n in range(100)]
    circle.append(circle[0])
    found = simplified(circle, 0.02)
    assert len(found) < 40
    assert abs(area(found) - math.pi) < 0.15
    assert found[0] == found[-1]


def test_the_middle() -> None:
    assert centre(SQUARE[:-1]) == (2, 2)


@given(
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=4, max_size=60),
    st.floats(0, 5),
)
def test_a_closed_ring_stays_one_whatever_it_is(
    points: list[tuple[float, float]], off: float
) -> None:
    ring = [*points, points[0]]
    found = simplified(ring, off)
    assert found[0] == found[-1] == ring[0]
    assert 4 <= len(found) <= len(ring)
    assert set(found) <= set(ring)
