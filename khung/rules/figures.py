"""Counts kept in other systems that may prove a task: the one-stop shop, the portal, petitions.

Which task a count may prove is told by the kind of its methods or by words of its text.
"""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FigureKind:
    """A kind of count: its name, what is counted, and what it may prove.

    `words` are folded; a task that has one of them is proposed.
    """

    name: str
    counted: str
    method_kinds: frozenset[str]
    words: tuple[str, ...]


_CASEWORK = frozenset({"casework", "report"})
_ONE_STOP = ("mot cua", "thu tuc hanh chinh", "tthc", "dich vu cong", "ho so")
_PORTAL = ("hoi - dap", "hoi dap", "tra loi cau hoi", "cong thong tin", "trang thong tin")
_COMPLAINTS = ("khieu nai", "don thu", "tiep cong dan")
_DENUNCIATIONS = ("to cao", "don thu", "tiep cong dan")
_FEEDBACK = ("phan anh", "kien nghi", "tiep cong dan")

FIGURES = {
    "files_received": FigureKind("Hồ sơ một cửa tiếp nhận", "hồ sơ", _CASEWORK, _ONE_STOP),
    "files_on_time": FigureKind("Hồ sơ một cửa giải quyết đúng hạn", "hồ sơ", _CASEWORK, _ONE_STOP),
    "files_late": FigureKind("Hồ sơ một cửa giải quyết quá hạn", "hồ sơ", _CASEWORK, _ONE_STOP),
    "files_online": FigureKind("Hồ sơ nộp trực tuyến", "hồ sơ", _CASEWORK, _ONE_STOP),
    "questions_received": FigureKind(
        "Câu hỏi nhận qua cổng thông tin", "câu hỏi", _CASEWORK | {"web_post"}, _PORTAL
    ),
    "questions_answered": FigureKind(
        "Câu hỏi đã trả lời trên cổng thông tin", "câu hỏi", _CASEWORK | {"web_post"}, _PORTAL
    ),
    "feedback_received": FigureKind(
        "Phản ánh, kiến nghị tiếp nhận", "phản ánh, kiến nghị", _CASEWORK, _FEEDBACK
    ),
    "feedback_solved": FigureKind(
        "Phản ánh, kiến nghị đã xử lý", "phản ánh, kiến nghị", _CASEWORK, _FEEDBACK
    ),
    "complaints_received": FigureKind("Đơn khiếu nại tiếp nhận", "đơn", _CASEWORK, _COMPLAINTS),
    "complaints_solved": FigureKind("Đơn khiếu nại đã giải quyết", "đơn", _CASEWORK, _COMPLAINTS),
    "denunciations_received": FigureKind("Đơn tố cáo tiếp nhận", "đơn", _CASEWORK, _DENUNCIATIONS),
    "denunciations_solved": FigureKind(
        "Đơn tố cáo đã giải quyết", "đơn", _CASEWORK, _DENUNCIATIONS
    ),
}
NAMES = {code: kind.name for code, kind in FIGURES.items()}


def may_prove(code: str, method_kinds: Collection[str], folded_text: str) -> bool:
    """Whether counts of a kind may prove a task with such methods and such words (folded)."""
    return bool(FIGURES[code].method_kinds & set(method_kinds)) or is_proposed(code, folded_text)


def is_proposed(code: str, folded_text: str) -> bool:
    """Whether the task's own words speak of what is counted."""
    return any(word in folded_text for word in FIGURES[code].words)
