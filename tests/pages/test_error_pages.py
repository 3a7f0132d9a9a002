"""Every error says what happened, what is safe and what to do; none leaves a person stranded."""

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, server_error

REQUESTS = RequestFactory()
PAGES = ["400.html", "403.html", "403_csrf.html", "404.html", "500.html", "base/locked_out.html"]


@pytest.mark.parametrize("name", PAGES)
def test_an_error_page_says_three_things_and_the_way_on(name: str) -> None:
    text = render_to_string(name)
    paragraphs = [part.split("</p>")[0] for part in text.split("<p")[1:]]
    said = [part.partition(">")[2].strip() for part in paragraphs]
    assert len(said) == 4
    assert all(len(sentence) > 20 for sentence in said)
    assert 'href="/"' in said[-1]
    assert "Lỗi hệ thống" not in text


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
