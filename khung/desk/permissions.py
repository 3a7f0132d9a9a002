"""Which permission a page of the desk asks for; a page that says nothing is served to nobody.

Which rows a person may see is decided where they are queried (`assignments.queries.visible_to`).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from khung.orgs.acting import Acting
from khung.orgs.models import Person
from khung.rules.permissions import Permission

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request of somebody signed in, as views of the desk see it."""

    acting: Acting
    user: Person


View = Callable[Concatenate[DeskRequest, P], HttpResponseBase]


def requires(*any_of: Permission) -> Callable[[View[P]], View[P]]:
    """Serves a page to whoever holds one of these permissions in the unit they act for.

    Without any permission named, the page is for everybody who is signed in.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if any_of and not any(request.acting.may(permission) for permission in any_of):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.required = any_of  # type: ignore[attr-defined]
        return guarded

    return decorate


class DenyByDefaultMiddleware:
    """Refuses a view of the desk that neither says `requires` nor is open without signing in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        if is_undeclared(view):
            raise PermissionDenied


def is_undeclared(view: Callable[..., Any]) -> bool:
    """Whether a view of the desk leaves open who may see it."""
    written = getattr(view, "view_class", view)
    return (
        written.__module__.startswith("khung.desk.")
        and not hasattr(written, "required")
        and getattr(view, "login_required", True)
    )
