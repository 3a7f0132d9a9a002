"""Whose guess at a password it is, and how many one address has."""

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from khung.base.sign_in_limits import FAILURES_OF_ONE_ADDRESS, client_address

PROXY = "127.0.0.1"
SIGN_IN = "/dang-nhap/"


@pytest.mark.parametrize(
    ("https", "forwarded", "expected"),
    [
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (True, "203.0.113.9, 2001:db8::1", "2001:db8::1"),
        (True, "unknown", PROXY),
        (True, None, PROXY),
        (False, "203.0.113.9", PROXY),
    ],
)
def test_only_what_the_proxy_wrote_is_believed(
    settings: Settings, https: bool, forwarded: str | None, expected: str
) -> None:
    settings.HTTPS = https
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory(REMOTE_ADDR=PROXY).get(SIGN_IN, headers=headers)
    assert client_address(request) == expected


def test_a_server_that_is_told_no_address_has_none(settings: Settings) -> None:
    settings.HTTPS = False
    assert client_address(RequestFactory(REMOTE_ADDR="").get(SIGN_IN)) is None


def guess(name: str, *, forwarded: str) -> int:
    client = Client(REMOTE_ADDR=PROXY)
    answer = {"login": name, "password": "sai"}
    return client.post(SIGN_IN, answer, headers={"X-Forwarded-For": forwarded}).status_code


@pytest.mark.django_db
def test_behind_a_proxy_one_guesser_locks_out_nobody_else(settings: Settings) -> None:
    settings.HTTPS = True
    settings.SECURE_SSL_REDIRECT = False
    # What the client itself writes before the proxy's entry changes nothing.
    said = [guess("an", forwarded=f"192.0.2.{n}, 203.0.113.9") for n in range(6)]
    assert said == [200, 200, 200, 200, 429, 429]
    assert guess("an", forwarded="203.0.113.10") == 200


@pytest.mark.django_db
def test_one_address_trying_many_names_is_locked_out(settings: Settings) -> None:
    settings.HTTPS = True
    settings.SECURE_SSL_REDIRECT = False
    said = [guess(f"ten{n}", forwarded="203.0.113.9") for n in range(FAILURES_OF_ONE_ADDRESS + 1)]
    assert said[:-2] == [200] * (FAILURES_OF_ONE_ADDRESS - 1)
    assert said[-2:] == [429, 429]
    assert guess("ten0", forwarded="203.0.113.10") == 200
