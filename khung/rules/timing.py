"""When a task is to be done: a timing phrase of a plan becomes typed parts, or a doubt.

Nothing is guessed in silence: wording that is not understood whole has the kind ``unknown`` and
a doubt code, whose Vietnamese text stands in ``DOUBTS``.
"""

import re
from dataclasses import dataclass, fields

from khung.rules.text import fold, squeeze
from khung.rules.timing_wordings import read_wording

KINDS = {
    "continuous": "Thường xuyên",
    "seasonal": "Thường xuyên theo mùa, theo năm học",
    "counted": "Số lần tối thiểu trong kỳ",
    "occasion": "Khi có sự kiện",
    "on_request": "Theo yêu cầu",
    "by_regulation": "Theo quy định",
    "planned": "Theo kế hoạch",
    "recurring": "Định kỳ",
    "on_funding": "Khi được bố trí vốn",
    "dated": "Có thời hạn",
    "unknown": "Chưa xác định",
}
# Duties without an end to be on time for: they are carried on through the period.
CONTINUING = frozenset({"continuous", "seasonal", "on_funding"})
OCCASIONS = {
    "election": "Bầu cử",
    "public_work": "Xây dựng công trình công cộng",
    "land_recovery": "Nhà nước thu hồi đất",
    "poverty_review": "Xét duyệt hộ nghèo, hộ cận nghèo",
    "recruitment": "Tuyển dụng nhân sự",
    "corruption_finding": "Phát hiện hành vi, vụ việc tham nhũng",
    "procedure_announced": "Công bố thủ tục hành chính, sửa đổi quy trình giải quyết",
    "unplanned_inspection": "Kiểm tra đột xuất",
}
PHASES = {"before": "Trước", "during": "Trong", "after": "Sau"}
CYCLES = {"year": "năm", "half": "6 tháng", "quarter": "quý", "month": "tháng", "week": "tuần"}
DOUBTS = {
    "timing_missing": "Không ghi thời gian thực hiện",
    "timing_unknown": "Chưa hiểu thời gian thực hiện",
    "timing_words_lost": "Thời gian thực hiện có vẻ bị mất chữ",
    "timing_year_missing": "Thời hạn không ghi năm và không ghi là hằng năm",
    "timing_date_invalid": "Ngày ghi trong thời hạn không có thật",
    "timing_occasion_unknown": "Chưa rõ sự kiện nào làm phát sinh nhiệm vụ",
}
# First month and day, last month and day. The school year opens on 5 September and ends before
# 31 May according to press summaries; the ministry's decision of each year is unverified.
SEASONS = {"school_year": (9, 5, 5, 31)}
SEASON_LABELS = {"school_year": "Năm học"}

# A plan's timing cell is a line; anything longer is another column's text.
_LONGEST = 400
_CONNECTOR = re.compile(r"\s*;\s*(?:[-+•]\s+)?|,\s+|\s(?:va|hoac|cung nhu)\s")


@dataclass(frozen=True, slots=True)
class TimingPart:
    """One condition of a phrase; which of the fields are filled depends on ``kind``."""

    text: str
    kind: str
    count: int | None = None
    per: str | None = None
    occasion: str | None = None
    phases: tuple[str, ...] = ()
    season: str | None = None
    due_month: int | None = None
    due_day: int | None = None
    due_year: int | None = None
    due_quarter: int | None = None
    yearly: bool = False


@dataclass(frozen=True, slots=True)
class Timing:
    """A whole phrase; ``kind`` is that of its first part, which decides when work is made."""

    text: str
    kind: str
    parts: tuple[TimingPart, ...]
    doubts: tuple[str, ...]


def as_dict(part: TimingPart) -> dict[str, object]:
    """The part as JSON values, without its empty fields."""
    values = ((field.name, getattr(part, field.name)) for field in fields(part))
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values
        if value not in (None, (), False)
    }


def parse_timing(text: str) -> Timing:
    """Read a timing phrase into parts and doubt codes. Never raises.

    What each wording means is the table "Timing" in part 4 of the design.
    """
    phrase = re.sub(r"^[-+•]\s+", "", squeeze(text)).rstrip(" ;.,")
    if not phrase:
        return Timing(text, "unknown", (), ("timing_missing",))
    found = _split(phrase) if len(phrase) <= _LONGEST else None
    if found is None:
        found = [(TimingPart(phrase, "unknown"), "timing_unknown")]
    parts = tuple(part for part, _ in found)
    doubts = tuple(dict.fromkeys(doubt for _, doubt in found if doubt))
    return Timing(text, parts[0].kind, parts, doubts)


def proposed_wording(text: str) -> str | None:
    """The phrase with its lost word put back where that can be told, else None."""
    if "timing_words_lost" not in parse_timing(text).doubts:
        return None
    return re.sub(r"\b(thường)\b(?! xuyên)", r"\1 xuyên", squeeze(text), flags=re.IGNORECASE)


def _split(phrase: str) -> list[tuple[TimingPart, str | None]] | None:
    """The parts that together fill the phrase, cut as early as possible, or None."""
    # One character for one, so that cuts found in the folded text fit the phrase as written.
    folded = "".join((fold(character) or " ")[0] for character in phrase)
    cuts = [match.span() for match in _CONNECTOR.finditer(folded)]
    dead_ends: set[int] = set()

    def read_from(start: int) -> list[tuple[TimingPart, str | None]] | None:
        if start in dead_ends:
            return None
        for end, following in [*cuts, (len(phrase), len(phrase))]:
            found = read_wording(folded[start:end]) if end > start else None
            if found is None:
                continue
            values, doubt = found
            part = (TimingPart(phrase[start:end], **values), doubt)
            rest = read_from(following) if following < len(phrase) else []
            if rest is not None:
                return [part, *rest]
        dead_ends.add(start)
        return None

    return read_from(0)
