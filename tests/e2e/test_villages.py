"""The phone of a village head: small photographs, a lost connection, sent by itself."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from khung.base import clock
from khung.reports.actions.villages import Village, link_villages
from khung.reports.models import VillageSending
from khung.reports.village_address import code_of
from tests.cast import TODAY, Cast
from tests.e2e.conftest import is_wider_than_the_window
from tests.reports.test_uploads import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(
    transactional_db: None, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> str:
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    cast = Cast()
    asked = cast.scene.assignment("east1", 1)
    linked = link_villages(
        unit=asked.unit,
        named=[Village("Thôn 2")],
        asked="Chụp bảng niêm yết",
        assignments=[asked],
        expires_on=dt.date(2025, 4, 1),
        by=cast["officer"],
        now=TODAY,
    )
    return f"{live_server.url}/thon/{code_of(linked.made[0].nonce)}/"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone whose lost connections are no fault of the page."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN")
    yield context
    context.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "bang-tin.jpg"
    path.write_bytes(picture(size=(3000, 2000), located=True))
    return path


def test_what_could_not_be_sent_is_sent_once_when_the_page_opens_again(
    context: BrowserContext, address: str, photo: Path
) -> None:
    page = context.new_page()
    page.goto(address)
    page.locator("input[type=file]").nth(1).set_input_files(photo)
    expect(page.locator("#chosen img")).to_have_count(1)
    page.get_by_label("Lời nhắn").fill("Ở đình làng")
    context.set_offline(True)
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_text("Mất mạng: đã giữ trên máy này")).to_be_visible()
    assert not VillageSending.objects.exists()
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    expect(page.get_by_text("Đã gửi lúc 09:30 ngày 03/03/2025.")).to_be_visible()
    sending = VillageSending.objects.get()
    assert sending.text == "Ở đình làng"
    kept = sending.evidence.get().file
    assert kept is not None
    page.reload()
    expect(page.locator("#history li")).to_have_count(1)
    assert VillageSending.objects.count() == 1
    assert context.cookies() == []


def test_anybody_can_use_the_page(
    page: Page, address: str, axe_faults: Callable[[Page], list[str]]
) -> None:
    page.goto(address)
    expect(page.get_by_role("button", name="Gửi", exact=True)).to_be_visible()
    assert axe_faults(page) == []
    assert not is_wider_than_the_window(page)
    page.get_by_role("button", name="Gửi", exact=True).click()
    expect(page.get_by_text("Chưa có gì để gửi")).to_be_visible()
