"""Who must act: an actor phrase of a plan becomes actors by kind and level, or a doubt.

A phrase is cut only where a new actor or a further level begins, so that commas and "và" inside
names stay. Nothing is guessed in silence: a part that is not understood has the kind
``unknown``, and each doubt code has its Vietnamese text in ``DOUBTS``.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from khung.rules.actor_scan import Head, Word, head_at, level_at, pieces, plain, split_words
from khung.rules.actor_wordings import (
    BRANCHES,
    EVERY_LEVEL,
    NEEDS_LEVEL,
    NOT_A_NAME,
    OWN_LEVEL,
    WORDINGS,
)
from khung.rules.text import old_style_tones, squeeze

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
    "actor_level_missing": "Không ghi là cơ quan cấp nào",
    "actor_spelling": "Tên cơ quan có vẻ viết sai",
}
# The question whether a general phrase takes in the communes, and its two answers.
COMMUNES_MEANT = "actor_communes_meant"
COMMUNES_INCLUDED = "Gồm cả UBND cấp xã"
COMMUNES_LEFT_OUT = "Không gồm UBND cấp xã"
_DOUBT_OF = {
    "open": "actor_open",
    "company": "actor_company",
    "unknown": "actor_unknown",
    "addressees": COMMUNES_MEANT,
}
# What a phrase becomes when it goes on after words that say all by themselves.
_RESTRICTED = {"addressees": "open", "specialised_agency": "open", "village": "unknown"}
# Kinds of which a plan may ask several levels at once, or name one body.
_LEVELLED = frozenset(WORDINGS) - {*_RESTRICTED, "company", "open", "named", "unknown"}
# No name is longer; a definition looks back no further for what it shortens.
_LONGEST_NAME = 300
_DEFINITION = re.compile(
    r"\s*\((?:sau đây )?(?:được )?(?:gọi|viết)(?: chung| tắt)?(?: là|:)\s+"
    r"[\"“']?(?P<short>[^()\"”]+?)[\"”']?\)",
    re.IGNORECASE,
)


def holds_villages(level: str) -> bool:
    """Whether villages may lie below a unit of this level: the one right above theirs."""
    levels = list(LEVELS)
    return level == levels[levels.index("village") - 1]


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


def parse_actors(text: str, definitions: Mapping[str, str] = {}) -> ActorPhrase:
    """Read an actor phrase. Never raises; what is not understood is a doubt.

    ``definitions`` are short forms that the same document explained elsewhere, as
    :func:`learn_definitions` gives them.
    """
    phrase = re.sub(r"^[-+•]\s+", "", squeeze(_DEFINITION.sub("", squeeze(text)))).rstrip(" ;.,")
    if not phrase:
        return ActorPhrase(text, (), ())
    long_forms = {plain(short): long for short, long in definitions.items()}
    actors: list[Actor] = []
    doubts: list[str] = []
    for piece in pieces(phrase):
        long = long_forms.get(plain(piece))
        if long is not None:
            meant = parse_actors(long)
            actors += _called(meant.actors, piece)
            doubts += meant.doubts
            continue
        previous = actors[-1] if actors else None
        actor, found = _continued(piece, previous) or _resolve(piece)
        actors.append(actor)
        doubts += found
    defined = _DEFINITION.search(squeeze(text))
    if defined:
        actors = _called(actors, defined["short"])
    return ActorPhrase(text, tuple(actors), tuple(dict.fromkeys(doubts)))


def _called(actors: Iterable[Actor], short: str) -> list[Actor]:
    """A single actor goes by the short form the document itself gives it."""
    found = list(actors)
    return [replace(found[0], text=short)] if len(found) == 1 else found


def learn_definitions(texts: Iterable[str]) -> dict[str, str]:
    """Short forms the texts explain, as {short: long}: "(gọi chung là …)", "(gọi tắt là …)"."""
    learnt: dict[str, str] = {}
    for text in map(squeeze, texts):
        for match in _DEFINITION.finditer(text):
            start = match.start()
            long = _long_form(text[max(0, start - _LONGEST_NAME) : start], match["short"])
            if long:
                learnt.setdefault(match["short"], long)
    return learnt


def _long_form(before: str, short: str) -> str:
    """The words at the end of ``before`` that a definition shortens to ``short``."""
    words, wanted = split_words(before), plain(short).split()
    if short.isupper() and " " not in short:
        spelt = words[-len(short) :]
        if [word.plain[0] for word in spelt] == list(short.lower()):
            return before[spelt[0].start :]
    for first in range(len(words) - len(wanted), -1, -1):
        if [word.plain for word in words[first : first + len(wanted)]] == wanted:
            return before[words[first].start :]
    return re.split(r"[;,.:()]\s|^- ", before)[-1].strip()


def _continued(piece: str, previous: Actor | None) -> tuple[Actor, list[str]] | None:
    """The actor meant by a piece that only names a further level of the actor before it."""
    words = split_words(piece)
    if previous is None or previous.kind not in _LEVELLED or not words:
        return None
    level, size = level_at(words, 0)
    branches = previous.kind == "land_registry" and plain(piece) == BRANCHES
    if not branches and size != len(words):
        return None
    earlier = split_words(previous.text)
    head = head_at(earlier, 0)
    stem = previous.text[: earlier[head.end - 1].end] if head else previous.text
    text = f"{stem[0].upper()}{stem[1:]} {piece}"
    return Actor(text, previous.kind, "district" if branches else level, None), []


def _resolve(piece: str) -> tuple[Actor, list[str]]:
    """The actor a piece names, and the doubts about it."""
    words = split_words(piece)
    head = head_at(words, 0)
    if head is None:
        return Actor(piece, "unknown", None, None), ["actor_unknown"]
    tail = words[head.end :]
    kind, level = _kind_and_level(words, head)
    name = piece[words[head.first].start :] if kind == "named" else None
    if name and re.search(NOT_A_NAME, old_style_tones(name.lower())):
        kind, name = "unknown", None
    doubts = [_DOUBT_OF[kind]] if kind in _DOUBT_OF else []
    if kind in NEEDS_LEVEL and not tail:
        doubts.append("actor_level_missing")
    if not head.exact:
        doubts.append("actor_spelling")
    return Actor(piece, kind, level, name), doubts


def _kind_and_level(words: list[Word], head: Head) -> tuple[str, str | None]:
    """What the words after a head make of it: its level, one body's name, or a restriction."""
    tail = words[head.end :]
    if not tail:
        return ("unknown" if head.kind == "named" else head.kind), OWN_LEVEL.get(head.kind)
    if head.kind in _LEVELLED:
        level, size = level_at(words, head.end)
        if size == len(tail):
            return head.kind, level
        if " ".join(word.plain for word in tail) == EVERY_LEVEL:
            return head.kind, None
        return ("named" if any(word.capital for word in tail) else "unknown"), None
    return _RESTRICTED.get(head.kind, head.kind), None
