"""The page of the audit trail, and the frame around it."""

import datetime as dt

import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import localdate
from pytest_django import DjangoAssertNumQueries

from khung.assignments.models import Period, PeriodDeadline
from khung.base import audit, sealer
from khung.base.models import AuditEvent
from khung.orgs.models import Person, RoleHeld, Unit

NOW = dt.datetime(2025, 7, 15, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def unit(db: None) -> Unit:
    return Unit.objects.create(
        code="1", level="province", kind="people_committee", name="Tỉnh Mẫu", path="/1/"
    )


@pytest.fixture
def operator(unit: Unit) -> Person:
    person = Person.objects.create_user("vh", "x", full_name="Đặng Thị Vận", joined_at=NOW)
    RoleHeld.objects.create(person=person, unit=unit, role="operator")
    return person


@pytest.fixture
def reader(client: Client, operator: Person) -> Client:
    client.force_login(operator)
    return client


def write(n: int) -> None:
    with transaction.atomic():
        for _ in range(n):
            audit.record(by="system:thử", now=NOW, verb="person.signed_in", subject="person:1")
    sealer.seal()


def text_of(client: Client, address: str = "/nhat-ky/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_events_are_told_in_sentences_newest_first(reader: Client, operator: Person) -> None:
    write(2)
    with transaction.atomic():
        audit.record(by=operator, now=NOW, verb="person.password_changed", subject="person:2")
    assert "1 đang chờ" in text_of(reader)
    sealer.seal()
    text = text_of(reader)
    assert text.index("đổi mật khẩu</td>") < text.index("đăng nhập</td>")
    assert "09:00:00 15/07/2025" in text
    assert "1–3 trong 3 sự kiện" in " ".join(text.split())


def test_an_empty_trail_says_what_will_come(reader: Client) -> None:
    assert "Chưa có sự kiện nào" in text_of(reader)


def test_a_long_trail_comes_in_pages_of_fifty_with_fixed_queries(
    reader: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    write(3)
    with django_assert_num_queries(8):
        reader.get("/nhat-ky/")
    write(117)
    with django_assert_num_queries(8):
        text = text_of(reader, "/nhat-ky/?page=2")
    assert "51–100 trong 120 sự kiện" in " ".join(text.split())
    assert text.count("</tr>") == 51
    assert text_of(reader, "/nhat-ky/?page=99").count("</tr>") == 21


def test_the_trail_is_narrowed_by_person_verb_and_day(reader: Client, operator: Person) -> None:
    write(2)
    later = NOW + dt.timedelta(days=3)
    with transaction.atomic():
        audit.record(by=operator, now=later, verb="person.password_changed", subject="person:2")
    sealer.seal()

    def rows(query: str) -> int:
        return text_of(reader, f"/nhat-ky/?{query}").count("</tr>") - 1

    assert rows("who=dang thi") == rows("who=vh") == rows("day=2025-07-18") == 1
    assert rows("who=he thong") == rows("verb=person.signed_in") == 2
    assert rows("who=dang thi&verb=person.signed_in") == -1
    assert rows("verb=nothing&day=x&size=7") == 3
    assert "Không sự kiện nào khớp" in text_of(reader, "/nhat-ky/?day=2020-01-01")
    write(60)
    assert rows("size=100") == 63
    assert rows("verb=person.signed_in&page=2") == 12


@pytest.mark.parametrize("harm", ["change", "remove"])
def test_a_broken_chain_is_told_where_it_breaks(reader: Client, harm: str) -> None:
    write(9)
    event = AuditEvent.objects.filter(position=4)
    if harm == "change":
        event.update(actor_name="Người khác")
    else:
        event.delete()
    text = text_of(reader)
    assert "Chuỗi nhật ký đứt ở vị trí 4" in text
    assert "không còn nguyên vẹn" in text


def test_who_may_not_view_it_is_refused(client: Client, unit: Unit) -> None:
    officer = Person.objects.create_user("cc", "x", full_name="Công chức", joined_at=NOW)
    RoleHeld.objects.create(person=officer, unit=unit, role="officer")
    client.force_login(officer)
    response = client.get("/nhat-ky/")
    assert response.status_code == 403
    assert "Bạn chưa được quyền xem trang này" in response.content.decode()


def test_the_frame_says_for_whom_for_which_period_and_how_long(reader: Client) -> None:
    today = localdate()
    period = Period.objects.create(
        code="2025-Q4",
        kind="quarter",
        starts_on=today - dt.timedelta(30),
        ends_on=today + dt.timedelta(30),
        data_from=today - dt.timedelta(45),
        data_to=today + dt.timedelta(15),
        opened_at=NOW,
    )
    text = text_of(reader)
    assert "Quý IV/2025" in text
    assert "Hạn báo cáo" not in text
    PeriodDeadline.objects.create(
        period=period, level="province", timely_on=today, locks_on=today + dt.timedelta(9)
    )
    text = text_of(reader)
    assert "<strong>Tỉnh Mẫu</strong>" in text
    assert "hôm nay là hạn" in text
    assert "Đặng Thị Vận" in text


def test_the_rail_shows_only_where_one_may_go(reader: Client) -> None:
    text = text_of(reader)
    assert '<a href="/nhat-ky/" aria-current="page">' in text
    assert "/viec-cua-toi/" not in text


def test_illustrative_data_are_labelled(reader: Client, settings: object) -> None:
    assert "Dữ liệu minh họa" not in text_of(reader)
    settings.DEMONSTRATION = True  # type: ignore[attr-defined]
    assert "Dữ liệu minh họa" in text_of(reader)
