"""Legal numbers as dated rows: never a constant in the code that uses them.

`grade` says how sure we are: "verbatim" (official or verbatim text seen), "secondary" (press,
question-and-answer site or public code quoting the rule), "unverified" (ask a lawyer first).
"""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Norm:
    """One legal number, what it counts, and the span it held in (`valid_to` inclusive)."""

    code: str
    instrument: str
    article: str
    value: int
    unit: str
    valid_from: dt.date
    valid_to: dt.date | None
    source: str
    grade: str


NORMS: tuple[Norm, ...] = (
    Norm(
        code="data_cut_off",
        instrument="Nghị định 09/2019/NĐ-CP",
        article="Điều 12",
        value=15,
        unit="ngày trong tháng",
        valid_from=dt.date(1, 1, 1),
        valid_to=None,
        source="Chế độ báo cáo của cơ quan hành chính nhà nước: số liệu quý chốt từ ngày 15",
        grade="secondary",
    ),
)


def norm_on(code: str, day: dt.date) -> Norm:
    """The norm in force on a day. Raises LookupError where none is known."""
    for norm in NORMS:
        if (
            norm.code == code
            and norm.valid_from <= day
            and (norm.valid_to is None or day <= norm.valid_to)
        ):
            return norm
    raise LookupError(f"{code} on {day}")
