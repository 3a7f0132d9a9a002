"""Slips of a scan that are real syllables, found by what the document says elsewhere.

A dictionary of syllables finds almost none of them. Three ways that do: a syllable seen nowhere
else, one letter away from the one that usually stands beside its neighbour; phrases known to be
misread; a syllable read twice. Each find is a proposal for a person, never a silent change.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from khung.rules.text import nfc

# Phrases misread or with a word lost, and what was meant.
PHRASES: tuple[tuple[str, str], ...] = (
    (r"\bcông( TTĐT|/trang thông tin|/Trang thông tin| thông tin điện tử)", r"cổng\1"),
    (r"\bcông( dịch vụ công)\b", r"cổng\1"),
    (r"\btình trạng tượng\b", "tình trạng"),
    (r"(?<!bình )(?<!thông )(?<!tầm )\bthường( hoặc| và)\b", r"thường xuyên\1"),
    (r"\bxây( công trình)\b", r"xây dựng\1"),
    (r"(?<!đơn )\bthư( khiếu nại| tố cáo)\b", r"đơn thư\1"),
)
# Middle names that a scan makes of commoner ones, asked only of a signer.
MIDDLE_NAMES = {"Tân": "Tấn", "Van": "Văn", "Vãn": "Văn", "Thi": "Thị", "Hửu": "Hữu"}
# Both spellings are right, so neither is a slip of the other.
VARIANTS = frozenset(
    frozenset(pair) for pair in (("hằng", "hàng"), ("kì", "kỳ"), ("lí", "lý"), ("sĩ", "sỹ"))
)
# A neighbour speaks for a syllable when at least this share of its company is that syllable,
# and it was seen so often more than the doubted one.
_LOYAL_SHARE = 0.2
_OFTENER = 3

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.;:,()/“”\"…\n]| [-–] ")
_RULES = tuple((re.compile(pattern, re.IGNORECASE), meant) for pattern, meant in PHRASES)


@dataclass(frozen=True, slots=True)
class Slip:
    """A doubted stretch of a text: where, what stands there, what was probably meant."""

    start: int
    end: int
    raw: str
    proposal: str
    context: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How often syllables and neighbours occur in one document, and its short forms."""

    words: Mapping[str, int]
    pairs: Mapping[tuple[str, str], int]
    after: Mapping[str, tuple[str, ...]]
    before: Mapping[str, tuple[str, ...]]
    short_forms: Mapping[str, str]


def learn(texts: Iterable[str], short_forms: Mapping[str, str]) -> Vocabulary:
    """Count the document's own usage; `short_forms` maps an abbreviation to its long form."""
    words: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for text in texts:
        for sentence in _SENTENCE_END.split(text):
            spoken = _WORD.findall(sentence.lower())
            words.update(spoken)
            pairs.update(pairwise(spoken))
    return Vocabulary(
        words,
        pairs,
        _company(pairs, key=0),
        _company(pairs, key=1),
        {short: long.lower() for short, long in short_forms.items() if short.isupper()},
    )


def find_slips(text: str, vocabulary: Vocabulary) -> tuple[Slip, ...]:
    """The slips of a text in order, none overlapping another."""
    found = [*_phrases(text), *_repeated_terms(text, vocabulary)]
    start = 0
    for sentence in [*_SENTENCE_END.finditer(text), None]:
        end = sentence.start() if sentence else len(text)
        words = list(_WORD.finditer(text, start, end))
        for place in range(len(words)):
            slip = _rare_syllable(words, place, vocabulary) or _twice(words, place, vocabulary)
            if slip:
                found.append(slip)
        start = sentence.end() if sentence else end
    found.sort(key=lambda slip: (slip.start, -slip.end))
    kept: list[Slip] = []
    for slip in found:
        if not kept or slip.start >= kept[-1].end:
            kept.append(slip)
    return tuple(kept)


def correct(text: str, slips: Iterable[Slip]) -> str:
    """The text with every proposal put in; `slips` in order, as `find_slips` gives them."""
    pieces: list[str] = []
    done = 0
    for slip in slips:
        pieces += (text[done : slip.start], slip.proposal)
        done = slip.end
    return " ".join("".join((*pieces, text[done:])).split())


def name_slip(name: str) -> str | None:
    """A signer's name with a commoner middle name, where the one read is rare."""
    words = nfc(name).split()
    meant = [MIDDLE_NAMES.get(w, w) if 0 < i < len(words) - 1 else w for i, w in enumerate(words)]
    return " ".join(meant) if meant != words else None


def _company(pairs: Counter[tuple[str, str]], key: int) -> dict[str, tuple[str, ...]]:
    """For each syllable, the few that usually stand on its other side."""
    totals: Counter[str] = Counter()
    for pair, times in pairs.items():
        totals[pair[key]] += times
    loyal: dict[str, list[str]] = {}
    for pair, times in pairs.items():
        if times >= max(_OFTENER, _LOYAL_SHARE * totals[pair[key]]):
            loyal.setdefault(pair[key], []).append(pair[1 - key])
    return {word: tuple(company) for word, company in loyal.items()}


def _rare_syllable(words: list[re.Match[str]], place: int, vocabulary: Vocabulary) -> Slip | None:
    word = words[place][0].lower()
    for step, company in ((-1, vocabulary.after), (1, vocabulary.before)):
        if not 0 <= place + step < len(words):
            continue
        neighbour = words[place + step][0].lower()
        pair = (neighbour, word) if step < 0 else (word, neighbour)
        times = vocabulary.pairs.get(pair, 0)
        if word.isdigit() or vocabulary.words.get(word, 0) != times:
            continue
        for meant in company.get(neighbour, ()):
            usual = (neighbour, meant) if step < 0 else (meant, neighbour)
            if (
                Levenshtein.distance(word, meant, score_cutoff=1) == 1
                and vocabulary.pairs[usual] >= _OFTENER * times
                and frozenset((word, meant)) not in VARIANTS
            ):
                return _slip(words, place, _like(words[place][0], meant))
    return None


def _twice(words: list[re.Match[str]], place: int, vocabulary: Vocabulary) -> Slip | None:
    """A syllable read twice running, unless each belongs to a neighbour ("hành vi vi phạm")."""
    if place + 1 >= len(words) or words[place][0].lower() != words[place + 1][0].lower():
        return None
    word = words[place][0].lower()
    if place and place + 2 < len(words):
        left = (words[place - 1][0].lower(), word)
        right = (word, words[place + 2][0].lower())
        if vocabulary.pairs.get(left, 0) > 1 and vocabulary.pairs.get(right, 0) > 1:
            return None
    usual = [one for one in vocabulary.before.get(word, ()) if one != word]
    if not usual:
        return None
    meant = max(usual, key=lambda one: vocabulary.pairs[(one, word)])
    return _slip(words, place, _like(words[place][0], meant))


def _phrases(text: str) -> Iterable[Slip]:
    for pattern, meant in _RULES:
        for match in pattern.finditer(text):
            near = _context(text, match.start(), match.end())
            proposal = _like(match[0], match.expand(meant))
            yield Slip(match.start(), match.end(), match[0], proposal, near)


def _repeated_terms(text: str, vocabulary: Vocabulary) -> Iterable[Slip]:
    """A long form with its own short form right behind it, outside brackets."""
    for word in _WORD.finditer(text):
        long = vocabulary.short_forms.get(word[0], "")
        start = word.start() - len(long) - 1
        if long and start >= 0 and text[start : word.start()].lower() == f"{long} ":
            near = _context(text, start, word.end())
            yield Slip(start, word.end(), text[start : word.end()], word[0], near)


def _slip(words: list[re.Match[str]], place: int, meant: str) -> Slip:
    word = words[place]
    return Slip(
        word.start(), word.end(), word[0], meant, _context(word.string, word.start(), word.end())
    )


def _context(text: str, start: int, end: int) -> str:
    """The stretch with a word or two on each side."""
    left = text[max(0, start - 40) : start].split(" ")[-3:]
    right = text[end : end + 40].split(" ")[:3]
    return f"{' '.join(left)}{text[start:end]}{' '.join(right)}".strip()


def _like(written: str, meant: str) -> str:
    """`meant` with the capitals of `written`."""
    if len(written) > 1 and written.isupper():
        return meant.upper()
    return meant[0].upper() + meant[1:] if written[0].isupper() else meant
