"""Mobile numbers of Viet Nam as gateways want them: country code first, digits only."""

import re

# Ranges of mobile numbers since the change of 2018: ten digits, the second one of these.
_MOBILE = re.compile(r"(?:\+?84|0)([35789]\d{8})")
MESSAGE = "Số di động Việt Nam có 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09."


def with_country_code(text: str) -> str:
    """ "0905 123 456" as "84905123456". Raises ValueError (in Vietnamese) for what is no such."""
    found = _MOBILE.fullmatch(re.sub(r"[\s.\-()]", "", text))
    if found is None:
        raise ValueError(MESSAGE)
    return f"84{found[1]}"


def as_written(number: str) -> str:
    """ "84905123456" as people write it: "0905 123 456"."""
    return f"0{number[2:5]} {number[5:8]} {number[8:]}"
