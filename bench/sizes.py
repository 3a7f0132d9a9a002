"""How much of everything is measured, and what must be reached."""

import datetime as dt
from dataclasses import dataclass

# The quarter that is expanded and shown, and the day whose units owe it.
QUARTER = "2023-Q1"
AS_OF = dt.date(2023, 2, 15)
PERIODS = 12


@dataclass(frozen=True, slots=True)
class Sizes:
    """`small` and `large` are the numbers of assignments the board is measured on.

    `sent_alone` reports are sent by one client, `at_once` by `clients` together.
    """

    villages: int
    small: int
    large: int
    rounds: int
    repeats: int
    sent_alone: int
    at_once: int
    clients: int

    @property
    def sent_at_once(self) -> list[int]:
        """How many reports each of the clients sends."""
        each, more = divmod(self.at_once, self.clients)
        return [each + (n < more) for n in range(self.clients)]


FULL = Sizes(
    villages=980,
    small=60_000,
    large=2_000_000,
    rounds=100,
    repeats=5,
    sent_alone=75,
    at_once=1_000,
    clients=16,
)
QUICK = Sizes(
    villages=20,
    small=10_000,
    large=20_000,
    rounds=3,
    repeats=1,
    sent_alone=10,
    at_once=24,
    clients=4,
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure must reach: `most` or `least`, by database where they differ."""

    label: str
    most: float | None = None
    least: dict[str, float] | None = None


TARGETS = {
    "read_decision_s": Target("Đọc Quyết định thành bộ khung (giây)", most=1),
    "expand_per_s": Target(
        "Giao việc một quý (nhiệm vụ mỗi giây)", least={"sqlite": 10_000, "postgresql": 5_000}
    ),
    "board_ratio_60k": Target("Bảng theo dõi, tập nhỏ, so với trang trơn (lần)", most=3),
    "board_ratio_2m": Target("Bảng theo dõi, tập lớn, so với trang trơn (lần)", most=3),
    "board_2m_over_60k": Target("Bảng theo dõi, tập lớn so với tập nhỏ (lần)", most=1.3),
    "my_work_ratio": Target("Việc của tôi so với trang trơn (lần)", most=4),
    "review_queue_ratio": Target("Chờ thẩm định so với trang trơn (lần)", most=4),
    "submit_per_s": Target(
        "Gửi báo cáo kèm một tài liệu (báo cáo mỗi giây)",
        least={"sqlite": 60, "postgresql": 60},
    ),
    "concurrent_lost": Target("Báo cáo gửi cùng lúc bị mất", most=0),
    "concurrent_5xx": Target("Lỗi máy chủ khi gửi cùng lúc", most=0),
    "worker_rss_mb": Target("Bộ nhớ lớn nhất của tiến trình web (MB)", most=300),
}


def reaches(key: str, database: str, value: float) -> bool | None:
    """Whether a figure reaches its target; None for a figure without one."""
    target = TARGETS.get(key)
    if target is None:
        return None
    if target.least is not None:
        return value >= target.least[database]
    return target.most is None or value <= target.most
