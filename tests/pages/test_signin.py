"""Signing in and out, the lock-out, a new password, the accounts of the demonstration."""

import datetime as dt
import itertools
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from pytest_django import Settings

from khung.base.models import AuditEvent
from khung.orgs.models import Person, RoleHeld, Unit

PASSWORD = "một mật khẩu đủ dài"
NOW = dt.datetime(2025, 7, 15, tzinfo=dt.UTC)
SIGN_IN = "/dang-nhap/"
HOME = "/ban-lam-viec/"


@pytest.fixture
def person(db: None) -> Person:
    unit = Unit.objects.create(
        code="1", level="province", kind="people_committee", name="Tỉnh Mẫu", path="/1/"
    )
    person = Person.objects.create_user("an", PASSWORD, full_name="Nguyễn Thị An", joined_at=NOW)
    RoleHeld.objects.create(person=person, unit=unit, role="operator")
    return person


@pytest.fixture
def visitor(db: None, person: Person) -> Person:
    """An account of the demonstration, without a password."""
    visitor = Person.objects.create_user(
        "xem", None, full_name="Trần Văn Xem", joined_at=NOW, is_demonstration=True
    )
    RoleHeld.objects.create(person=visitor, unit=Unit.objects.get(), role="officer")
    return visitor


@pytest.fixture
def demonstration(settings: Settings) -> Settings:
    settings.DEMONSTRATION = True
    settings.BIND_HOST = "127.0.0.1"
    return settings


def signs_in(client: Client, password: str = PASSWORD, username: str = "an") -> int:
    return client.post(SIGN_IN, {"login": username, "password": password}).status_code


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))


def test_name_and_password_lead_to_ones_work(client: Client, person: Person) -> None:
    response = client.post(SIGN_IN, {"login": "an", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, HOME)
    assert is_signed_in(client)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor) == ("person.signed_in", f"person:{person.pk}")


@pytest.mark.parametrize(
    ("asked", "led"),
    [("/nhat-ky/", "/nhat-ky/"), ("https://nguoi-la.vn/", HOME), ("//x.vn", None)],
)
def test_one_is_led_back_but_never_elsewhere(
    client: Client, person: Person, asked: str, led: str | None
) -> None:
    response = client.post(SIGN_IN, {"login": "an", "password": PASSWORD, "next": asked})
    assert response["Location"] == (led or HOME)


def test_a_page_of_the_desk_asks_to_sign_in_first(client: Client, db: None) -> None:
    response = client.get("/nhat-ky/")
    assert (response.status_code, response["Location"]) == (302, f"{SIGN_IN}?next=/nhat-ky/")


def test_a_wrong_password_is_told_in_vietnamese(client: Client, person: Person) -> None:
    response = client.post(SIGN_IN, {"login": "an", "password": "sai"})
    text = response.content.decode()
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in text
    assert "not correct" not in text
    assert not is_signed_in(client)


def test_an_inactive_account_cannot_sign_in(client: Client, person: Person) -> None:
    Person.objects.update(is_active=False)
    assert signs_in(client) == 200
    assert not is_signed_in(client)


def test_guessing_locks_out_even_the_right_password(client: Client, person: Person) -> None:
    said = [signs_in(client, "sai") for _ in range(5)]
    assert said == [200, 200, 200, 200, 429]
    response = client.post(SIGN_IN, {"login": "an", "password": PASSWORD})
    assert response.status_code == 429
    assert "Tạm khóa đăng nhập" in response.content.decode()
    assert not is_signed_in(client)


def test_nobody_is_locked_out_from_elsewhere(person: Person) -> None:
    guesser, owner = Client(REMOTE_ADDR="10.0.0.9"), Client(REMOTE_ADDR="10.0.0.1")
    for _ in range(6):
        signs_in(guesser, "sai")
    assert signs_in(guesser) == 429
    assert signs_in(owner) == 302


def test_a_sign_in_forgets_earlier_mistakes(client: Client, person: Person) -> None:
    for password in [*itertools.repeat("sai", 4), PASSWORD, *itertools.repeat("sai", 4)]:
        signs_in(client, password)
        client.logout()
    assert signs_in(client) == 302


def test_signing_out_takes_a_button(client: Client, person: Person) -> None:
    client.force_login(person)
    assert "Đăng xuất khỏi Khung?" in client.get("/dang-xuat/").content.decode()
    assert is_signed_in(client)
    assert client.post("/dang-xuat/")["Location"] == "/"
    assert not is_signed_in(client)
    assert verbs() == ["person.signed_out"]


def test_a_new_password_replaces_the_old(client: Client, person: Person) -> None:
    client.force_login(person)
    new = "mật khẩu mới còn dài hơn"
    answers = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    response = client.post("/doi-mat-khau/", answers)
    assert response["Location"] == "/doi-mat-khau/xong/"
    assert "Đã đổi mật khẩu" in client.get(response["Location"]).content.decode()
    assert verbs() == ["person.password_changed"]
    client.logout()
    assert signs_in(client) == 200
    assert signs_in(client, new) == 302


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"oldpassword": "sai"}, "Mật khẩu hiện tại chưa đúng"),
        ({"password2": "khác hẳn rồi"}, "Hai mật khẩu mới phải giống nhau"),
        ({"password1": "ngắn", "password2": "ngắn"}, "ít nhất 10 ký tự"),
    ],
)
def test_mistakes_with_a_new_password_are_told_in_vietnamese(
    client: Client, person: Person, answers: dict[str, str], told: str
) -> None:
    client.force_login(person)
    new = "mật khẩu mới còn dài hơn"
    filled = {"oldpassword": PASSWORD, "password1": new, "password2": new} | answers
    assert told in client.post("/doi-mat-khau/", filled).content.decode()


def test_an_account_without_a_password_has_none_to_change(client: Client, visitor: Person) -> None:
    client.force_login(visitor)
    assert client.get("/doi-mat-khau/").status_code == 404
    assert "Đổi mật khẩu" not in client.get("/dang-xuat/").content.decode()


@pytest.mark.usefixtures("demonstration")
def test_the_demonstration_offers_its_accounts(client: Client, visitor: Person) -> None:
    text = client.get(SIGN_IN).content.decode()
    assert "Trần Văn Xem" in text
    assert "Nguyễn Thị An" not in text
    response = client.post(f"/dang-nhap/minh-hoa/{visitor.pk}/")
    assert response["Location"] == HOME
    assert is_signed_in(client)
    assert AuditEvent.objects.get().data == {"is_demonstration": True}


@pytest.mark.usefixtures("demonstration")
def test_only_accounts_of_the_demonstration_open_with_a_click(
    client: Client, person: Person, visitor: Person
) -> None:
    assert client.post(f"/dang-nhap/minh-hoa/{person.pk}/").status_code == 404
    assert client.get(f"/dang-nhap/minh-hoa/{visitor.pk}/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/dang-nhap/minh-hoa/{visitor.pk}/").status_code == 403
    Person.objects.update(is_active=False)
    assert client.post(f"/dang-nhap/minh-hoa/{visitor.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("change", "extra"),
    [
        ({"DEMONSTRATION": False}, {}),
        ({"BIND_HOST": "0.0.0.0"}, {}),  # noqa: S104  # what must be refused
        ({"BIND_HOST": "192.168.1.5"}, {}),
        ({"BIND_HOST": "khung.example.vn"}, {}),
        ({}, {"REMOTE_ADDR": "192.168.1.7"}),
        ({}, {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}),
    ],
)
def test_elsewhere_the_accounts_do_not_exist(
    demonstration: Settings, visitor: Person, change: dict[str, object], extra: dict[str, Any]
) -> None:
    for name, value in change.items():
        setattr(demonstration, name, value)
    client = Client(**extra)
    assert client.post(f"/dang-nhap/minh-hoa/{visitor.pk}/").status_code == 404
    assert not is_signed_in(client)
    assert "Trần Văn Xem" not in client.get(SIGN_IN).content.decode()


def test_the_language_is_the_readers_choice(client: Client, db: None) -> None:
    assert 'lang="vi"' in client.get(SIGN_IN).content.decode()
    assert client.get("/ngon-ngu/").status_code == 405
    client.post("/ngon-ngu/", {"language": "en", "next": SIGN_IN})
    text = client.get(SIGN_IN).content.decode()
    assert 'lang="en"' in text
    assert "Sign in" in text


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password"])
def test_what_khung_does_not_offer_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_the_pages_open_to_all_are_known() -> None:
    open_to_all = {
        str(found.pattern)
        for found in get_resolver("khung.desk.urls_signin").url_patterns
        if not getattr(found.callback, "login_required", True)
    }
    assert open_to_all == {
        "dang-nhap/",
        "dang-nhap/minh-hoa/<int:person_id>/",
        "dang-xuat/",
        "ngon-ngu/",
    }
