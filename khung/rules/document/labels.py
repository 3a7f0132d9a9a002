"""Which dimension and sub-dimension each task stands under.

Labels of merged cells come out of a scan shifted a row or a column, cut in half, or swapped.
They are recognised by the PAPI taxonomy wherever they stand; what the tasks talk about then says
where a label that stands in a doubtful place really begins.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from khung.rules.document.layout import Record
from khung.rules.taxonomy import LabelMatch, dimensions, match_label, subdimensions
from khung.rules.text import squeeze

LABEL_FIELDS = ("dimension", "subdimension")
# No label of any year is longer; longer text in a label's column is a task's own text.
LONGEST_LABEL = 100
# How many rows a label may have slipped.
REACH = 4
# A label cut in two lies within this many filled label cells.
_NEAR_PIECES = 4

Place = tuple[int | None, str | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in a label column: `below` the beginning of its record, at the `top` of a page."""

    record: int
    below: bool
    top: bool
    line: int
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label recognised: the record it stands at and the one it is taken to begin at.

    `sure` says that nothing about its place is odd; `better` is where the tasks' own words would
    have a sure label begin.
    """

    match: LabelMatch
    pieces: tuple[Piece, ...]
    stands: int
    begins: int
    sure: bool
    better: int | None = None

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def split(self) -> bool:
        """Whether its pieces lie in different columns or tasks."""
        return len({(piece.record, piece.field) for piece in self.pieces}) > 1

    @property
    def in_column(self) -> bool:
        own = "dimension" if self.match.subdimension is None else "subdimension"
        return all(piece.field == own for piece in self.pieces)


def label_pieces(records: Sequence[Record]) -> list[Piece]:
    """Every text in the label columns, in reading order."""
    pieces: list[Piece] = []
    for index, record in enumerate(records):
        below = False
        for part in record.parts:
            pieces += (
                Piece(index, below, part.top, part.line, name, squeeze(part.cells[name]))
                for name in LABEL_FIELDS
                if name in part.cells
            )
            below = below or not part.is_heading
    return pieces


def recognise(pieces: Sequence[Piece], year: int, records: int) -> tuple[list[Label], list[Piece]]:
    """Labels of `year`, whole or cut in two, in order; and the pieces that are no label.

    The best likeness wins and each piece is used once. A label that is repeated while it holds
    (on the next page, in both columns) counts where it stands first.
    """
    found: list[tuple[float, int, int, tuple[Piece, ...], LabelMatch]] = []
    for place, piece in enumerate(pieces):
        near = pieces[place + 1 : place + 1 + _NEAR_PIECES]
        pairs = [(piece, other) for other in near if other.record - piece.record <= 1]
        for parts in ((piece,), *pairs):
            match = _match(parts, year)
            if match:
                found.append((match.score, len(parts), -place, parts, match))
    found.sort(key=lambda one: one[:3], reverse=True)
    used: set[Piece] = set()
    labels: list[Label] = []
    for _, _, _, parts, match in found:
        if used.isdisjoint(parts):
            used.update(parts)
            labels.append(_label(match, parts, records))
    labels.sort(key=lambda label: (label.stands, not label.sure, not label.in_column))
    return _without_repeats(labels), [piece for piece in pieces if piece not in used]


def settle(labels: Sequence[Label], texts: Sequence[str], year: int) -> list[Label]:
    """Say where each label begins; `texts` is what each record talks about, in lower case."""
    named = {label.match.dimension for label in labels if label.match.subdimension}
    sections = [
        label for label in labels if label.match.subdimension or label.match.dimension not in named
    ]
    keywords = _keywords(year)
    settled: list[Label] = []
    for place, label in enumerate(sections):
        before = settled[-1] if settled else None
        low = before.begins + 1 if before else 0
        high = sections[place + 1].stands if place + 1 < len(sections) else len(texts) - 1
        own = keywords[_place(label)]
        others = keywords[_place(before)] if before else ()
        best = _best_start(label.stands, low, high, texts, own, others)
        if best == label.stands:
            settled.append(label)
        elif label.sure:
            settled.append(replace(label, better=best))
        else:
            settled.append(replace(label, begins=best))
    begins: dict[int, list[int]] = {}
    for label in settled:
        begins.setdefault(label.match.dimension, []).append(label.begins)
    for label in labels:
        if not label.match.subdimension and label.match.dimension in named:
            nearest = _nearest(begins[label.match.dimension], label.stands)
            near = abs(label.stands - nearest) <= REACH
            settled.append(replace(label, begins=nearest) if near else label)
    return sorted(settled, key=lambda label: (label.begins, label.match.subdimension or ""))


def places(labels: Sequence[Label], records: int) -> list[Place]:
    """The dimension and sub-dimension of each record, from settled labels."""
    begins: dict[int, list[Label]] = {}
    for label in labels:
        begins.setdefault(label.begins, []).append(label)
    found: list[Place] = []
    dimension: int | None = None
    subdimension: str | None = None
    for record in range(records):
        for label in begins.get(record, ()):
            if label.match.subdimension or label.match.dimension != dimension:
                dimension, subdimension = _place(label)
        found.append((dimension, subdimension))
    return found


def _match(parts: tuple[Piece, ...], year: int) -> LabelMatch | None:
    text = " ".join(piece.text for piece in parts)
    return match_label(text, year) if len(text) <= LONGEST_LABEL else None


def _label(match: LabelMatch, parts: tuple[Piece, ...], records: int) -> Label:
    first = parts[0]
    # On the second half of a cut row a label belongs to the rows below it.
    stands = min(first.record + first.below, records - 1)
    label = Label(match, parts, stands, stands, sure=False)
    at_top = first.below or (first.top and len(parts) == 1)
    return replace(label, sure=label.in_column and not at_top)


def _without_repeats(labels: Sequence[Label]) -> list[Label]:
    holds: dict[bool, Place] = {}
    kept: list[Label] = []
    for label in labels:
        whole = label.match.subdimension is None
        if holds.get(whole) != _place(label):
            kept.append(label)
            holds[whole] = _place(label)
    return kept


def _nearest(sorted_places: Sequence[int], place: int) -> int:
    after = bisect_left(sorted_places, place)
    return min(sorted_places[max(after - 1, 0) : after + 1], key=lambda one: abs(one - place))


def _place(label: Label) -> Place:
    return label.match.dimension, label.match.subdimension


def _keywords(year: int) -> dict[Place, tuple[str, ...]]:
    words: dict[Place, tuple[str, ...]] = {(d.no, None): d.keywords for d in dimensions(year)}
    words |= {(s.dimension, s.code): s.keywords for s in subdimensions(year)}
    return words


def _best_start(
    stands: int,
    low: int,
    high: int,
    texts: Sequence[str],
    own: Sequence[str],
    others: Sequence[str],
) -> int:
    """The start near `stands` that leaves the most keywords on their own side of it."""
    low = max(low, stands - REACH)
    high = min(high, stands + REACH, len(texts) - 1)
    if low > high:
        return stands
    window = range(max(0, stands - REACH), min(len(texts), stands + REACH + 1))
    mine = {row: sum(word in texts[row] for word in own) for row in window}
    theirs = {row: sum(word in texts[row] for word in others) for row in window}

    def worth(start: int) -> tuple[int, int]:
        total = sum(mine[row] if row >= start else theirs[row] for row in window)
        return total, -abs(start - stands)

    return max(range(low, high + 1), key=worth)
