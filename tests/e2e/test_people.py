"""Opening an account and giving it roles, in a real browser at both sizes."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from khung.base import clock
from khung.rules.text import fold
from tests.cast import TODAY, Cast
from tests.e2e.conftest import SignIn, is_wider_than_the_window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    cast = Cast()
    for unit in cast.scene.units.values():
        unit.names.create(name=unit.name, folded=fold(unit.name))
    return cast


def test_the_pages_of_people_can_be_used_by_everybody(
    page: Page,
    live_server: LiveServer,
    cast: Cast,
    sign_in: SignIn,
    axe_faults: Callable[[Page], list[str]],
) -> None:
    sign_in(page, cast["operator"].username)
    for address in (
        reverse("units"),
        reverse("unit", args=[cast.scene.units["east1"].pk]),
        reverse("people"),
        f"{reverse('people')}?q=khong+ai",
        reverse("add_person"),
        reverse("person", args=[cast["officer"].pk]),
        reverse("person", args=[cast["operator"].pk]),
    ):
        page.goto(f"{live_server.url}{address}")
        assert axe_faults(page) == [], address
        assert not is_wider_than_the_window(page), address


def test_an_account_is_opened_without_script_and_its_password_is_shown_once(
    page: Page,
    live_server: LiveServer,
    cast: Cast,
    sign_in: SignIn,
    axe_faults: Callable[[Page], list[str]],
) -> None:
    sign_in(page, cast["operator"].username)
    # A refused form is answered with 422, which the browser notes as an error of the page.
    page = page.context.new_page()
    page.goto(f"{live_server.url}{reverse('people')}")
    page.get_by_role("link", name="Thêm người dùng").click()
    page.get_by_label("Họ và tên").fill("Nguyễn Thị An")
    page.get_by_label("Tên đăng nhập").fill("nguyen.thi.an")
    page.get_by_label("Đơn vị", exact=True).fill("xa east")
    page.get_by_label("Vai trò").select_option("officer")
    page.get_by_role("button", name="Mở tài khoản").click()
    assert axe_faults(page) == []
    assert not is_wider_than_the_window(page)
    page.get_by_label("Xã east 2").check()
    page.get_by_role("button", name="Mở tài khoản").click()
    password = page.locator("code.figure")
    expect(password).to_be_visible()
    assert axe_faults(page) == []
    assert not is_wider_than_the_window(page)
    page.get_by_role("link", name="Đã chép xong").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nguyễn Thị An")
    expect(password).to_have_count(0)
    expect(page.get_by_role("link", name="Xã east 2")).to_be_visible()
