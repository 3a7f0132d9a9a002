"""A running site and a browser, for tests marked `browser`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.e2e.chromium import SIZES, started

# The browser's own loop runs in this thread; Django's database calls here are not inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with started() as browser:
        yield browser


@pytest.fixture(params=list(SIZES.values()), ids=list(SIZES))
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A fresh page at 1280 and at 390 px; a request to another host or an error in it fails."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda sent: None if _is_local(sent.url) else faults.append(sent.url))
    yield page
    context.close()
    assert faults == []


class SignIn(Protocol):
    """Signs a person in on a page without the form."""

    def __call__(self, page: Page, username: str) -> None: ...


@pytest.fixture
def sign_in(live_server: LiveServer) -> SignIn:
    def sign_in(page: Page, username: str) -> None:
        client = Client()
        client.force_login(get_user_model().objects.get(username=username))
        cookie = client.cookies["sessionid"]
        page.context.add_cookies(
            [{"name": "sessionid", "value": cookie.value, "url": live_server.url}]
        )

    return sign_in


@pytest.fixture(scope="session")
def axe_faults() -> Callable[[Page], list[str]]:
    """The accessibility rules a page breaks, each with where."""
    axe = Axe()

    def faults(page: Page) -> list[str]:
        found = axe.run(page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found]

    return faults


@pytest.fixture
def screenshot(tmp_path: Path) -> Callable[[Page, str], Path]:
    """Keeps a picture of a page in the test's temporary folder."""

    def take(page: Page, name: str) -> Path:
        path = tmp_path / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take


def is_wider_than_the_window(page: Page) -> bool:
    """Whether a reader would have to scroll the whole page sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def _is_local(url: str) -> bool:
    return url.startswith(("http://localhost", "http://127.0.0.1", "data:"))
