"""Every distinct timing phrase of the first Decision, and other plans', read by hand.

Each part is the dictionary a reader prints; the kind of the whole stands first.
"""

from typing import NamedTuple


class Expected(NamedTuple):
    kind: str
    parts: tuple[dict[str, object], ...]
    doubts: tuple[str, ...] = ()


def one(text: str, kind: str, doubt: str | None = None, **values: object) -> Expected:
    """A phrase that is one part."""
    return Expected(kind, ({"text": text, "kind": kind, **values},), (doubt,) if doubt else ())


PLAN = "Theo kế hoạch"
SUDDEN: dict[str, object] = {
    "text": "đột xuất",
    "kind": "occasion",
    "occasion": "unplanned_inspection",
}
SCHOOL_YEAR: dict[str, object] = {
    "text": "Thường xuyên trong năm học",
    "kind": "seasonal",
    "season": "school_year",
}

SEED = {
    "Thường xuyên": one("Thường xuyên", "continuous"),
    "Trước và trong kỳ bầu cử": one(
        "Trước và trong kỳ bầu cử", "occasion", occasion="election", phases=["before", "during"]
    ),
    "Trước, trong và sau kỳ bầu cử": one(
        "Trước, trong và sau kỳ bầu cử",
        "occasion",
        occasion="election",
        phases=["before", "during", "after"],
    ),
    "Khi xây dựng các công trình công cộng": one(
        "Khi xây dựng các công trình công cộng", "occasion", occasion="public_work"
    ),
    "Thực hiện trước, trong và sau đợt xét duyệt": one(
        "Thực hiện trước, trong và sau đợt xét duyệt",
        "occasion",
        occasion="poverty_review",
        phases=["before", "during", "after"],
    ),
    "Theo quy định": one("Theo quy định", "by_regulation"),
    "Khi Nhà nước thực hiện thu hồi đất": one(
        "Khi Nhà nước thực hiện thu hồi đất", "occasion", occasion="land_recovery"
    ),
    "Theo yêu cầu của cá nhân, tổ chức": one("Theo yêu cầu của cá nhân, tổ chức", "on_request"),
    "Mỗi năm ít nhất 02 lần": one("Mỗi năm ít nhất 02 lần", "counted", count=2, per="year"),
    "Theo kế hoạch hoặc đột xuất": Expected("planned", ({"text": PLAN, "kind": "planned"}, SUDDEN)),
    "Khi có nhu cầu tuyển dụng nhân sự": one(
        "Khi có nhu cầu tuyển dụng nhân sự", "occasion", occasion="recruitment"
    ),
    "Theo kế hoạch": one(PLAN, "planned"),
    "Khi phát hiện các hành vi, vụ việc tham nhũng": one(
        "Khi phát hiện các hành vi, vụ việc tham nhũng", "occasion", occasion="corruption_finding"
    ),
    "Khi bộ ngành trung ương công bố TTHC hoặc UBND tỉnh sửa đổi quy trình giải quyết TTHC": one(
        "Khi bộ ngành trung ương công bố TTHC hoặc UBND tỉnh sửa đổi quy trình giải quyết TTHC",
        "occasion",
        occasion="procedure_announced",
    ),
    "Khi cá nhân, tổ chức đề nghị": one("Khi cá nhân, tổ chức đề nghị", "on_request"),
    "Thực hiện thường hoặc đột xuất": Expected(
        "continuous",
        ({"text": "Thực hiện thường", "kind": "continuous"}, SUDDEN),
        ("timing_words_lost",),
    ),
    "Thường xuyên trong năm học và ngay khi được bố trí nguồn vốn": Expected(
        "seasonal",
        (SCHOOL_YEAR, {"text": "ngay khi được bố trí nguồn vốn", "kind": "on_funding"}),
    ),
    "Thường xuyên trong năm học": Expected("seasonal", (SCHOOL_YEAR,)),
    "Thường xuyên trong năm học và ngay khi được bố trí nguồn vốn và chỉ tiêu biên chế": Expected(
        "seasonal",
        (
            SCHOOL_YEAR,
            {"text": "ngay khi được bố trí nguồn vốn và chỉ tiêu biên chế", "kind": "on_funding"},
        ),
    ),
    "Thường xuyên ngay khi được bố trí nguồn vốn": one(
        "Thường xuyên ngay khi được bố trí nguồn vốn", "on_funding"
    ),
}

_OTHERS = (
    one("Quý III/2023", "dated", due_quarter=3, due_year=2023),
    one("Quý 3 năm 2023", "dated", due_quarter=3, due_year=2023),
    one("Quý IV hằng năm", "dated", due_quarter=4, yearly=True),
    one("Trước 30/6/2023", "dated", due_day=30, due_month=6, due_year=2023),
    one(
        "Hoàn thành trước ngày 30 tháng 6 năm 2023", "dated", due_day=30, due_month=6, due_year=2023
    ),
    one("Trước 30/6", "dated", "timing_year_missing", due_day=30, due_month=6),
    one("Trước ngày 15/12 hằng năm", "dated", due_day=15, due_month=12, yearly=True),
    one("Tháng 9 hằng năm", "dated", due_month=9, yearly=True),
    one("Tháng 9/2023", "dated", due_month=9, due_year=2023),
    one("Trong năm 2023", "dated", due_year=2023),
    one("Hằng tuần", "recurring", per="week"),
    one("Hằng tháng", "recurring", per="month"),
    one("Hằng quý", "recurring", per="quarter"),
    one("Định kỳ hằng năm", "recurring", per="year"),
    one("Định kỳ 6 tháng", "recurring", per="half"),
    one("6 tháng/lần", "recurring", per="half"),
    one("Ba tháng một lần", "recurring", per="quarter"),
    one("02 lần/năm", "counted", count=2, per="year"),
    one("6 tháng ít nhất 02 lần", "counted", count=2, per="half"),
    one("Ít nhất 01 lần mỗi quý", "counted", count=1, per="quarter"),
    one("Theo tiến độ bố trí vốn", "on_funding"),
    one("Theo đúng quy định của pháp luật", "by_regulation"),
    one("Liên tục", "continuous"),
    one("Sau khi Nhà nước thu hồi đất", "occasion", occasion="land_recovery", phases=["after"]),
    # What cannot be read whole, or names no day of the calendar, is a doubt.
    one("Khi có thiên tai", "occasion", "timing_occasion_unknown"),
    one("Trước 31/6/2023", "unknown", "timing_date_invalid"),
    one("Tháng 13 hằng năm", "unknown", "timing_date_invalid"),
    one("2 tháng/lần", "unknown", "timing_unknown"),
    one("Mỗi năm ít nhất 00 lần", "unknown", "timing_unknown"),
    one("Từ tháng 3 đến tháng 6/2023", "unknown", "timing_unknown"),
    one("Thường xuyên, nhất là dịp Tết", "unknown", "timing_unknown"),
)
OTHER_PLANS = {str(expected.parts[0]["text"]): expected for expected in _OTHERS} | {
    "Hằng tháng, hằng quý": Expected(
        "recurring",
        (
            {"text": "Hằng tháng", "kind": "recurring", "per": "month"},
            {"text": "hằng quý", "kind": "recurring", "per": "quarter"},
        ),
    ),
    "Theo kế hoạch; Khi phát hiện tham nhũng": Expected(
        "planned",
        (
            {"text": PLAN, "kind": "planned"},
            {
                "text": "Khi phát hiện tham nhũng",
                "kind": "occasion",
                "occasion": "corruption_finding",
            },
        ),
    ),
    "Quý II và Quý IV hằng năm": Expected(
        "dated",
        (
            {"text": "Quý II", "kind": "dated", "due_quarter": 2},
            {"text": "Quý IV hằng năm", "kind": "dated", "due_quarter": 4, "yearly": True},
        ),
        ("timing_year_missing",),
    ),
}
