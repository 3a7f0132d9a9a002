"""Finding where actors begin in a phrase: the wordings of bodies, titles and levels."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from khung.rules.actor_wordings import BRANCHES, CONJUNCTIONS, LEVEL_PATTERNS, TITLES, WORDINGS
from khung.rules.text import fold, old_style_tones, squeeze

# Shorter wordings differ from too many other words by one letter.
_FUZZY_LENGTH = 12
# A slip changes letters, not whole words: "cấp huyện" is never "tỉnh".
_WHOLE_RATIO = 90
_WORD_RATIO = 60


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place in the text it was cut from."""

    start: int
    end: int
    plain: str  # lower case, tone marks in one style
    capital: bool


@dataclass(frozen=True, slots=True)
class Head:
    """How an actor begins: words first to end (exclusive), after a title if there is one."""

    kind: str
    first: int
    end: int
    exact: bool


def split_words(text: str) -> list[Word]:
    """The words of an NFC text; signs between them are left out."""
    return [
        Word(match.start(), match.end(), old_style_tones(match[0].lower()), match[0][0].isupper())
        for match in re.finditer(r"[^\W_]+", text)
    ]


def plain(text: str) -> str:
    """The text as its words alone, in the form in which wordings are compared."""
    return " ".join(word.plain for word in split_words(squeeze(text)))


_EXACT = {
    tuple(plain(wording).split()): kind
    for kind, wordings in WORDINGS.items()
    for wording in wordings
}
_FUZZY = {
    tuple(map(fold, words)): kind
    for words, kind in _EXACT.items()
    if kind not in {"named", "unknown", "open"} and len(" ".join(words)) >= _FUZZY_LENGTH
}
_LONGEST = max(map(len, _EXACT))
_TITLES = sorted((plain(title).split() for title in TITLES), key=len, reverse=True)
_LEVELS = tuple((level, re.compile(pattern)) for level, pattern in LEVEL_PATTERNS)
_LONGEST_LEVEL = 12


def pieces(phrase: str) -> Iterator[str]:
    """The phrase cut where an actor or a further level begins."""
    words = split_words(phrase)
    starts, taken = [0], _taken(words, 0)
    for place in range(1, len(words)):
        gap = phrase[words[place - 1].end : words[place].start]
        if words[place].plain in CONJUNCTIONS or (place < taken and ";" not in gap):
            continue
        apart = words[place - 1].plain in CONJUNCTIONS or any(mark in gap for mark in ",/&;")
        if apart and (";" in gap or _begins(words, place) or _is_level(phrase, words, place)):
            starts.append(words[place].start)
            taken = _taken(words, place)
    for start, end in zip(starts, [*starts[1:], len(phrase)], strict=True):
        piece = phrase[start:end].rstrip(" ,;/&-")
        last = piece.rpartition(" ")
        yield last[0].rstrip(" ,;/&-") if last[2] in CONJUNCTIONS and end < len(phrase) else piece


def _begins(words: list[Word], place: int) -> bool:
    """Whether an actor begins here. General words do only with a capital or after "các"."""
    head = head_at(words, place)
    if head is None:
        return False
    word = words[head.first]
    return head.kind not in {"named", "unknown", "open"} or word.capital or word.plain == "các"


def _taken(words: list[Word], place: int) -> int:
    """Where the actor or level that begins here ends, as far as its wording is known."""
    head = head_at(words, place)
    end = head.end if head else place
    return end + level_at(words, end)[1]


def head_at(words: list[Word], place: int) -> Head | None:
    """How an actor begins at this word, or None where nothing known does."""
    for length in (0, *(len(title) for title in _TITLES if _stands(title, words, place))):
        head = _bare_head(words, place + length)
        if head:
            return head
    return None


def _stands(wanted: list[str], words: list[Word], place: int) -> bool:
    return [word.plain for word in words[place : place + len(wanted)]] == wanted


def _bare_head(words: list[Word], place: int) -> Head | None:
    """The longest wording that begins here, as written or with a slip of a letter."""
    ahead = [word.plain for word in words[place : place + _LONGEST]]
    exact = next((size for size in range(len(ahead), 0, -1) if tuple(ahead[:size]) in _EXACT), 0)
    folded = [fold(word) for word in ahead]
    slip, slip_kind = 0, ""
    for wording, kind in _FUZZY.items():
        size = len(wording)
        if slip < size > exact and _is_slip(folded[:size], wording):
            slip, slip_kind = size, kind
    if slip:
        return Head(slip_kind, place, place + slip, exact=False)
    return Head(_EXACT[tuple(ahead[:exact])], place, place + exact, exact=True) if exact else None


def _is_slip(written: list[str], wording: tuple[str, ...]) -> bool:
    return (
        len(written) == len(wording)
        and all(fuzz.ratio(*pair) >= _WORD_RATIO for pair in zip(written, wording, strict=True))
        and fuzz.ratio(" ".join(written), " ".join(wording)) >= _WHOLE_RATIO
    )


def level_at(words: list[Word], place: int) -> tuple[str | None, int]:
    """The level written from this word on and how many words say so; (None, 0) for none."""
    for size in range(min(_LONGEST_LEVEL, len(words) - place), 0, -1):
        written = " ".join(word.plain for word in words[place : place + size])
        for level, pattern in _LEVELS:
            if pattern.fullmatch(written):
                return level, size
    return None, 0


def _is_level(phrase: str, words: list[Word], place: int) -> bool:
    """Whether a level stands here by itself: "…, cấp xã", "… và các chi nhánh"."""
    size = level_at(words, place)[1]
    if _stands(BRANCHES.split(), words, place):
        size = len(BRANCHES.split())
    after = place + size
    if size == 0 or after == len(words):
        return size > 0
    gap = phrase[words[after - 1].end : words[after].start]
    return gap.strip() != "" or words[after].plain in CONJUNCTIONS
