"""The public's charts: work by the four official classes, never by unit ranked."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext

from khung.assignments.public import Progress
from khung.base.charts import Chart, Label, StackedRow, class_parts, stacked_bars
from khung.base.wording import dimension_name, number
from khung.rules.taxonomy import DIMENSIONS
from khung.rules.workflow import OFFICIAL_CLASSES


def by_dimension(title: str, found: Mapping[int, Progress], links: Mapping[int, str]) -> Chart:
    """All eight dimensions in their fixed order, those without work too."""
    nothing = Progress(dict.fromkeys(OFFICIAL_CLASSES, 0))
    rows = [
        StackedRow(
            Label(f"{one.no}. {dimension_name(one.no)}", links.get(one.no, "")),
            [found.get(one.no, nothing).classes[code] for code in OFFICIAL_CLASSES],
        )
        for one in DIMENSIONS
    ]
    return stacked_bars(title, class_parts(), rows)


def classes(progress: Progress) -> Iterable[tuple[str, str]]:
    """Each official class in words with its number."""
    return [
        (gettext(label), number(progress.classes[code])) for code, label in OFFICIAL_CLASSES.items()
    ]
