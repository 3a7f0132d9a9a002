"""Every error says what happened, what is safe and what to do; none leaves a person stranded."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import bad_request, server_error

from khung.orgs.models import Person, RoleHeld, Unit

NOW = dt.datetime(2025, 7, 15, 2, 0, tzinfo=dt.UTC)
REQUESTS = RequestFactory()
PAGES = ["400.html", "403_csrf.html", "500.html", "base/locked_out.html"]
IN_FRAME = ["403.html", "404.html", "405.html"]


@pytest.mark.parametrize("name", PAGES)
def test_an_error_page_says_three_things_and_the_way_on(name: str) -> None:
    text = render_to_string(name)
    paragraphs = [part.split("</p>")[0] for part in text.split("<p")[1:]]
    said = [part.partition(">")[2].strip() for part in paragraphs]
    assert len(said) == 4
    assert all(len(sentence) > 20 for sentence in said)
    assert 'href="/"' in said[-1]
    assert "Lỗi hệ thống" not in text


@pytest.mark.parametrize("name", IN_FRAME)
@pytest.mark.django_db
def test_an_error_within_the_site_keeps_its_frame(name: str) -> None:
    request = REQUESTS.get("/")
    request.user = AnonymousUser()
    text = render_to_string(name, request=request)
    main = text.split("<main")[1].split("</main>")[0]
    said = [part.split("</p>")[0].partition(">")[2].strip() for part in main.split("<p")[1:]]
    assert len(said) == 4
    assert all(len(sentence) > 20 for sentence in said)
    assert 'class="foot"' in text


@pytest.mark.django_db
def test_somebody_signed_in_keeps_the_places_of_the_desk(client: Client) -> None:
    person = Person.objects.create_user("cc", "x", full_name="Công chức", joined_at=NOW)
    unit = Unit.objects.create(
        code="1", level="commune", kind="people_committee", name="Xã Mẫu", path="/1/"
    )
    RoleHeld.objects.create(person=person, unit=unit, role="officer")
    client.force_login(person)
    for address, status in (("/khong-co-trang-nay/", 404), ("/nhat-ky/", 403)):
        response = client.get(address)
        assert response.status_code == status
        assert 'href="/viec-cua-toi/"' in response.content.decode()


@pytest.mark.django_db
def test_an_address_for_forms_says_so_when_it_is_opened(client: Client) -> None:
    person = Person.objects.create_user("cc", "x", full_name="Công chức", joined_at=NOW)
    client.force_login(person)
    response = client.get(reverse("choose_unit"))
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "chỉ để gửi biểu mẫu" in response.content.decode()


@pytest.mark.django_db
def test_a_form_sent_after_the_session_ended_is_told_to_be_unsaved(client: Client) -> None:
    sent = client.post(reverse("choose_unit"), headers={"referer": "http://testserver/don-vi/?q=a"})
    assert sent.status_code == 302
    assert "unsaved=1" in sent["Location"]
    assert "next=%2Fdon-vi%2F%3Fq%3Da" in sent["Location"]
    assert "chưa được lưu" in client.get(sent["Location"]).content.decode()
    elsewhere = client.post(reverse("choose_unit"), headers={"referer": "https://example.org/"})
    assert "next" not in elsewhere["Location"]


@pytest.mark.django_db
def test_an_unknown_address_needs_no_sign_in(client: Client) -> None:
    response = client.get("/khong-co-trang-nay/")
    assert response.status_code == 404
    assert "Không có trang này" in response.content.decode()


def test_a_server_error_shows_without_database_or_session() -> None:
    response = server_error(REQUESTS.get("/"))
    assert response.status_code == 500
    assert "Việc vừa rồi chưa làm được" in response.content.decode()


def test_a_bad_request_is_told() -> None:
    response = bad_request(REQUESTS.get("/"), ValueError())
    assert "Yêu cầu không đọc được" in response.content.decode()


@pytest.mark.django_db
def test_a_form_from_an_old_session_is_told() -> None:
    response = Client(enforce_csrf_checks=True).post("/dang-nhap/", {"login": "an"})
    assert response.status_code == 403
    assert "Phiên làm việc đã cũ" in response.content.decode()


@pytest.mark.django_db
def test_pages_are_served_with_a_strict_policy(client: Client) -> None:
    response = client.get("/dang-nhap/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    text = response.content.decode()
    assert " style=" not in text
    assert "<script" not in text
