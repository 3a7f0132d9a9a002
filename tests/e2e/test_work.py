"""My work, the queue, the board and an assignment in a real browser, at both sizes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from khung.base import clock
from tests.cast import TODAY, Cast
from tests.e2e.conftest import SignIn, is_wider_than_the_window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    cast = Cast()
    cast.move(cast.scene.assignment("east1", 2), "update", "submit")
    cast.pass_deadline()
    return cast


def test_pages_of_work_can_be_used_by_everybody(
    page: Page,
    live_server: LiveServer,
    cast: Cast,
    sign_in: SignIn,
    axe_faults: Callable[[Page], list[str]],
) -> None:
    own = cast.scene.assignment("east1", 1)
    for role, address in (
        ("officer", "/viec-cua-toi/"),
        ("officer", f"/nhiem-vu-duoc-giao/{own.pk}/"),
        ("guide", "/viec-cua-toi/tham-dinh/"),
        ("coordinator", "/bang-theo-doi/"),
        ("coordinator", f"/bang-theo-doi/?unit={cast.scene.units['east1'].pk}&dimension=1"),
        ("coordinator", "/bang-theo-doi/?silent=commune-1"),
    ):
        sign_in(page, cast[role].username)
        page.goto(f"{live_server.url}{address}")
        for summary in page.locator("main details > summary").all():
            # Filters fold on phones only.
            if summary.is_visible():
                summary.click()
        assert axe_faults(page) == [], address
        assert not is_wider_than_the_window(page), address


def test_a_line_opens_in_place_without_script(
    browser: Browser, live_server: LiveServer, cast: Cast, sign_in: SignIn
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast["officer"].username)
    page.goto(f"{live_server.url}/viec-cua-toi/?q=chu+truong")
    method = page.get_by_text("Niêm yết tại trụ sở")
    expect(method).to_be_hidden()
    page.get_by_text("Thông tin đến người dân").first.click()
    page.get_by_role("link", name="Mở phiếu báo cáo").click()
    expect(method).to_be_visible()
    page.get_by_label("Nội dung kết quả").fill("Đã niêm yết")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("đã lưu lúc 09:30")).to_be_visible()
    expect(page.get_by_label("Nội dung kết quả")).to_have_value("Đã niêm yết")
    context.close()


def test_a_sentence_of_the_board_leads_to_the_assignment(
    page: Page, live_server: LiveServer, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(page, cast["leader"].username)
    page.goto(f"{live_server.url}/ban-lam-viec/")
    page.get_by_role("link", name="Huyện east còn").click()
    page.get_by_role("link", name="Thông tin đến người dân").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhiệm vụ 1")
    expect(page.get_by_text("Thông tin đến người dân về chủ trương").first).to_be_visible()
