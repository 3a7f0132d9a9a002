"""Accounts and roles as those who manage people see them, from the first sign-in on."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khung.base.models import AuditEvent
from khung.orgs.installation import create_first_administrator
from khung.orgs.models import Person, RoleHeld, Unit
from khung.rules.text import fold
from tests.assignments.scene import person, unit
from tests.cast import TODAY, Cast

NEW = {
    "full_name": "Nguyễn Thị An",
    "username": "nguyen.thi.an",
    "email": "",
    "unit_name": "so y te",
    "role": "guide",
    "valid_from": "2025-03-03",
}


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The province's units, found by their names."""
    for found in cast.scene.units.values():
        found.names.create(name=found.name, folded=fold(found.name))
    return cast


def add(client: Client, **changed: object) -> tuple[int, str]:
    response = client.post(reverse("add_person"), NEW | changed)
    return response.status_code, " ".join(response.content.decode().split())


def password_on(page: str) -> str:
    found = re.search(r'<code class="figure">([a-z2-9-]{14})</code>', page)
    assert found is not None
    return found.group(1)


def follow(client: Client, address: str, form: dict[str, object] | None = None) -> str:
    response = client.post(address, form or {}, follow=True)
    return " ".join(response.content.decode().split())


def sign_in(username: str, password: str) -> Client:
    client = Client()
    form = {"login": username, "password": password}
    client.post(reverse("account_login"), form, REMOTE_ADDR="10.0.0.9")
    return client


def is_served(client: Client) -> bool:
    return client.get(reverse("account_change_password")).status_code == 200


def test_a_password_is_shown_once_and_kept_nowhere(cast: Cast) -> None:
    operator = cast.client("operator")
    response = operator.post(reverse("add_person"), NEW)
    assert "no-store" in response["Cache-Control"]
    password = password_on(response.content.decode())
    made = Person.objects.get(username="nguyen.thi.an")
    assert (made.full_name, made.roles.get().unit.code) == ("Nguyễn Thị An", "health")
    for address in (reverse("person", args=[made.pk]), reverse("people"), reverse("add_person")):
        assert password not in operator.get(address).content.decode()
    kept = [str(session.get_decoded()) for session in Session.objects.all()]
    kept += [str(event.data) for event in AuditEvent.objects.all()]
    assert all(password not in text for text in kept)
    assert is_served(sign_in("nguyen.thi.an", password))


def test_a_unit_is_found_by_its_name_and_chosen_where_several_bear_it(cast: Cast) -> None:
    coordinator = cast.client("coordinator")
    status, page = add(coordinator, unit_name="xa east", role="officer")
    assert status == 422
    assert "Nhiều đơn vị khớp với tên này" in page
    assert "Xã east 1, Huyện east" in page
    assert 'value="Nguyễn Thị An"' in page
    chosen = cast.scene.units["east2"]
    status, _ = add(coordinator, unit_name="xa east", role="officer", unit=chosen.pk)
    assert status == 200
    assert Person.objects.get(username="nguyen.thi.an").roles.get().unit == chosen


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"unit_name": "so khong co"}, "không có đơn vị nào mang tên này"),
        ({"unit_name": "xa east", "unit": "999999"}, "Hãy chọn một đơn vị trong danh sách"),
        ({"username": "Nguyễn An"}, "Chỉ dùng chữ thường không dấu"),
        ({"username": "operator-office"}, "đã có người dùng"),
        ({"role": "king"}, "king"),
        ({"valid_from": "9999-12-31"}, "Hãy chọn một ngày có thật"),
        ({"full_name": " "}, 'class="errorlist"'),
    ],
    ids=["no unit", "unit not offered", "marks", "taken", "no role", "no day", "no name"],
)
def test_an_account_that_cannot_be_keeps_what_was_typed(
    cast: Cast, changed: dict[str, object], why: str
) -> None:
    before = Person.objects.count()
    status, page = add(cast.client("operator"), **changed)
    assert status == 422
    assert why in page
    assert 'value="2025-03-03"' in page or "valid_from" in changed
    assert Person.objects.count() == before


def test_a_role_is_given_from_a_day_and_ended_on_a_day(cast: Cast) -> None:
    coordinator = cast.client("coordinator")
    address = reverse("person", args=[cast["officer"].pk])
    grant: dict[str, object] = {
        "unit_name": "xa east 2",
        "role": "head",
        "valid_from": "2025-04-01",
    }
    shown = follow(coordinator, address, grant)
    assert "Đã giao vai trò." in shown
    assert "từ 01/04/2025" in shown
    again = coordinator.post(address, grant | {"valid_from": "2025-05-01"})
    assert again.status_code == 422
    assert "đã giữ vai trò ấy" in again.content.decode()
    end = reverse("end_role", args=[cast["officer"].roles.get(role="head").pk])
    assert "Hãy chọn một ngày có thật." in follow(coordinator, end, {"last_day": "mai"})
    assert "đến hết 30/06/2025" in follow(coordinator, end, {"last_day": "2025-06-30"})
    assert "đã kết thúc trước ngày ấy" in follow(coordinator, end, {"last_day": "2025-07-01"})


def test_ending_a_role_yesterday_takes_what_it_allowed_at_once(cast: Cast) -> None:
    officer = cast.client("officer")
    assert officer.get(reverse("my_work")).status_code == 200
    end = reverse("end_role", args=[cast["officer"].roles.get().pk])
    follow(cast.client("operator"), end, {"last_day": "2025-03-02"})
    assert officer.get(reverse("my_work")).status_code == 403


def test_somebody_shut_out_is_out_at_once_and_comes_back_with_their_roles(cast: Cast) -> None:
    operator, officer = cast.client("operator"), cast.client("officer")
    pk = cast["officer"].pk
    shown = follow(operator, reverse("deactivate_person", args=[pk]))
    assert "Tài khoản đã khóa" in shown
    answer = officer.get(reverse("my_work"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
    password = password_on(follow(operator, reverse("new_password", args=[pk])))
    assert not is_served(sign_in(cast["officer"].username, password))
    assert "Đã mở lại tài khoản." in follow(operator, reverse("reactivate_person", args=[pk]))
    back = sign_in(cast["officer"].username, password)
    assert back.get(reverse("my_work")).status_code == 200


def test_a_new_password_ends_open_sessions(cast: Cast) -> None:
    guide = cast.client("guide")
    assert guide.get(reverse("judging")).status_code == 200
    page = follow(cast.client("operator"), reverse("new_password", args=[cast["guide"].pk]))
    assert guide.get(reverse("judging")).status_code == 302
    assert is_served(sign_in(cast["guide"].username, password_on(page)))


def test_nobody_shuts_themselves_out_nor_the_last_who_manages_people(cast: Cast) -> None:
    operator, own = cast.client("operator"), cast["operator"].pk
    page = cast.page("operator", reverse("person", args=[own]))
    assert reverse("deactivate_person", args=[own]) not in page
    assert "tự khóa" in follow(operator, reverse("deactivate_person", args=[own]))
    assert "Đổi mật khẩu" in follow(operator, reverse("new_password", args=[own]))
    coordinator = reverse("end_role", args=[cast["coordinator"].roles.get().pk])
    follow(operator, coordinator, {"last_day": "2025-03-02"})
    last = reverse("end_role", args=[cast["operator"].roles.get().pk])
    assert "ít nhất một người" in follow(operator, last, {"last_day": "2025-03-02"})
    assert RoleHeld.objects.get(person=own).valid_to is None


def test_the_list_is_narrowed_by_name_unit_role_and_account(cast: Cast) -> None:
    Person.objects.filter(pk=cast["leader"].pk).update(is_active=False)
    everybody = len(cast.people)

    def shown(query: str) -> str:
        return cast.page("operator", f"{reverse('people')}?{query}").split("<main")[1]

    assert f"<h1>{everybody} người dùng</h1>" in shown("")
    assert "<h1>1 người dùng</h1>" in shown("q=nguoi+thu+GUIDE")
    assert "<h1>2 người dùng</h1>" in shown("unit=xa+east+1")
    assert "Thủ trưởng đơn vị, Xã east 1" in shown("unit=xa+east+1&role=head")
    assert "Người thử leader" in shown("state=shut")
    assert f"<h1>{everybody - 1} người dùng</h1>" in shown("state=active")
    assert "Không có ai khớp" in shown("q=khong+ai")
    assert f"<h1>{everybody} người dùng</h1>" in shown("role=king&state=x&page=99")


def test_the_places_of_people_lie_beside_the_units(cast: Cast) -> None:
    for role in ("operator", "coordinator"):
        page = cast.page(role, reverse("units"))
        assert f'href="{reverse("people")}"' in page
        rail = cast.page(role, reverse("people")).split("<main")[0]
        place = "/thiet-lap/" if role == "coordinator" else "/don-vi/"
        assert f'<a href="{place}" aria-current="page">' in rail
        page = cast.page(role, reverse("unit", args=[cast.scene.units["east1"].pk]))
        assert reverse("person", args=[cast["officer"].pk]) in page
        assert f"{reverse('add_person')}?unit=X%C3%A3%20east%201" in page
    for role in ("officer", "leader"):
        page = cast.page(role, reverse("units"))
        assert reverse("people") not in page
        page = cast.page(role, reverse("unit", args=[cast.scene.units["east1"].pk]))
        assert reverse("add_person") not in page
    assert 'value="Xã east 1"' in cast.page("operator", f"{reverse('add_person')}?unit=Xã east 1")


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
def test_an_own_installation_can_be_filled_from_its_first_account() -> None:
    create_first_administrator(
        province="Tỉnh Mới", province_code="77", username="vh", full_name="Đặng Văn Hành", email="",
        password="mot-mat-khau-dai", by="system:init", now=TODAY,
    )  # fmt: skip
    operator = sign_in("vh", "mot-mat-khau-dai")
    status, page = add(operator, unit_name="tinh moi", role="coordinator")
    assert status == 200
    coordinator = sign_in("nguyen.thi.an", password_on(page))
    assert coordinator.get(reverse("read_decision")).status_code == 200
    assert coordinator.get(reverse("people")).status_code == 200


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_pages_ask_the_database_a_fixed_number_of_times(cast: Cast) -> None:
    operator = cast.client("operator")
    one = reverse("person", args=[cast["officer"].pk])
    few = queries_of(operator, reverse("people")), queries_of(operator, one)
    crowd(cast.scene.units["T"], cast["officer"])
    page = cast.page("operator", reverse("people"))
    assert f"1–50 trong {60 + len(cast.people)} người dùng" in page
    assert (queries_of(operator, reverse("people")), queries_of(operator, one)) == few == (10, 9)


def crowd(root: Unit, officer: Person) -> None:
    """Sixty more people, each in a village of their own, and as many roles of one person."""
    for no in range(60):
        village = unit(f"v{no}", f"Thôn {no}", "village", parent=root)
        person("officer", village)
        RoleHeld.objects.create(person=officer, unit=village, role="head")
