"""Typed words are never lost: a lost connection, an expired sign-in, a closed tab, a colleague."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from khung.assignments.models import Assignment
from khung.base import clock
from khung.reports.models import Report
from tests.cast import TODAY, Cast
from tests.e2e.conftest import SignIn, is_wider_than_the_window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    return Cast()


@pytest.fixture
def own(cast: Cast) -> Assignment:
    return cast.scene.assignment("east1", 1)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser whose lost connections are no fault of the page."""
    context = browser.new_context(locale="vi-VN")
    yield context
    context.close()


def opened(page: Page, site: LiveServer, own: Assignment) -> Locator:
    """The words of a line, which is opened by its summary."""
    page.goto(f"{site.url}/viec-cua-toi/")
    page.locator(f"#nv-{own.pk} summary").click()
    return page.get_by_label("Nội dung kết quả")


def stored(own: Assignment) -> str:
    return Report.objects.get(assignment=own).text


def test_a_line_saves_itself_and_says_what_is_missing(
    page: Page,
    live_server: LiveServer,
    cast: Cast,
    own: Assignment,
    sign_in: SignIn,
    axe_faults: Callable[[Page], list[str]],
) -> None:
    sign_in(page, cast["officer"].username)
    words = opened(page, live_server, own)
    words.fill("Đã niêm yết tại năm thôn")
    page.get_by_label("Niêm yết tại trụ sở").check()
    line = page.locator(f"#nv-{own.pk}")
    expect(line.get_by_text("Đã lưu 09:30")).to_be_visible()
    expect(line.get_by_text("Chưa có tài liệu kiểm chứng.")).to_be_visible()
    expect(line.locator("summary")).to_contain_text("Còn thiếu 1 mục")
    assert stored(own) == "Đã niêm yết tại năm thôn"
    assert len(Report.objects.get(assignment=own).methods_done) == 1
    assert axe_faults(page) == []
    assert not is_wider_than_the_window(page)


def test_words_outlive_a_lost_connection(
    context: BrowserContext, live_server: LiveServer, cast: Cast, own: Assignment, sign_in: SignIn
) -> None:
    page = context.new_page()
    sign_in(page, cast["officer"].username)
    words = opened(page, live_server, own)
    expect(words).to_be_visible()
    context.set_offline(True)
    words.fill("Gõ khi mất mạng")
    expect(page.get_by_text("Mất kết nối. Chữ đã gõ được giữ trên máy này")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("Đã lưu 09:30")).to_be_visible(timeout=10_000)
    assert stored(own) == "Gõ khi mất mạng"


def test_words_outlive_an_expired_sign_in(
    context: BrowserContext, live_server: LiveServer, cast: Cast, own: Assignment, sign_in: SignIn
) -> None:
    page = context.new_page()
    sign_in(page, cast["officer"].username)
    words = opened(page, live_server, own)
    expect(words).to_be_visible()
    context.clear_cookies()
    words.fill("Gõ khi hết phiên")
    expect(page.get_by_role("link", name="Đăng nhập lại ở thẻ mới")).to_be_visible()
    assert not Report.objects.exists()
    sign_in(page, cast["officer"].username)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.get_by_text("Đã lưu 09:30")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("link", name="Đăng nhập lại ở thẻ mới")).to_be_hidden()
    assert stored(own) == "Gõ khi hết phiên"


def test_words_outlive_a_closed_tab(
    context: BrowserContext, live_server: LiveServer, cast: Cast, own: Assignment, sign_in: SignIn
) -> None:
    page = context.new_page()
    sign_in(page, cast["officer"].username)
    words = opened(page, live_server, own)
    expect(words).to_be_visible()
    context.set_offline(True)
    words.fill("Chữ chưa kịp lưu")
    page.close()
    context.set_offline(False)
    again = context.new_page()
    words = opened(again, live_server, own)
    expect(again.get_by_role("cell", name="Chữ chưa kịp lưu")).to_be_visible()
    expect(words).to_have_value("")
    again.get_by_role("button", name="Dùng nội dung này").click()
    expect(again.get_by_text("Đã lưu 09:30")).to_be_visible()
    assert stored(own) == "Chữ chưa kịp lưu"


def test_two_tabs_that_write_at_once_compare_their_texts(
    context: BrowserContext, live_server: LiveServer, cast: Cast, own: Assignment, sign_in: SignIn
) -> None:
    first, second = context.new_page(), context.new_page()
    sign_in(first, cast["officer"].username)
    mine, theirs = (opened(page, live_server, own) for page in (first, second))
    expect(mine).to_be_visible()
    theirs.fill("Từ thẻ kia")
    expect(second.get_by_text("Đã lưu 09:30")).to_be_visible()
    mine.fill("Từ thẻ này")
    expect(first.get_by_text("Người khác vừa lưu mục này", exact=True)).to_be_visible()
    expect(first.get_by_role("cell", name="Từ thẻ kia")).to_be_visible()
    assert stored(own) == "Từ thẻ kia"
    first.get_by_role("button", name="Lưu", exact=True).click()
    expect(first.get_by_text("đã lưu lúc 09:30")).to_be_visible()
    assert stored(own) == "Từ thẻ này"
