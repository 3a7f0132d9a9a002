"""The sign-in page and the frame in a real browser."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from khung.orgs.models import Person, RoleHeld, Unit
from tests.e2e.conftest import SignIn, is_wider_than_the_window

FONT_IS_LOADED = """
document.fonts.load('15px "Noto Sans Khung"', 'ệ').then(faces => faces.length)
"""
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def visitor(transactional_db: None, settings: Settings) -> Person:
    settings.DEMONSTRATION = True
    unit = Unit.objects.create(
        code="1", level="province", kind="people_committee", name="Tỉnh Mẫu", path="/1/"
    )
    visitor = Person.objects.create_user(
        "xem",
        None,
        full_name="Trần Văn Xem",
        joined_at=dt.datetime(2025, 7, 15, tzinfo=dt.UTC),
        is_demonstration=True,
    )
    RoleHeld.objects.create(person=visitor, unit=unit, role="operator")
    return visitor


def test_a_click_signs_in_and_the_trail_is_readable(
    page: Page,
    live_server: LiveServer,
    visitor: Person,
    axe_faults: Callable[[Page], list[str]],
) -> None:
    page.goto(f"{live_server.url}/dang-nhap/?next=/nhat-ky/")
    assert axe_faults(page) == []
    assert not is_wider_than_the_window(page)
    assert page.evaluate(FONT_IS_LOADED) == 1
    page.get_by_role("button", name="Vận hành hệ thống").click()
    page.goto(f"{live_server.url}/nhat-ky/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nhật ký")
    expect(page.get_by_text("Tỉnh Mẫu").first).to_be_visible()
    assert axe_faults(page) == []
    assert not is_wider_than_the_window(page)


def test_a_keyboard_reaches_the_content_first(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/dang-nhap/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Đến nội dung chính")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()


def test_the_first_page_is_light(page: Page, live_server: LiveServer) -> None:
    """Counted as the test server sends it: not compressed, as a real one would."""
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto(f"{live_server.url}/dang-nhap/", wait_until="networkidle")
    bootstrap = 232_111
    assert sum(sizes) - bootstrap < 100_000


def test_the_rail_is_a_bar_at_the_bottom_of_a_phone(
    page: Page, live_server: LiveServer, visitor: Person, sign_in: SignIn
) -> None:
    sign_in(page, visitor.username)
    page.goto(f"{live_server.url}/nhat-ky/")
    box = page.get_by_role("navigation", name="Các trang chính").get_by_role("list").bounding_box()
    assert box is not None
    width = page.evaluate("window.innerWidth")
    is_bar = box["width"] == width and box["y"] > 700
    assert is_bar == (width < 768)
