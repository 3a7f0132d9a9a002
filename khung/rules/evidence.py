"""What a piece of evidence says of itself: the details each kind of method asks for."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from khung.rules.methods import EVIDENCE

# What is shown by a file or a link itself, not by words beside it.
BY_FILE = frozenset({"photo", "minutes", "document", "summary", "file"})
BY_LINK = "link"

DETAIL_LABELS = {
    "place": "Địa điểm",
    "up_on": "Niêm yết từ ngày",
    "down_on": "đến ngày",
    "done_on": "Ngày thực hiện",
    "channel": "Kênh, đài hoặc nhóm đã dùng",
    "audience": "Số hộ, số người nhận được",
    "document_number": "Số, ký hiệu văn bản",
    "document_on": "Ngày văn bản",
    "numbers": "Số liệu kết quả",
    "note": "Mô tả kết quả",
}
DETAIL_PROBLEMS = {
    "down_before_up": "Ngày kết thúc niêm yết không thể trước ngày bắt đầu.",
    "done_later": "Ngày thực hiện chưa đến; chỉ ghi việc đã làm.",
    "up_later": "Ngày niêm yết chưa đến; chỉ ghi việc đã làm.",
    "too_early": "Năm quá xa: kiểm tra lại năm.",
}
# Days before this are slips of typing: the Index was first measured in 2011.
EARLIEST = dt.date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing to fill in beside a file: its name in `details`, and "text", "day" or "number"."""

    name: str
    kind: str


_ASKED: dict[str, tuple[Detail, ...]] = {
    "place": (Detail("place", "text"),),
    "dates_up_down": (Detail("up_on", "day"), Detail("down_on", "day")),
    "date": (Detail("done_on", "day"),),
    "channel": (Detail("channel", "text"),),
    "audience": (Detail("audience", "number"),),
    "document": (Detail("document_number", "text"), Detail("document_on", "day")),
    "numbers": (Detail("numbers", "text"),),
    "note": (Detail("note", "text"),),
}
_KINDS = {detail.name: detail.kind for asked in _ASKED.values() for detail in asked}


def details_asked(method_kind: str) -> tuple[Detail, ...]:
    """The details a kind of method asks for, in the order of `methods.EVIDENCE`.

    For the whole of a task (no kind, or an unknown one): figures and a note.
    """
    codes = EVIDENCE.get(method_kind, ("numbers", "note"))
    return tuple(detail for code in codes for detail in _ASKED.get(code, ()))


def asks_for_link(method_kind: str) -> bool:
    """Whether the kind is proved by an address first."""
    return BY_LINK in EVIDENCE.get(method_kind, ())


def files_asked(method_kind: str) -> tuple[str, ...]:
    """Which files the kind asks for: keys of `methods.EVIDENCE_LABELS`."""
    return tuple(code for code in EVIDENCE.get(method_kind, ()) if code in BY_FILE)


def problems(details: Mapping[str, object], today: dt.date) -> list[tuple[str, str]]:
    """What cannot be true: (name of the detail, key of DETAIL_PROBLEMS)."""
    days = {name: day for name, day in details.items() if isinstance(day, dt.date)}
    found = [(name, "too_early") for name, day in days.items() if day < EARLIEST]
    if days.get("done_on", today) > today:
        found.append(("done_on", "done_later"))
    if days.get("up_on", today) > today:
        found.append(("up_on", "up_later"))
    if "up_on" in days and days.get("down_on", days["up_on"]) < days["up_on"]:
        found.append(("down_on", "down_before_up"))
    return found


def readable(details: Mapping[str, object]) -> list[tuple[str, str]]:
    """(label, value) of what is filled, in a fixed order; days as officials write them."""
    found = []
    for name, label in DETAIL_LABELS.items():
        value = details.get(name)
        if value in (None, ""):
            continue
        words = str(value)
        if _KINDS.get(name) == "day":
            words = f"{dt.date.fromisoformat(words):%d/%m/%Y}"
        found.append((label, words))
    return found


def still_missing(method_kind: str, has_file: bool, links: int, filled: Iterable[str]) -> list[str]:
    """What the kind asks for that no piece under the method shows: keys of EVIDENCE_LABELS.

    Advice only: one piece is enough to send (the judge decides what convinces).
    """
    have = set(filled)
    found = []
    for code in EVIDENCE.get(method_kind, ()):
        if code in BY_FILE:
            is_there = has_file
        elif code == BY_LINK:
            is_there = bool(links)
        else:
            is_there = any(detail.name in have for detail in _ASKED.get(code, ()))
        if not is_there:
            found.append(code)
    return found
