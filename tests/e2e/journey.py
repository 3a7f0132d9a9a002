"""Several people at their own browsers on one site, with a clock the test moves on."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Locator,
    Page,
    Response,
    expect,
)
from pytest_django.live_server_helper import LiveServer

from khung.base import clock
from khung.base.ticking import tick
from khung.orgs.models import Person
from khung.reports.jobs import refresh_board_figures
from tests.e2e.chromium import SIZES
from tests.e2e.conftest import is_wider_than_the_window

WIDE, NARROW = "1280", "390"
# Several browsers share the machine with the server they ask.
expect.set_options(timeout=30_000)


class Stage:
    """The site, who sits before it, and the time it is; every fault of a page is kept."""

    def __init__(
        self,
        browser: Browser,
        site: LiveServer,
        axe_faults: Callable[[Page], list[str]],
        monkeypatch: pytest.MonkeyPatch,
        now: dt.datetime,
    ) -> None:
        self._browser, self._axe = browser, axe_faults
        self._contexts: list[BrowserContext] = []
        self.site = site.url
        self.now = now
        self.faults: list[str] = []
        self.looked_at: list[str] = []
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def window(self, who: Person | None, size: str = WIDE, *, script: bool = True) -> Page:
        """A browser of its own, signed in as somebody, or as nobody."""
        width, height = SIZES[size]
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            base_url=self.site,
            has_touch=size == NARROW,
            accept_downloads=True,
            # Colours are judged as they stand, not half way to a hover.
            reduced_motion="reduce",
            java_script_enabled=script,
        )
        self._contexts.append(context)
        if who is not None:
            client = Client()
            client.force_login(get_user_model().objects.get(pk=who.pk))
            cookie = client.cookies["sessionid"]
            context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": self.site}])
        context.on("console", lambda said: self._note(said.text, said.type == "error"))
        context.on("weberror", lambda fault: self._note(str(fault.error), True))
        context.on("request", lambda sent: self._note(sent.url, not self._is_ours(sent.url)))
        context.on("response", self._note_answer)
        return context.new_page()

    def _is_ours(self, url: str) -> bool:
        return url.startswith((self.site, "data:", "blob:"))

    def _note(self, what: str, is_fault: bool) -> None:
        if is_fault:
            self.faults.append(what)

    def _note_answer(self, answer: Response) -> None:
        self._note(f"{answer.status} {answer.url}", answer.status >= 500)

    def look(self, page: Page) -> None:
        """What holds of every page on the way: sound, one heading, no wider than its window."""
        where = f"{page.url.removeprefix(self.site)} at {page.viewport_size}"
        expect(page.locator("h1"), where).to_have_count(1)
        self.faults += [f"{fault} on {where}" for fault in self._axe(page)]
        self._note(f"wider than the window: {where}", is_wider_than_the_window(page))
        self.looked_at.append(where)

    def until(self, month: int, day: int, hour: int = 9) -> None:
        """Time passes, and the schedule has its round; its hourly figures are counted."""
        self.now = dt.datetime(2025, month, day, hour, 30, tzinfo=timezone.get_default_timezone())
        tick()
        refresh_board_figures.func(f"{self.now:%Y-%m-%dT%H}")

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@contextmanager
def stage(
    browser: Browser,
    site: LiveServer,
    axe_faults: Callable[[Page], list[str]],
    monkeypatch: pytest.MonkeyPatch,
    now: dt.datetime,
) -> Iterator[Stage]:
    """A stage whose windows are closed at the end; a fault in any of them fails the test."""
    made = Stage(browser, site, axe_faults, monkeypatch, now)
    try:
        yield made
    finally:
        made.close()
    assert made.faults == [], "\n".join(made.faults)


class Sheet:
    """The sheet of a unit's quarter, as a reporter uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, pk: int) -> Locator:
        """Goes to the sheet and opens a line in place; returns the line."""
        self.page.goto("/viec-cua-toi/")
        line = self.page.locator(f"#nv-{pk}")
        line.locator("summary").first.click()
        expect(line.get_by_label("Nội dung kết quả")).to_be_visible()
        return line

    def write(self, line: Locator, words: str, *methods: str) -> None:
        """Types what was done and ticks how; the line saves itself and says so."""
        line.get_by_label("Nội dung kết quả").fill(words)
        for method in methods:
            line.get_by_label(method, exact=True).check()
        expect(line.locator("[data-save-state]")).to_have_attribute("data-kind", "saved")
        expect(line.locator("[data-save-state]")).to_contain_text("Đã lưu")

    def attach(self, line: Locator, method: str, name: str, content: bytes) -> None:
        """Chooses a file for a method, as the button beside it does."""
        place = line.locator("[data-method]").filter(has_text=method)
        place.locator("input[type=file]").first.set_input_files(
            FilePayload(name=name, mimeType="image/jpeg", buffer=content)
        )
        expect(place.locator(".piece").filter(has_text=name)).to_be_visible()
