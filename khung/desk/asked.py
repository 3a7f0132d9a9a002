"""What the address of a page asks for: a period, a number, what to narrow a list to."""

from django.http import HttpRequest

from khung.assignments.models import Period
from khung.assignments.queries import opened_periods
from khung.assignments.work import Wanted
from khung.base import clock
from khung.rules.taxonomy import DIMENSIONS
from khung.rules.text import squeeze
from khung.rules.workflow import STATES


def number(request: HttpRequest, name: str) -> int | None:
    """A whole number of the address, or None where it is none."""
    text = request.GET.get(name, "")
    return int(text) if is_id(text) else None


def is_id(text: str) -> bool:
    """Whether a text can be the number of a record; a longer one no database holds."""
    return text.isdecimal() and len(text) < 18


def dimension(request: HttpRequest) -> int | None:
    """The dimension asked for, or None for all."""
    asked = number(request, "dimension")
    return asked if asked in {known.no for known in DIMENSIONS} else None


def period(request: HttpRequest) -> Period | None:
    """The opened period asked for, else the current one; None where none is opened."""
    by_code = {found.code: found for found in opened(request)}
    return by_code.get(request.GET.get("period", "")) or current_period(request)


def opened(request: HttpRequest) -> list[Period]:
    """The opened periods, newest first, asked from the database once a request."""
    found: list[Period] | None = getattr(request, "opened_periods", None)
    if found is None:
        found = request.opened_periods = list(opened_periods())  # type: ignore[attr-defined]
    return found


def current_period(request: HttpRequest) -> Period | None:
    """The opened period today lies in, else the newest; None where none is opened."""
    today = clock.today()
    found = (one for one in opened(request) if one.starts_on <= today <= one.ends_on)
    return next(found, None) or next(iter(opened(request)), None)


def wanted(request: HttpRequest) -> Wanted:
    """What a list is narrowed to; what is not understood asks for nothing."""
    state = request.GET.get("state", "")
    return Wanted(
        dimension=dimension(request),
        state=state if state in STATES else "",
        is_overdue=request.GET.get("overdue") == "1",
        words=squeeze(request.GET.get("q", ""))[:200],
    )
