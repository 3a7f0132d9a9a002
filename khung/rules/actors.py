"""Who must act: an actor phrase of a plan becomes actors by kind and level, or a doubt.

A phrase is cut only where a new actor or a further level begins, so that commas and "và" inside
names stay. Nothing is guessed in silence: a part that is not understood has the kind
``unknown``, and each doubt code has its Vietnamese text in ``DOUBTS``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from khung.rules.actor_wordings import (
    BRANCHES,
    CONJUNCTIONS,
    EVERY_LEVEL,
    LEVEL_PATTERNS,
    NOT_A_NAME,
    OWN_LEVEL,
    TITLES,
    WORDINGS,
)
from khung.rules.text import fold, old_style_tones, squeeze

KINDS = {
    "people_committee": "Ủy ban nhân dân",
    "named": "Cơ quan được nêu đích danh",
    "police": "Công an",
    "social_insurance": "Bảo hiểm xã hội",
    "education_office": "Phòng Giáo dục và Đào tạo",
    "citizen_reception": "Ban Tiếp công dân",
    "radio_station": "Đài Truyền thanh",
    "land_registry": "Văn phòng Đăng ký đất đai",
    "peoples_inspectorate": "Ban Thanh tra Nhân dân",
    "investment_supervision": "Ban Giám sát đầu tư của cộng đồng",
    "hospital": "Bệnh viện",
    "clinic": "Phòng khám",
    "health_centre": "Trung tâm y tế",
    "health_station": "Trạm y tế",
    "village": "Trưởng thôn, Tổ trưởng Tổ dân phố",
    "specialised_agency": "Cơ quan chuyên môn thuộc UBND tỉnh",
    "addressees": "Các cơ quan, đơn vị, địa phương",
    "open": "Diện chung, cần xác định",
    "company": "Doanh nghiệp",
    "unknown": "Chưa nhận ra",
}
LEVELS = {"province": "Tỉnh", "district": "Huyện", "commune": "Xã", "village": "Thôn"}
DOUBTS = {
    "actor_open": "Chưa rõ cụ thể là những cơ quan nào",
    "actor_company": "Doanh nghiệp: cần xác định có giao việc hay chỉ đề nghị phối hợp",
    "actor_unknown": "Chưa nhận ra cơ quan, người thực hiện",
    "actor_communes_meant": "Cần xác định có gồm cả UBND cấp xã hay không",
    "actor_spelling": "Tên cơ quan có vẻ viết sai",
}
_DOUBT_OF = {
    "open": "actor_open",
    "company": "actor_company",
    "unknown": "actor_unknown",
    "addressees": "actor_communes_meant",
}
# Kinds of which a plan may ask several levels at once, or name one body.
_LEVELLED = frozenset(WORDINGS) - {
    "village",
    "specialised_agency",
    "addressees",
    "company",
    "open",
    "named",
    "unknown",
}
_DEFINITION = re.compile(
    r"\s*\((?:sau đây )?(?:được )?(?:gọi|viết)(?: chung| tắt)?(?: là|:)\s+"
    r"[\"“']?(?P<short>[^()\"”]+?)[\"”']?\)",
    re.IGNORECASE,
)
# Shorter wordings differ from too many other words by one letter.
_FUZZY_LENGTH = 10
_FUZZY_RATIO = 90


@dataclass(frozen=True, slots=True)
class Actor:
    """One resolvable part of a phrase. ``level`` None is any level; ``name`` is for ``named``."""

    text: str
    kind: str
    level: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class ActorPhrase:
    """A phrase as written, its actors in order, and doubt codes (keys of ``DOUBTS``)."""

    text: str
    actors: tuple[Actor, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    plain: str  # lower case, tone marks in one style
    capital: bool


@dataclass(frozen=True, slots=True)
class _Head:
    """How an actor begins: words first to end (exclusive), after a title if there is one."""

    kind: str
    first: int
    end: int
    exact: bool


def parse_actors(text: str, definitions: Mapping[str, str] = {}) -> ActorPhrase:
    """Read an actor phrase. Never raises; what is not understood is a doubt.

    ``definitions`` are short forms that the same document explained elsewhere, as
    :func:`learn_definitions` gives them.
    """
    phrase = re.sub(r"^[-+•]\s+", "", squeeze(_DEFINITION.sub("", squeeze(text)))).rstrip(" ;.,")
    if not phrase:
        return ActorPhrase(text, (), ())
    long_forms = {_plain(short): long for short, long in definitions.items()}
    actors: list[Actor] = []
    doubts: list[str] = []
    for piece in _pieces(phrase):
        long = long_forms.get(_plain(piece))
        if long is not None:
            meant = parse_actors(long)
            actors += meant.actors
            doubts += meant.doubts
            continue
        actor, misspelt = _continued(piece, actors[-1] if actors else None) or _resolve(piece)
        actors.append(actor)
        doubts += [_DOUBT_OF[actor.kind]] if actor.kind in _DOUBT_OF else []
        doubts += ["actor_spelling"] if misspelt else []
    return ActorPhrase(text, tuple(actors), tuple(dict.fromkeys(doubts)))


def learn_definitions(texts: Iterable[str]) -> dict[str, str]:
    """Short forms the texts explain, as {short: long}: "(gọi chung là …)", "(gọi tắt là …)"."""
    learnt: dict[str, str] = {}
    for text in map(squeeze, texts):
        for match in _DEFINITION.finditer(text):
            long = _long_form(text[: match.start()], match["short"])
            if long:
                learnt.setdefault(match["short"], long)
    return learnt


def _long_form(before: str, short: str) -> str:
    """The words at the end of ``before`` that a definition shortens to ``short``."""
    words, wanted = _words(before), _plain(short).split()
    if short.isupper() and " " not in short:
        spelt = words[-len(short) :]
        if [word.plain[0] for word in spelt] == list(short.lower()):
            return before[spelt[0].start :]
    for first in range(len(words) - len(wanted), -1, -1):
        if [word.plain for word in words[first : first + len(wanted)]] == wanted:
            return before[words[first].start :]
    return re.split(r"[;,.:()]\s|^- ", before)[-1].strip()


def _words(text: str) -> list[_Word]:
    return [
        _Word(match.start(), match.end(), old_style_tones(match[0].lower()), match[0][0].isupper())
        for match in re.finditer(r"[^\W_]+", text)
    ]


def _plain(text: str) -> str:
    return " ".join(word.plain for word in _words(squeeze(text)))


_EXACT = {
    tuple(_plain(wording).split()): kind
    for kind, wordings in WORDINGS.items()
    for wording in wordings
}
_FUZZY = {
    fold(" ".join(words)): (len(words), kind)
    for words, kind in _EXACT.items()
    if kind not in {"named", "unknown", "open"} and len(" ".join(words)) >= _FUZZY_LENGTH
}
_LONGEST = max(map(len, _EXACT))
_TITLES = sorted((_plain(title).split() for title in TITLES), key=len, reverse=True)
_LEVELS = tuple((level, re.compile(pattern)) for level, pattern in LEVEL_PATTERNS)
_LONGEST_LEVEL = 12


def _pieces(phrase: str) -> Iterator[str]:
    """The phrase cut where an actor or a further level begins."""
    words = _words(phrase)
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


def _begins(words: list[_Word], place: int) -> bool:
    """Whether an actor begins here. General words do only with a capital or after "các"."""
    head = _head(words, place)
    if head is None:
        return False
    word = words[head.first]
    return head.kind not in {"named", "unknown", "open"} or word.capital or word.plain == "các"


def _taken(words: list[_Word], place: int) -> int:
    """Where the actor or level that begins here ends, as far as its wording is known."""
    head = _head(words, place)
    end = head.end if head else place
    return end + _level(words, end)[1]


def _head(words: list[_Word], place: int) -> _Head | None:
    for length in (0, *(len(title) for title in _TITLES if _stands(title, words, place))):
        head = _bare_head(words, place + length)
        if head:
            return head
    return None


def _stands(wanted: list[str], words: list[_Word], place: int) -> bool:
    return [word.plain for word in words[place : place + len(wanted)]] == wanted


def _bare_head(words: list[_Word], place: int) -> _Head | None:
    """The longest wording that begins here, as written or with a slip of a letter."""
    plain = [word.plain for word in words[place : place + _LONGEST]]
    exact = next((size for size in range(len(plain), 0, -1) if tuple(plain[:size]) in _EXACT), 0)
    slip, slip_kind = 0, ""
    for wording, (size, kind) in _FUZZY.items():
        if slip < size > exact and len(plain) >= size:
            if fuzz.ratio(wording, fold(" ".join(plain[:size]))) >= _FUZZY_RATIO:
                slip, slip_kind = size, kind
    if slip:
        return _Head(slip_kind, place, place + slip, exact=False)
    return _Head(_EXACT[tuple(plain[:exact])], place, place + exact, exact=True) if exact else None


def _level(words: list[_Word], place: int) -> tuple[str | None, int]:
    """The level written from this word on and how many words say so; (None, 0) for none."""
    for size in range(min(_LONGEST_LEVEL, len(words) - place), 0, -1):
        plain = " ".join(word.plain for word in words[place : place + size])
        for level, pattern in _LEVELS:
            if pattern.fullmatch(plain):
                return level, size
    return None, 0


def _is_level(phrase: str, words: list[_Word], place: int) -> bool:
    """Whether a level stands here by itself: "…, cấp xã", "… và các chi nhánh"."""
    size = _level(words, place)[1]
    if _stands(BRANCHES.split(), words, place):
        size = len(BRANCHES.split())
    after = place + size
    if size == 0 or after == len(words):
        return size > 0
    gap = phrase[words[after - 1].end : words[after].start]
    return gap.strip() != "" or words[after].plain in CONJUNCTIONS


def _continued(piece: str, previous: Actor | None) -> tuple[Actor, bool] | None:
    """The actor meant by a piece that only names a further level of the actor before it."""
    words = _words(piece)
    if previous is None or previous.kind not in _LEVELLED or not words:
        return None
    level, size = _level(words, 0)
    branches = previous.kind == "land_registry" and _plain(piece) == BRANCHES
    if not branches and size != len(words):
        return None
    earlier = _words(previous.text)
    head = _head(earlier, 0)
    stem = previous.text[: earlier[head.end - 1].end] if head else previous.text
    text = f"{stem[0].upper()}{stem[1:]} {piece}"
    return Actor(text, previous.kind, "district" if branches else level, None), False


def _resolve(piece: str) -> tuple[Actor, bool]:
    """The actor a piece names, and whether its name is misspelt."""
    words = _words(piece)
    head = _head(words, 0)
    if head is None:
        return Actor(piece, "unknown", None, None), False
    kind, level, name = head.kind, OWN_LEVEL.get(head.kind), None
    tail = words[head.end :]
    if kind in _LEVELLED and tail:
        written, size = _level(words, head.end)
        if size == len(tail):
            level = written
        elif " ".join(word.plain for word in tail) == EVERY_LEVEL:
            level = None
        else:
            kind = "named" if any(word.capital for word in tail) else "unknown"
    elif kind in {"addressees", "specialised_agency"} and tail:
        kind = "open"
    elif (kind == "village" and tail) or (kind == "named" and not tail):
        kind = "unknown"
    if kind == "named":
        name = piece[words[head.first].start :]
        if re.search(NOT_A_NAME, old_style_tones(name.lower())):
            kind, name = "unknown", None
    if kind in {"named", "open", "unknown"}:
        level = None
    return Actor(piece, kind, level, name), not head.exact
