"""Vietnamese first, and reading never writes."""

import logging

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.translation import get_language
from pytest_django import Settings

from khung.base.middleware import LanguageMiddleware, ReadOnlyGetMiddleware, WroteOnGet
from khung.base.models import NamedLock

REQUESTS = RequestFactory()


def speaks(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_language())


def writes(request: HttpRequest) -> HttpResponse:
    NamedLock.objects.create(name="written")
    return HttpResponse()


def reads(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(NamedLock.objects.count()))


@pytest.mark.parametrize(
    ("cookie", "language"), [(None, "vi"), ("en", "en"), ("vi", "vi"), ("fr", "vi"), ("", "vi")]
)
def test_the_reader_chooses_the_language_not_the_browser(cookie: str | None, language: str) -> None:
    request = REQUESTS.get("/", headers={"Accept-Language": "en-US"})
    if cookie is not None:
        request.COOKIES["django_language"] = cookie
    response = LanguageMiddleware(speaks)(request)
    assert response.content.decode() == language
    assert response["Content-Language"] == language
    assert "Cookie" in response["Vary"]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_page_that_writes_while_it_is_read_fails_in_tests(method: str) -> None:
    with pytest.raises(WroteOnGet):
        with transaction.atomic():
            ReadOnlyGetMiddleware(writes)(getattr(REQUESTS, method)("/trang/"))
    assert not NamedLock.objects.exists()


@pytest.mark.django_db
def test_in_service_it_is_logged(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.REFUSE_WRITES_ON_GET = False
    with caplog.at_level(logging.ERROR):
        ReadOnlyGetMiddleware(writes)(REQUESTS.get("/trang/"))
    assert "/trang/" in caplog.text
    assert NamedLock.objects.exists()


@pytest.mark.django_db
def test_reading_and_posting_pass() -> None:
    assert ReadOnlyGetMiddleware(reads)(REQUESTS.get("/")).content == b"0"
    ReadOnlyGetMiddleware(writes)(REQUESTS.post("/"))
    assert NamedLock.objects.exists()
    assert connection.execute_wrappers == []
