"""One cell of the table, which may lie on several pages, into blocks and list items.

An item begins only at a list mark, a list element or a paragraph. A hyphen between words is no
list mark: "Sở Lao động - Thương binh và Xã hội", "Hỏi - Đáp".
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from khung.rules.text import squeeze

_TOKEN = re.compile(
    r"(?P<tag><(?P<close>/?)(?P<name>ul|ol|li|p|br)\b[^<>]*>)"
    r"|(?:^|(?<=[;:.)>\n]))\s*(?P<mark>[-–•+])\s+(?=\S)",
    re.IGNORECASE,
)
# From the beginning of a word only, so that one very long word is not read again from every letter.
_INLINE_HYPHEN = re.compile(r"\b(\w+) [-–] (?=(\w+))")
_FIRST_WORD = re.compile(r"\w+")
_LAST_WORD = re.compile(r"\w+$")
# After these any hyphen begins an item; after a full stop or bracket, or where a page break cut
# the cell, only one that a capital follows.
_STRONG_ENDS = (";", ":", ">")
_ITEM_ENDS = (*_STRONG_ENDS, ".", ")")


@dataclass(frozen=True, slots=True)
class Cell:
    """The pieces of a cell in reading order, each with its source line."""

    pieces: tuple[tuple[int, str], ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(text for _, text in self.pieces)

    def __bool__(self) -> bool:
        return bool(self.pieces)

    def __add__(self, other: "Cell") -> "Cell":
        return Cell(self.pieces + other.pieces)

    def starts(self) -> list[int]:
        """Where in `text` each piece begins."""
        return [0, *accumulate(len(text) + 1 for _, text in self.pieces[:-1])]

    def line_at(self, offset: int) -> int:
        """The source line of a place in `text`."""
        return self.pieces[bisect_right(self.starts(), offset) - 1][0]


@dataclass(frozen=True, slots=True)
class Entry:
    """An item before correction; `unsure` when a page break alone says that it begins."""

    text: str
    line: int
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a whole list of a cell."""

    listed: bool
    entries: tuple[Entry, ...]


def inline_hyphens(texts: Iterable[str]) -> frozenset[str]:
    """The "word - word" joints of a document, to know a name that a page cuts at its hyphen."""
    return frozenset(f"{a} - {b}" for text in texts for a, b in _INLINE_HYPHEN.findall(text))


def blocks(cell: Cell, joints: frozenset[str] = frozenset()) -> tuple[Block, ...]:
    """The blocks of a cell in order, empty ones left out."""
    text = cell.text
    piece_starts = cell.starts()
    found: list[Block] = []
    entries: list[Entry] = []
    listed = unsure = False
    start = 0

    def end_entry(end: int) -> None:
        content = clean(text[start:end])
        if any(map(str.isalnum, content)):
            skipped = len(text[start:end]) - len(text[start:end].lstrip())
            piece = bisect_right(piece_starts, start + skipped) - 1
            entries.append(Entry(content, cell.pieces[piece][0], unsure))

    def end_block() -> None:
        if entries:
            found.append(Block(listed, tuple(entries)))
            entries.clear()

    for token in _TOKEN.finditer(text):
        before = _before(text, token)
        if token["mark"] and not _begins_item(before, text, token.end(), joints):
            continue
        end_entry(token.start())
        start = token.end()
        unsure = bool(token["mark"] and before and not before.endswith(_ITEM_ENDS))
        if token["mark"] or (token["name"].lower() == "li" and not token["close"]):
            listed = True
        elif token["name"].lower() in ("p", "ul", "ol"):
            end_block()
            listed = False
    end_entry(len(text))
    end_block()
    return tuple(found)


def entries(cell: Cell, joints: frozenset[str] = frozenset()) -> tuple[Entry, ...]:
    """The items of a cell of contents, methods or timing."""
    return tuple(entry for block in blocks(cell, joints) for entry in block.entries)


def actor_entries(cell: Cell, joints: frozenset[str] = frozenset()) -> tuple[Entry, ...]:
    """The items of a cell of actors, which ";" separates too, except inside brackets."""
    return tuple(
        Entry(text, entry.line, entry.unsure)
        for entry in entries(cell, joints)
        for text in map(clean, _outside_brackets(entry.text))
        if text
    )


def clean(text: str) -> str:
    """The item's own words: one trailing ";" or "." dropped, white space single."""
    text = squeeze(text)
    if text.endswith((";", ".")) and not text.endswith(".."):
        text = text[:-1].rstrip()
    return text


def _before(text: str, token: re.Match[str]) -> str:
    """The last words before a list mark."""
    mark = token.start("mark")
    return text[max(0, mark - 80) : mark].rstrip() if token["mark"] else ""


def _begins_item(before: str, text: str, after: int, joints: frozenset[str]) -> bool:
    if not before or before.endswith(_STRONG_ENDS):
        return True
    if text[after].islower():
        return False
    first = _FIRST_WORD.match(text, after)
    last = _LAST_WORD.search(before)
    return not (last and first and f"{last[0]} - {first[0]}" in joints)


def _outside_brackets(text: str) -> list[str]:
    parts = [""]
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == ";" and depth <= 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts
