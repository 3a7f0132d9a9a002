"""Maps and small multiples: places where they lie, bars on one scale, the same in the table."""

import math
from xml.etree import ElementTree

from khung.base.charts import Chart, Label, Panel, Place, place_map, small_multiples

ATTACK = "<script>alert(\"1\")</script> & 'x'"


def drawn(markup: str) -> ElementTree.Element:
    return ElementTree.fromstring(str(markup))  # noqa: S314  # our own


def place(name: str, x: float, y: float, **more: object) -> Place:
    return Place(Label(name), x, y, 0.5, "1/2", **more)  # type: ignore[arg-type]


def circles(chart: Chart) -> dict[str, tuple[float, float, float]]:
    found = {}
    for group in drawn(chart.svg).iter("g"):
        for circle in group.iter("circle"):
            title = group.findtext("title", "").partition(":")[0]
            found[title] = tuple(float(circle.get(name, "0")) for name in ("cx", "cy", "r"))
    return found  # type: ignore[return-value]


def test_north_is_up_and_east_is_right() -> None:
    places = [place("bắc", 109, 13), place("nam", 109, 12), place("đông", 109.5, 12.5)]
    at = circles(place_map("t", places, "c"))
    assert at["bắc"][1] < at["đông"][1] < at["nam"][1]
    assert at["đông"][0] > at["bắc"][0] == at["nam"][0]


def test_a_degree_is_as_long_either_way_on_the_ground() -> None:
    places = [place("a", 100, 60), place("b", 102, 60), place("c", 100, 61)]
    at = circles(place_map("t", places, "c"))
    across, down = at["b"][0] - at["a"][0], at["a"][1] - at["c"][1]
    assert math.isclose(across, 2 * down * math.cos(math.radians(60.5)), rel_tol=0.01)


def test_bubbles_are_compared_by_their_area() -> None:
    places = [place("to", 109, 13, weight=100), place("nhỏ", 109, 12, weight=25)]
    at = circles(place_map("t", places, "c"))
    assert at["to"][2] == 2 * at["nhỏ"][2]


def test_what_lies_far_out_stands_by_name_in_a_frame() -> None:
    near = [place(f"xã {n}", 109 + n / 10, 12 + n / 10) for n in range(6)]
    chart = place_map("t", [*near, place("đảo xa", 114, 8)], "c")
    assert 'class="inset"' in chart.svg
    assert ">đảo xa</text>" in chart.svg
    at = circles(chart)
    assert len(at) == 7
    root = drawn(chart.svg)
    width, height = (float(it) for it in root.get("viewBox", "").split()[2:])
    assert all(0 <= x <= width and 0 <= y <= height for x, y, _ in at.values())


def test_areas_are_drawn_by_their_rings_and_text_is_escaped() -> None:
    ring = [(109.0, 12.0), (110.0, 12.0), (110.0, 13.0), (109.0, 12.0)]
    chart = place_map("t", [place(ATTACK, 109, 12, rings=[ring])], "c", is_alarm=True)
    (path,) = drawn(chart.svg).iter("path")
    assert path.get("d", "").count("L") == 3
    assert "<script>" not in f"{chart.svg}{chart.table}"
    assert "style=" not in chart.svg


def test_no_places_and_one_place_are_drawn_too() -> None:
    drawn(place_map("t", [], "c").svg)
    drawn(place_map("t", [place("một", 109, 12)], "c").svg)


def test_panels_share_one_scale_and_say_their_gaps() -> None:
    chart = small_multiples(
        "t",
        ["I/25", "II/25"],
        [Panel(Label("A"), [0.5, 1.0], ["/1/", "/2/"]), Panel(Label("B"), [None, 0.25])],
    )
    heights = [float(it.get("height", "0")) for it in drawn(chart.svg).iter("rect")]
    assert heights == [heights[1] / 2, heights[1], heights[1] / 4]
    rows = [["".join(cell.itertext()) for cell in row] for row in drawn(chart.table).iter("tr")]
    assert rows == [["", "I/25", "II/25"], ["A", "50%", "100%"], ["B", "–", "25%"]]
    assert "A, II/25: 100%" in chart.svg
    assert '<a href="/2/">' in chart.svg


def test_many_columns_keep_the_names_of_their_ends() -> None:
    names = [f"kỳ {n}" for n in range(8)]
    chart = small_multiples("t", names, [Panel(Label(ATTACK), [0.1] * 8)])
    assert [name for name in names if f">{name}</text>" in chart.svg] == ["kỳ 0", "kỳ 7"]
    assert "<script>" not in chart.svg
