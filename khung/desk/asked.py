"""What the address of a page asks for: a period, a number, what to narrow a list to."""

import datetime as dt
from collections.abc import Sequence

from django.http import HttpRequest

from khung.assignments.models import Period
from khung.assignments.work import Wanted
from khung.rules.taxonomy import DIMENSIONS
from khung.rules.text import squeeze
from khung.rules.workflow import STATES


def number(request: HttpRequest, name: str) -> int | None:
    """A whole number of the address, or None where it is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else None


def dimension(request: HttpRequest) -> int | None:
    """The dimension asked for, or None for all."""
    asked = number(request, "dimension")
    return asked if asked in {known.no for known in DIMENSIONS} else None


def period(request: HttpRequest, opened: Sequence[Period], today: dt.date) -> Period | None:
    """The opened period asked for, else the one today lies in, else the newest; None if none is.

    `opened` comes newest first.
    """
    by_code = {found.code: found for found in opened}
    asked = by_code.get(request.GET.get("period", ""))
    current = (found for found in opened if found.starts_on <= today <= found.ends_on)
    return asked or next(current, None) or next(iter(opened), None)


def wanted(request: HttpRequest) -> Wanted:
    """What a list is narrowed to; what is not understood asks for nothing."""
    state = request.GET.get("state", "")
    return Wanted(
        dimension=dimension(request),
        state=state if state in STATES else "",
        is_overdue=request.GET.get("overdue") == "1",
        words=squeeze(request.GET.get("q", ""))[:200],
    )
