"""Gives every request `acting`: who acts, for which unit, and what is allowed."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from khung.base import clock
from khung.orgs.acting import NOBODY, Acting, acting

# Where the session keeps the unit a person with several chose to act for.
UNIT_KEY = "acting_unit"


class ActingMiddleware:
    """Sets `request.acting`, asked from the database at most once and only if a page wants it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.acting = SimpleLazyObject(lambda: _acting(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _acting(request: HttpRequest) -> Acting:
    if not request.user.is_authenticated:
        return NOBODY
    return acting(request.user, clock.today(), request.session.get(UNIT_KEY))
