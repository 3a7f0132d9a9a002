"""The wordings of timing phrases, folded, and what each of them says.

A wording must fit its phrase whole, so that no words of a plan are passed over.
"""

import calendar
import re
from collections.abc import Callable
from typing import Any

Found = tuple[dict[str, Any], str | None]
"""Fields of a timing part, and the code of a doubt about them or None."""

_LEAD = r"(?:duoc |can )?(?:thuc hien |to chuc |bao cao )?"
_BY = r"(?:hoan thanh |thuc hien |xong )?(?:trong |cham nhat |den het |den |het |cuoi )?"
_UNIT = r"(?P<unit>tuan|thang|quy|nam)"
_EVERY = r"(?:(?P<every>\d{1,2}|mot|hai|ba|bon|sau) )?"
_COUNT = (
    r"(?:it nhat |toi thieu |khong duoi |khong it hon )?"
    r"(?P<count>\d{1,3}|mot|hai|ba|bon|sau) (?:lan|dot|cuoc|buoi)"
)
_YEAR = r"(?:(?P<yearly>,? (?:hang|moi) nam)|(?: ?[/.-] ?|,? nam )(?P<year>\d{4}))?"

_NUMBERS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "sau": 6}
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_CYCLES = {
    (1, "tuan"): "week",
    (1, "thang"): "month",
    (3, "thang"): "quarter",
    (1, "quy"): "quarter",
    (6, "thang"): "half",
    (2, "quy"): "half",
    (12, "thang"): "year",
    (1, "nam"): "year",
}
_PHASES = {"truoc": "before", "trong": "during", "sau": "after"}
_OCCASIONS = (
    ("election", r"\bbau (?:cu|truong thon|to truong)\b"),
    ("land_recovery", r"\bthu hoi dat\b"),
    ("poverty_review", r"\b(?:xet duyet|binh xet)$|\bho (?:can )?ngheo\b"),
    ("recruitment", r"\btuyen dung\b"),
    ("corruption_finding", r"\btham nhung\b"),
    ("procedure_announced", r"\b(?:cong bo|sua doi)\b.*\b(?:tthc|thu tuc hanh chinh)\b"),
    ("public_work", r"\bxay dung\b.*\bcong trinh\b|\bcong trinh cong cong\b"),
)


def _fixed(kind: str, doubt: str | None = None, **values: str) -> Callable[[re.Match[str]], Found]:
    return lambda match: ({"kind": kind, **values}, doubt)


def _number(text: str | None) -> int:
    if text is None:
        return 1
    return _NUMBERS[text] if text in _NUMBERS else int(text)


def _cycle(match: re.Match[str]) -> str | None:
    return _CYCLES.get((_number(match["every"]), match["unit"]))


def _counted(match: re.Match[str]) -> Found:
    per, count = _cycle(match), _number(match["count"])
    if per is None or count == 0:
        return {"kind": "unknown"}, "timing_unknown"
    return {"kind": "counted", "count": count, "per": per}, None


def _recurring(match: re.Match[str]) -> Found:
    per = _cycle(match)
    if per is None:
        return {"kind": "unknown"}, "timing_unknown"
    return {"kind": "recurring", "per": per}, None


def _dated(match: re.Match[str]) -> Found:
    named = match.groupdict()
    day, month, year = (
        int(value) if (value := named.get(name)) else None for name in ("day", "month", "year")
    )
    quarter = named.get("quarter")
    values: dict[str, Any] = {
        "kind": "dated",
        "due_day": day,
        "due_month": month,
        "due_year": year,
        "due_quarter": (_QUARTERS.get(quarter) or int(quarter)) if quarter else None,
        "yearly": bool(named.get("yearly")),
    }
    if month is not None and not _real(day or 1, month, year):
        return {"kind": "unknown"}, "timing_date_invalid"
    return values, None if year or values["yearly"] else "timing_year_missing"


def _real(day: int, month: int, year: int | None) -> bool:
    """Whether the calendar has the day; 29 February passes where no year is given."""
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year or 2000, month)[1]


def _occasion(match: re.Match[str]) -> Found:
    code = next((code for code, words in _OCCASIONS if re.search(words, match[0])), None)
    phases = tuple(_PHASES[word] for word in re.findall(r"truoc|trong|sau", match["phases"] or ""))
    values = {"kind": "occasion", "occasion": code, "phases": phases}
    return values, None if code else "timing_occasion_unknown"


# Tried from the top; the first that fits whole decides.
_WORDINGS = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (_LEAD + "thuong", _fixed("continuous", doubt="timing_words_lost")),
        (_LEAD + "(?:thuong xuyen|lien tuc|hang ngay|ca nam|quanh nam)", _fixed("continuous")),
        (
            "(?:thuong xuyen )?(?:trong|suot|theo) (?:ca )?nam hoc",
            _fixed("seasonal", season="school_year"),
        ),
        (
            "(?:thuong xuyen )?(?:ngay )?(?:sau )?khi (?:duoc |co )?(?:bo tri |phan bo |cap )?"
            r"(?:nguon )?(?:von|kinh phi)\b.*",
            _fixed("on_funding"),
        ),
        (
            "theo (?:tien do|kha nang) (?:bo tri|phan bo|cap|can doi) (?:nguon )?(?:von|kinh phi)",
            _fixed("on_funding"),
        ),
        (_LEAD + "theo (?:ke hoach|chuong trinh|lich|lo trinh)(?: .+)?", _fixed("planned")),
        (_LEAD + "theo (?:dung )?quy dinh(?: .+)?", _fixed("by_regulation")),
        (_LEAD + rf"(?:dinh ky )?{_EVERY}{_UNIT} ?(?:/ ?)?(?:0?1 |mot )?lan", _recurring),
        (_LEAD + rf"(?:(?:moi|hang) )?{_EVERY}{_UNIT},? {_COUNT}", _counted),
        (_LEAD + rf"{_COUNT} ?(?:/|moi|trong|mot|tren) ?{_EVERY}{_UNIT}", _counted),
        (_LEAD + rf"(?:dinh ky )?(?:hang|moi|tung) {_EVERY}{_UNIT}", _recurring),
        (_LEAD + rf"dinh ky {_EVERY}{_UNIT}", _recurring),
        (
            rf"{_BY}(?:truoc )?(?:ngay )?(?P<day>\d{{1,2}})(?: ?[/.-] ?| thang )"
            rf"(?P<month>\d{{1,2}}){_YEAR}",
            _dated,
        ),
        (rf"{_BY}thang (?P<month>\d{{1,2}}){_YEAR}", _dated),
        (rf"{_BY}quy (?P<quarter>i{{1,3}}|iv|[1-4]){_YEAR}", _dated),
        (rf"{_BY}nam (?P<year>\d{{4}})", _dated),
        (
            _LEAD + "(?:khi )?dot xuat",
            _fixed("occasion", occasion="unplanned_inspection"),
        ),
        ("theo (?:yeu cau|de nghi|nhu cau)(?: .+)?", _fixed("on_request")),
        (
            "(?:ngay )?khi (?:.+ )?(?:de nghi|yeu cau|co nhu cau)(?: (?:cua|tu) .+)?",
            _fixed("on_request"),
        ),
        (
            _LEAD + "(?P<phases>(?:(?:truoc|trong|sau)(?:, va |, | va | ))*)"
            "(?:ngay )?(?:khi|ky|dot|cuoc|qua trinh) .+",
            _occasion,
        ),
    )
)


def read_wording(folded: str) -> Found | None:
    """What a folded chunk of a timing phrase says, or None where no wording fits it whole."""
    for pattern, read in _WORDINGS:
        match = pattern.fullmatch(folded)
        if match:
            return read(match)
    return None
