"""Two wordings side by side: what differs between the words as written and as corrected."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text, and whether the other wording has something else in its place."""

    text: str
    differs: bool


def compare(written: str, corrected: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both texts cut word by word into runs that are alike and runs that differ."""
    left, right = _WORDS.findall(written), _WORDS.findall(corrected)
    first: list[Run] = []
    second: list[Run] = []
    for tag, a, b, c, d in SequenceMatcher(a=left, b=right, autojunk=False).get_opcodes():
        for runs, words in ((first, left[a:b]), (second, right[c:d])):
            if words:
                runs.append(Run("".join(words), tag != "equal"))
    if all(run.differs or run.text.isspace() for run in (*first, *second)):
        return _whole(written), _whole(corrected)
    return tuple(first), tuple(second)


def _whole(text: str) -> tuple[Run, ...]:
    """A text that has no word in common with the other: one run."""
    return (Run(text, True),) if text else ()


def mark(text: str, passages: Sequence[str]) -> tuple[Run, ...]:
    """The text cut into runs, those marked that are one of the passages (longest first)."""
    wanted = sorted({passage for passage in passages if passage}, key=len, reverse=True)
    if not wanted:
        return (Run(text, False),) if text else ()
    pattern = re.compile("(" + "|".join(map(re.escape, wanted)) + ")")
    return tuple(
        Run(piece, index % 2 == 1) for index, piece in enumerate(pattern.split(text)) if piece
    )
