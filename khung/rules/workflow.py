"""The states of assigned work, the one table of its transitions, and the four official classes.

Lateness is no state: it is stamped by the schedule, and comes in here as a fact.
"""

from dataclasses import dataclass

from khung.rules.permissions import Permission

STATES = {
    "not_started": "Chưa làm",
    "in_progress": "Đang làm",
    "submitted": "Đã báo cáo, chưa thẩm định",
    "returned": "Trả lại",
    "accepted": "Đã công nhận",
    "exempt": "Miễn",
}
# A state is never shown by colour alone; the same mark stands in tables, charts and print.
MARKS = {
    "not_started": "○",
    "in_progress": "◐",
    "submitted": "▲",
    "returned": "↩",
    "accepted": "●",
    "exempt": "–",
}
VERBS = {
    "update": "Cập nhật kết quả",
    "submit": "Gửi báo cáo",
    "withdraw": "Thu hồi báo cáo",
    "accept": "Công nhận",
    "return": "Trả lại",
    "reopen": "Hủy công nhận",
    "exempt": "Miễn",
    "restore": "Bỏ miễn",
}
OFFICIAL_CLASSES = {
    "done_on_time": "Hoàn thành đúng hạn",
    "done_late": "Hoàn thành quá hạn",
    "doing_on_time": "Đang thực hiện trong hạn",
    "doing_late": "Đang thực hiện quá hạn",
}
# Accepted, and what was accepted is that nothing arose: counted apart, never as done.
NOTHING_AROSE = "nothing_arose"
DONE_IN_PERIOD = "Đã thực hiện trong kỳ"


@dataclass(frozen=True, slots=True)
class Transition:
    """Where a verb leads, and the permission it asks of whoever does it."""

    to: str
    permission: Permission


TRANSITIONS = {
    ("not_started", "update"): Transition("in_progress", Permission.REPORT_WORK),
    ("not_started", "exempt"): Transition("exempt", Permission.EXEMPT_WORK),
    ("in_progress", "update"): Transition("in_progress", Permission.REPORT_WORK),
    ("in_progress", "submit"): Transition("submitted", Permission.SUBMIT_REPORT),
    ("in_progress", "exempt"): Transition("exempt", Permission.EXEMPT_WORK),
    ("submitted", "withdraw"): Transition("in_progress", Permission.SUBMIT_REPORT),
    ("submitted", "accept"): Transition("accepted", Permission.JUDGE_WORK),
    ("submitted", "return"): Transition("returned", Permission.JUDGE_WORK),
    ("returned", "update"): Transition("in_progress", Permission.REPORT_WORK),
    ("returned", "exempt"): Transition("exempt", Permission.EXEMPT_WORK),
    ("accepted", "reopen"): Transition("returned", Permission.JUDGE_WORK),
    ("exempt", "restore"): Transition("not_started", Permission.EXEMPT_WORK),
}


class NotAllowed(Exception):
    """The state does not know the verb; the message is Vietnamese, for the person who tried."""

    def __init__(self, state: str, verb: str) -> None:
        self.state, self.verb = state, verb
        super().__init__(
            f"Không thể “{VERBS.get(verb, verb)}” khi nhiệm vụ đang ở trạng thái "
            f"“{STATES.get(state, state)}”. Hãy tải lại trang để xem trạng thái mới nhất."
        )


def transition(state: str, verb: str) -> Transition:
    """The transition a verb makes from a state. Raises NotAllowed where the table has none."""
    found = TRANSITIONS.get((state, verb))
    if found is None:
        raise NotAllowed(state, verb)
    return found


def allowed(state: str) -> tuple[str, ...]:
    """The verbs a state knows, in the order of the table."""
    return tuple(verb for origin, verb in TRANSITIONS if origin == state)


def official_class(state: str, late: bool) -> str | None:
    """The class (a key of OFFICIAL_CLASSES) in which work is counted; None for what counts in none.

    Exempt work and work of which nothing arose are counted apart.

    Work that is reported but not yet judged is still being done: only acceptance completes it.
    """
    if state in ("exempt", NOTHING_AROSE):
        return None
    done = "done" if state == "accepted" else "doing"
    return f"{done}_late" if late else f"{done}_on_time"


def counted_state(state: str, nothing_arose: bool) -> str:
    """The state under which work is counted: its own, or NOTHING_AROSE once that is accepted."""
    return NOTHING_AROSE if state == "accepted" and nothing_arose else state


def class_label(state: str, late: bool, continuous: bool) -> str:
    """How the standing of one assignment reads.

    An accepted continuous duty has no end to be on time for: it reads as done in the period,
    while :func:`official_class` counts it with the completed.
    """
    if continuous and state == "accepted":
        return DONE_IN_PERIOD
    code = official_class(state, late)
    return STATES[state] if code is None else OFFICIAL_CLASSES[code]


def as_mermaid() -> str:
    """The transition table as a Mermaid state diagram, labelled in Vietnamese."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {state}: {MARKS[state]} {label}" for state, label in STATES.items()]
    lines.append("    [*] --> not_started")
    lines += [
        f"    {state} --> {found.to}: {VERBS[verb]}" for (state, verb), found in TRANSITIONS.items()
    ]
    return "\n".join(lines) + "\n"
