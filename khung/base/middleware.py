"""What every request passes through: its language, and the promise that reading never writes."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

logger = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TRUNCATE")
# A session from before a new password is dropped where it is read first, in the midst of a page.
SESSIONS = '"django_session"'


class WroteOnGet(RuntimeError):
    """A page changed the database while it was only being read."""


class LanguageMiddleware:
    """Vietnamese unless the reader chose otherwise here; the browser's own language is not asked.

    Many Vietnamese officials use a browser set to English.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


class SignInMiddleware(LoginRequiredMiddleware):
    """Pages are for people signed in; who sends a form without being so is told nothing was saved.

    After signing in they come back to the page they sent it from, not to the form's own address.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        asked = {"unsaved": "1"}
        came_from = request.headers.get("Referer", "")
        if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
            parts = urlsplit(came_from)
            asked["next"] = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return HttpResponseRedirect(f"{reverse(settings.LOGIN_URL)}?{urlencode(asked)}")


class WrongMethodMiddleware:
    """An address that only takes forms says so when it is opened like a page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and not response.content:
            response.content = render_to_string("405.html", request=request)
        return response


class ReadOnlyGetMiddleware:
    """GET and HEAD run no writing statement inside a view; sessions are saved further out."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        path = request.path

        def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            if sql.lstrip(" (\n").upper().startswith(WRITES) and SESSIONS not in sql:
                if settings.REFUSE_WRITES_ON_GET:
                    raise WroteOnGet(f"{path}: {sql[:200]}")
                logger.error("GET %s wrote: %s", path, sql[:200])
            return execute(sql, *rest)

        with connection.execute_wrapper(watch):
            return self.get_response(request)
