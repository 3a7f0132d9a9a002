"""Charts as SVG drawn on the server: no script, no inline style, the same in pages and in print.

Each function returns a `Chart`: in a template `{{ chart }}` is the figure with its data table
folded under it; `chart.svg` and `chart.table` stand alone for reports.
"""

from khung.base.charts.bars import Bar, Part, StackedRow, bars, stacked_bars
from khung.base.charts.classes import class_parts
from khung.base.charts.figure import Chart, Label
from khung.base.charts.heat import Cell, heat_map
from khung.base.charts.maps import Place, place_map
from khung.base.charts.multiples import Panel, small_multiples

__all__ = [
    "Bar",
    "Cell",
    "Chart",
    "Label",
    "Panel",
    "Part",
    "Place",
    "StackedRow",
    "bars",
    "class_parts",
    "heat_map",
    "place_map",
    "small_multiples",
    "stacked_bars",
]
