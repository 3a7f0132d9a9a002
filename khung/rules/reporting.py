"""What a report still lacks before it may be sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field

DONE = "done"
NOTHING_AROSE = "nothing_arose"
AWAITING_FUNDS = "awaiting_funds"
OUTCOMES = {
    DONE: "Có kết quả",
    NOTHING_AROSE: "Không phát sinh",
    AWAITING_FUNDS: "Chưa được bố trí vốn",
}
MESSAGES = {
    "outcome_unknown": "Chưa chọn kết quả: có kết quả, không phát sinh hay chưa được bố trí vốn.",
    "text_missing": "Chưa ghi kết quả. Viết một, hai câu: đã làm gì, ở đâu, bao nhiêu.",
    "reason_missing": "Chưa ghi lý do.",
    "funds_not_asked": "Nhiệm vụ này không gắn với việc bố trí vốn.",
    "evidence_missing": "Chưa có tài liệu kiểm chứng. Cần ít nhất một tài liệu.",
    "method_evidence_missing": "Cách thức này bắt buộc có tài liệu kiểm chứng riêng.",
    "quota_missing": "Chưa đủ số lần theo Quyết định. Ghi thêm lần đã làm, hoặc ghi lý do chưa đủ.",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a unit wrote; methods are named by any key of the caller's."""

    outcome: str
    text: str
    reason: str
    proved_methods: frozenset[int]
    pieces: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What the task asks of a report; compulsory methods with their words.

    Decision columns "Cách thức triển khai", "Thời gian".
    """

    compulsory_methods: Mapping[int, str] = field(default_factory=dict)
    quota: int = 0
    times_done: int = 0
    may_await_funds: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing a report lacks: a key of MESSAGES, and the method it is about, with its words."""

    code: str
    method: int | None = None
    about: str = ""

    @property
    def message(self) -> str:
        return MESSAGES[self.code]


def gaps(draft: Draft, asked: Asked) -> list[Gap]:
    """What is missing, in the order of the page; an empty list means it may be sent."""
    if draft.outcome not in OUTCOMES:
        return [Gap("outcome_unknown")]
    if draft.outcome != DONE:
        found = [] if draft.reason.strip() else [Gap("reason_missing")]
        if draft.outcome == AWAITING_FUNDS and not asked.may_await_funds:
            found.append(Gap("funds_not_asked"))
        return found
    found = [] if draft.text.strip() else [Gap("text_missing")]
    if not draft.pieces:
        found.append(Gap("evidence_missing"))
    found += [
        Gap("method_evidence_missing", method, words)
        for method, words in asked.compulsory_methods.items()
        if method not in draft.proved_methods
    ]
    if asked.times_done < asked.quota and not draft.reason.strip():
        found.append(Gap("quota_missing"))
    return found
