"""Accounts and roles: who may open and shut them, and that somebody always may."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from khung.base.audit import sentence, sentences
from khung.base.models import AuditEvent
from khung.orgs import actions, queries
from khung.orgs.acting import Acting
from khung.orgs.models import Person, RoleHeld, Unit
from khung.rules.permissions import Permission
from tests.orgs.province import NOW

Find = Callable[[str, str], Unit]
TODAY = NOW.date()
DAY = dt.timedelta(days=1)
KEEPER = Acting(permissions=frozenset({Permission.MANAGE_PEOPLE}))


def holder(username: str, role: str, unit: Unit, full_name: str = "Lê Thị Ba") -> Person:
    made = actions.create_person(username=username, full_name=full_name, by=None, now=NOW)
    actions.grant_role(person=made, unit=unit, role=role, by=None, now=NOW)
    return made


def said(verb: str) -> str:
    return sentence(AuditEvent.objects.filter(verb=verb).latest("id"), sentences())


@pytest.fixture
def province(unit: Find) -> Unit:
    return unit("9", "2025-07-01")


@pytest.fixture
def operator(province: Unit) -> Person:
    return holder("van-hanh", "operator", province, "Đặng Văn Hành")


def test_an_account_opens_with_a_role_and_a_password_that_is_written_nowhere(
    province: Unit, operator: Person
) -> None:
    person, password = actions.open_account(
        username="an",
        full_name="Nguyễn Thị An",
        email="an@tinh.gov.vn",
        unit=province,
        role="officer",
        valid_from=TODAY,
        by=operator,
        now=NOW,
    )
    assert person.check_password(password)
    assert len(password) == 14
    (held,) = queries.roles_of(person, TODAY)
    assert (held.role, held.unit, held.valid_from) == ("officer", province, TODAY)
    assert not queries.roles_of(person, TODAY - DAY).exists()
    assert said("person.created") == "mở tài khoản an cho Nguyễn Thị An"
    assert said("role.granted") == "giao Nguyễn Thị An vai trò “Công chức thực hiện” tại Tỉnh Mẫu"
    assert all(password not in str(event.data) for event in AuditEvent.objects.all())


def test_a_user_name_is_taken_in_whatever_letters(operator: Person) -> None:
    with pytest.raises(ValidationError, match="đã có người dùng"):
        actions.create_person(username="Van-Hanh", full_name="Người khác", by=operator, now=NOW)


def test_a_role_is_held_once_at_a_time(province: Unit, operator: Person) -> None:
    officer = holder("an", "officer", province)
    with pytest.raises(ValidationError, match="đã giữ vai trò"):
        actions.grant_role(
            person=officer, unit=province, role="officer", valid_from=TODAY, by=operator, now=NOW
        )
    actions.end_role(held=officer.roles.get(), last_day=TODAY, by=operator, now=NOW)
    again = actions.grant_role(
        person=officer, unit=province, role="officer", valid_from=TODAY + DAY, by=operator, now=NOW
    )
    assert list(queries.roles_of(officer, TODAY + DAY)) == [again]


def test_a_role_ends_after_its_last_day_and_is_not_ended_later(
    province: Unit, operator: Person
) -> None:
    held = holder("an", "officer", province).roles.get()
    actions.end_role(held=held, last_day=TODAY, by=operator, now=NOW)
    assert queries.roles_of(held.person, TODAY).exists()
    assert not queries.roles_of(held.person, TODAY + DAY).exists()
    assert said("role.ended") == (
        "cho Lê Thị Ba thôi vai trò “Công chức thực hiện” tại Tỉnh Mẫu sau ngày 15/07/2025"
    )
    with pytest.raises(ValidationError, match="đã kết thúc"):
        actions.end_role(held=held, last_day=TODAY + DAY, by=operator, now=NOW)


def test_a_role_that_had_not_begun_is_taken_back_whole(province: Unit, operator: Person) -> None:
    officer = holder("an", "officer", province)
    slip = actions.grant_role(
        person=officer, unit=province, role="leader", valid_from=TODAY, by=operator, now=NOW
    )
    kept = RoleHeld.objects.get(pk=slip.pk)
    actions.end_role(held=slip, last_day=TODAY - DAY, by=operator, now=NOW)
    assert not officer.roles.filter(role="leader").exists()
    with pytest.raises(ValidationError, match="đã kết thúc"):
        actions.end_role(held=kept, last_day=TODAY - DAY, by=operator, now=NOW)


def test_the_last_who_manages_people_stays(province: Unit, operator: Person) -> None:
    held = operator.roles.get()
    coordinator = holder("dieu-phoi", "coordinator", province)
    leaving = coordinator.roles.get()
    actions.end_role(held=leaving, last_day=TODAY + 30 * DAY, by=operator, now=NOW)
    # Tomorrow the coordinator would still be there, but not for good.
    for last_day in (TODAY - DAY, TODAY, TODAY + 60 * DAY):
        with pytest.raises(ValidationError, match="ít nhất một người"):
            actions.end_role(held=held, last_day=last_day, by=coordinator, now=NOW)
    with pytest.raises(ValidationError, match="ít nhất một người"):
        actions.deactivate_person(person=operator, by=coordinator, now=NOW)
    operator.refresh_from_db()
    held.refresh_from_db()
    assert operator.is_active
    assert held.valid_to is None
    holder("thay", "operator", province)
    actions.end_role(held=held, last_day=TODAY, by=coordinator, now=NOW)
    actions.deactivate_person(person=operator, by=coordinator, now=NOW)
    assert not queries.roles_of(operator, TODAY + DAY).exists()


def test_a_unit_does_not_take_the_last_who_manages_people_along(
    unit: Find, operator: Person
) -> None:
    police = unit("911.police", "2025-07-01")
    operator.roles.update(unit=police)
    with pytest.raises(ValidationError, match="ít nhất một người"):
        actions.end_unit(unit=police, version=1, last_day=TODAY, source="NQ", by=None, now=NOW)
    holder("thay", "operator", unit("9", "2025-07-01"))
    actions.end_unit(unit=police, version=1, last_day=TODAY, source="NQ", by=None, now=NOW)
    assert operator.roles.get().valid_to == TODAY


def test_an_ended_unit_keeps_no_role_that_was_to_begin_later(unit: Find, operator: Person) -> None:
    police = unit("911.police", "2025-07-01")
    officer = actions.create_person(username="an", full_name="An", by=None, now=NOW)
    actions.grant_role(
        person=officer, unit=police, role="officer", valid_from=TODAY + 9 * DAY, by=None, now=NOW
    )
    actions.end_unit(unit=police, version=1, last_day=TODAY, source="NQ", by=None, now=NOW)
    assert not officer.roles.exists()


def test_nobody_shuts_their_own_account_or_resets_their_own_password(
    province: Unit, operator: Person
) -> None:
    holder("thay", "operator", province)
    with pytest.raises(ValidationError, match="tự khóa"):
        actions.deactivate_person(person=operator, by=operator, now=NOW)
    with pytest.raises(ValidationError, match="Đổi mật khẩu"):
        actions.reset_password(person=operator, by=operator, now=NOW)


def test_shutting_and_opening_twice_is_once(province: Unit, operator: Person) -> None:
    officer = holder("an", "officer", province)
    for _ in range(2):
        actions.deactivate_person(person=officer, by=operator, now=NOW)
    assert said("person.deactivated") == "khóa tài khoản của Lê Thị Ba"
    for _ in range(2):
        actions.reactivate_person(person=officer, by=operator, now=NOW)
    assert said("person.reactivated") == "mở lại tài khoản của Lê Thị Ba"
    verbs = ["person.deactivated", "person.reactivated"]
    assert AuditEvent.objects.filter(verb__in=verbs).count() == 2


def test_a_new_password_takes_the_place_of_the_old(province: Unit, operator: Person) -> None:
    officer = holder("an", "officer", province)
    first = actions.reset_password(person=officer, by=operator, now=NOW)
    second = actions.reset_password(person=officer, by=operator, now=NOW)
    officer.refresh_from_db()
    assert officer.check_password(second)
    assert not officer.check_password(first)
    assert said("person.password_reset") == "đặt mật khẩu mới cho Lê Thị Ba"


def test_whoever_does_not_manage_people_changes_no_account(
    province: Unit, operator: Person
) -> None:
    officer, other = (holder(name, "head", province) for name in ("an", "binh"))
    held = other.roles.get()
    for attempt in (
        lambda: actions.end_role(held=held, last_day=TODAY, by=officer, now=NOW),
        lambda: actions.deactivate_person(person=other, by=officer, now=NOW),
        lambda: actions.reactivate_person(person=other, by=officer, now=NOW),
        lambda: actions.reset_password(person=other, by=officer, now=NOW),
        lambda: actions.open_account(
            username="x", full_name="X", email="", unit=province, role="officer",
            valid_from=TODAY, by=officer, now=NOW,
        ),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            attempt()


def test_people_are_found_without_marks_by_unit_and_role_in_the_order_of_given_names(
    unit: Find, province: Unit, operator: Person
) -> None:
    commune = unit("911", "2025-07-01")
    holder("dung", "officer", commune, "Vũ Đình Dũng")
    holder("an", "officer", commune, "Phạm Hoài Ân (minh họa)")
    holder("binh", "head", province, "Trần Văn Bình")

    def found(**wanted: str) -> list[str]:
        people = queries.people_visible_to(KEEPER)
        return [one.username for one in queries.find_people(people, TODAY, **wanted)]

    assert found() == ["an", "binh", "dung", "van-hanh"]
    assert found(words="dinh dung") == found(words="ĐÌNH") == ["dung"]
    assert found(words="van-h") == ["van-hanh"]
    assert found(unit_words="hoa binh") == ["an", "dung"]
    assert found(unit_words="tinh mau", role="head") == ["binh"]
    assert found(unit_words="hoa binh", role="head") == []
    assert not queries.people_visible_to(Acting()).exists()
