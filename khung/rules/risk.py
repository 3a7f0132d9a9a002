"""How likely a unit is to miss its deadline, as points with their reasons in words.

It orders whom to call first; it is no assessment of a unit, and is never published. The weights
are proposed by this project: half for what is still open against the time left, the rest for what
the past says. Every point given has a sentence, so that nobody needs to trust a number.
"""

from collections.abc import Mapping
from dataclasses import dataclass

MOST = 100
# Fewer working days than this, and open work begins to press.
HORIZON = 20
# Vietnamese patterns of the reasons, filled with the figures of `Reason.values`.
REASONS: Mapping[str, str] = {
    "overdue": "{n} nhiệm vụ đã quá hạn",
    "open": "còn {share} chưa báo cáo, {left} ngày làm việc",
    "due_today": "còn {share} chưa báo cáo, hôm nay là hạn",
    "past": "còn {share} chưa báo cáo, đã qua hạn",
    "returned": "{n} báo cáo bị trả lại chưa gửi lại",
    "often_late": "{share} nhiệm vụ của các kỳ trước bị quá hạn",
    "never_reported": "chưa từng gửi báo cáo nào",
    "calm": "không có dấu hiệu chậm",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a unit and all below it: counts of assignments, working days to the
    deadline (negative once it passed), and the share late in its last periods (None: no past)."""

    counted: int
    open: int
    overdue: int
    returned: int
    days_left: int
    late_share: float | None = None
    has_reported: bool = True


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a key of REASONS, its figures, and the points it gave."""

    code: str
    points: int
    n: int = 0
    share: float = 0.0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Risk:
    """Points from 0 to MOST, and the reasons, the heaviest first."""

    points: int
    reasons: tuple[Reason, ...]


def risk(facts: Facts) -> Risk:
    """The risk of missing; 0 where nothing counts or nothing is open any more."""
    if not facts.counted or not facts.open:
        return Risk(0, (Reason("calm", 0),))
    found = [reason for reason in _reasons(facts) if reason.points > 0]
    found.sort(key=lambda reason: -reason.points)
    points = min(MOST, sum(reason.points for reason in found))
    return Risk(points, tuple(found) or (Reason("calm", 0),))


def _reasons(facts: Facts) -> list[Reason]:
    share = facts.open / facts.counted
    # 0 with a month left, 1 on the day and after it.
    pressure = min(1.0, max(0.0, 1 - facts.days_left / HORIZON))
    left = facts.days_left
    when = "open" if left > 0 else "due_today" if left == 0 else "past"
    found = [
        Reason(when, round(50 * share * pressure), share=share, left=left),
        Reason(
            "overdue", _at_least(20 * facts.overdue / facts.counted, facts.overdue), n=facts.overdue
        ),
        Reason(
            "returned",
            _at_least(10 * facts.returned / facts.counted, facts.returned),
            n=facts.returned,
        ),
    ]
    if facts.late_share is not None:
        found.append(Reason("often_late", round(15 * facts.late_share), share=facts.late_share))
    if not facts.has_reported:
        found.append(Reason("never_reported", 15))
    return found


def _at_least(points: float, n: int) -> int:
    """Rounded, but never 0 while there is one: a single overdue task among many still is one."""
    return max(1, round(points)) if n else 0
