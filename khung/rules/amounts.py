"""Numbers as Vietnamese officials write them, in sheets and tables."""

import re
from decimal import Decimal, InvalidOperation

_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")
MOST = Decimal(10) ** 12


class NoAmount(ValueError):
    """A text that is no number, or one that cannot be counted; `code` is a key of PROBLEMS."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(PROBLEMS[code])


PROBLEMS = {
    "no_number": "phải là số, ví dụ 120 hoặc 1.250,5",
    "negative": "không thể âm",
    "too_large": "quá lớn; xem lại đơn vị tính",
    "decimals": "chỉ ghi tối đa hai chữ số thập phân",
    "not_whole": "phải là số nguyên",
}


def amount(value: object, *, whole: bool = False) -> Decimal | None:
    """The number of a cell: a number, or text as "1.250,5" or "12.5"; None for an empty one.

    Raises NoAmount for anything else, for what is negative, and for a fraction where only a
    `whole` number can be counted.
    """
    if isinstance(value, bool):
        raise NoAmount("no_number")
    if isinstance(value, float):
        # A spreadsheet computes in binary: 0.1 + 0.2 is meant as 0.3.
        found = Decimal(repr(round(value, 6)))
    else:
        text = "".join(str("" if value is None else value).split())
        if not text:
            return None
        if "," in text or _THOUSANDS.fullmatch(text):
            text = text.replace(".", "").replace(",", ".")
        try:
            found = Decimal(text)
        except InvalidOperation as why:
            raise NoAmount("no_number") from why
    return _checked(found, whole=whole)


def _checked(found: Decimal, *, whole: bool) -> Decimal:
    if not found.is_finite():
        raise NoAmount("no_number")
    if found < 0:
        raise NoAmount("negative")
    if found >= MOST:
        raise NoAmount("too_large")
    if whole and found != found.to_integral_value():
        raise NoAmount("not_whole")
    if found != round(found, 2):
        raise NoAmount("decimals")
    return found


def written(found: Decimal | None) -> str:
    """A number without idle zeros and with a decimal comma; empty for none."""
    if found is None:
        return ""
    plain = f"{found:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(".", ",")
