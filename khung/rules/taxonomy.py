"""The PAPI taxonomy: dimensions and sub-dimensions by year, and finding them in a label."""

import re
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from khung.rules.taxonomy_rows import DIMENSIONS, SUBDIMENSIONS, Dimension, Subdimension
from khung.rules.text import fold, squeeze

__all__ = [
    "DIMENSIONS",
    "LATEST_YEAR",
    "SUBDIMENSIONS",
    "Dimension",
    "LabelMatch",
    "Subdimension",
    "dimension_name",
    "dimensions",
    "match_label",
    "places",
    "subdimension_name",
    "subdimensions",
]

# The last year whose code book was read; later years are taken to be like it.
LATEST_YEAR = 2024
# Below this likeness (0-100, marks ignored) two labels are not the same label. The two
# most alike labels of one year reach 84.
SAME_LABEL = 90.0

_NUMBERING = re.compile(
    r"^(?:(?:trục\s+)?nội dung(?:\s+thành phần)?\s+)?(?:\d+(?:\.\d+)*|[IVX]+)\s*[.):\-–]\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LabelMatch:
    """A label recognised; `subdimension` is None when the label names a dimension."""

    dimension: int
    subdimension: str | None
    name: str
    score: float


def dimensions(year: int) -> tuple[Dimension, ...]:
    """The dimensions measured in `year`."""
    return tuple(d for d in DIMENSIONS if d.since <= year and year <= (d.until or year))


def subdimensions(year: int) -> tuple[Subdimension, ...]:
    """The sub-dimensions measured in `year`."""
    return tuple(s for s in SUBDIMENSIONS if s.since <= year and year <= (s.until or year))


def places(year: int) -> list[tuple[int, str]]:
    """Where a task may stand in `year`: each dimension alone (""), then its sub-dimensions."""
    return [
        (dimension.no, code)
        for dimension in dimensions(year)
        for code in ("", *(s.code for s in subdimensions(year) if s.dimension == dimension.no))
    ]


def dimension_name(no: int, *, english: bool = False) -> str:
    """Raises KeyError for a number that is no dimension."""
    for dimension in DIMENSIONS:
        if dimension.no == no:
            return dimension.en if english else dimension.vi
    raise KeyError(no)


def subdimension_name(code: str, year: int, *, english: bool = False) -> str:
    """Raises KeyError for a code that did not exist in `year`."""
    for subdimension in subdimensions(year):
        if subdimension.code == code:
            return subdimension.en if english else subdimension.vi
    raise KeyError(code)


def match_label(text: str, year: int) -> LabelMatch | None:
    """The dimension or sub-dimension of `year` that a label names, marks and small slips aside.

    None when nothing is as like as `SAME_LABEL`.
    """
    label = fold(_NUMBERING.sub("", squeeze(text)))
    best: LabelMatch | None = None
    for dimension, code, name, wordings in _labels(year):
        score = max(fuzz.ratio(label, wording) for wording in wordings)
        if score >= SAME_LABEL and (best is None or score > best.score):
            best = LabelMatch(dimension, code, name, score)
    return best


@cache
def _labels(year: int) -> list[tuple[int, str | None, str, tuple[str, ...]]]:
    found: list[tuple[int, str | None, str, tuple[str, ...]]] = [
        (d.no, None, d.vi, tuple(map(fold, (d.vi, *d.aliases)))) for d in dimensions(year)
    ]
    found += [
        (s.dimension, s.code, s.vi, tuple(map(fold, (s.vi, *s.aliases))))
        for s in subdimensions(year)
    ]
    return found
