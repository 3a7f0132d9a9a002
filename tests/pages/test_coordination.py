"""Periods, deadlines and the calendar, as the coordinator uses them; what others may not."""

import datetime as dt
from collections.abc import Iterator
from typing import cast
from unittest.mock import patch

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khung.assignments import actions
from khung.assignments.lateness import stamp_lateness
from khung.assignments.models import (
    Assignment,
    CalendarDay,
    Period,
    PeriodDeadline,
)
from khung.frameworks.models import Framework
from khung.orgs.models import Unit
from tests.assignments.scene import NOW, Scene, add_task
from tests.pages.test_framework import client_of, page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def february() -> Iterator[None]:
    """The pages are read in the middle of the first quarter of 2025."""
    moment = dt.datetime(2025, 2, 10, 8, 0, tzinfo=NOW.tzinfo)
    with patch("khung.base.clock.now", return_value=moment):
        yield


@pytest.fixture
def client(scene: Scene) -> Client:
    return client_of(scene, "coordinator")


def follow(client: Client, address: str, form: dict[str, object]) -> str:
    response = client.post(address, form, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def occasion_form(scene: Scene, *codes: str) -> dict[str, object]:
    return {
        "kind": "election",
        "title": "Bầu cử thử",
        "starts_on": "2025-02-01",
        "ends_on": "2025-03-20",
        "during_from": "2025-03-01",
        "during_to": "2025-03-01",
        "units": [scene.units[code].pk for code in codes],
    }


def test_putting_a_period_into_work_says_what_it_did(client: Client) -> None:
    address = reverse("put_into_work")
    shown = follow(client, address, {"code": "2025-Q1"})
    made = Assignment.objects.count()
    assert made > 0
    assert f"Quý I/2025: tạo mới {made} nhiệm vụ được giao, 0 đã có từ trước." in shown
    again = follow(client, address, {"code": "2025-Q1", "as_of": "2025-01-01"})
    assert f"tạo mới 0 nhiệm vụ được giao, {made} đã có từ trước." in again
    assert Assignment.objects.count() == made


def test_what_would_be_made_is_shown_before_anything_is_written(client: Client) -> None:
    shown = page(client, f"{reverse('put_into_work')}?code=2025-Q1&as_of=")
    assert not Assignment.objects.exists()
    follow(client, reverse("put_into_work"), {"code": "2025-Q1"})
    made = Assignment.objects.count()
    units = Assignment.objects.values("unit").distinct().count()
    assert f"Quý I/2025: sẽ giao {made} nhiệm vụ cho {units} đơn vị" in shown
    again = page(client, f"{reverse('put_into_work')}?code=2025-Q1")
    assert "Quý I/2025: không còn nhiệm vụ nào chưa giao" in again
    assert f"{made} nhiệm vụ, giữ nguyên" in again


@pytest.mark.parametrize("day", ["1990-01-01", "2024-12-31", "2025-04-01"])
def test_units_of_a_day_outside_the_period_are_refused(client: Client, day: str) -> None:
    asked = {"code": "2025-Q1", "as_of": day}
    for response in (
        client.get(reverse("put_into_work"), asked, follow=True),
        client.post(reverse("put_into_work"), asked, follow=True),
    ):
        assert "phải nằm trong kỳ: từ 01/01/2025 đến 31/03/2025" in response.content.decode()
    assert not Period.objects.exists()


def test_phrases_that_name_nobody_are_listed_with_their_tasks(client: Client) -> None:
    shown = follow(client, reverse("put_into_work"), {"code": "2025-Q1"})
    listed = shown.split('id="chua-ro"')[1]
    assert "Các doanh nghiệp viễn thông" in listed
    assert f'href="{reverse("task", args=[4])}"' in listed


def test_a_body_of_the_article_that_is_no_unit_is_told(scene: Scene, client: Client) -> None:
    scene.framework.addressees = [
        {"text": "Đài Thử", "kind": "named", "level": None, "name": "Đài"}
    ]
    scene.framework.save()
    said = "Điều khoản thi hành nêu Đài Thử, nhưng ngày 01/01/2025 không có đơn vị như vậy"
    assert said in follow(client, reverse("put_into_work"), {"code": "2025-Q1"})
    assert "Đài Thử, nhưng ngày 10/02/2025" in page(client, reverse("framework"))


def test_a_framework_still_to_come_gives_no_work_yet(scene: Scene, client: Client) -> None:
    coming = Framework.objects.create(
        decision=scene.framework.decision, number=2, file=scene.framework.file,
        status=Framework.Status.IN_FORCE, in_force_from=dt.date(2025, 4, 1),
        put_in_force_by=scene.coordinator,
    )  # fmt: skip
    add_task(coming, 1, 1, "1.1", "UBND cấp xã", "Sở Nội vụ", "Thường xuyên")
    add_task(coming, 2, 1, "1.3", "UBND cấp xã", "Sở Nội vụ", "Trước, trong và sau kỳ bầu cử")
    scene.framework.status = Framework.Status.SUPERSEDED
    scene.framework.in_force_to = dt.date(2025, 3, 31)
    scene.framework.save()
    follow(client, reverse("put_into_work"), {"code": "2025-Q1"})
    follow(client, reverse("put_into_work"), {"code": "2025-Q2"})
    follow(client, reverse("open_occasion"), occasion_form(scene, "east"))
    later = {"starts_on": "2025-04-02", "ends_on": "2025-06-20", "during_from": "", "during_to": ""}
    follow(client, reverse("open_occasion"), occasion_form(scene, "east") | later)
    given = {
        (one.period.code if one.period else one.counts_in.code, one.task_version.framework)
        for one in Assignment.objects.exclude(period__code="2025")
    }
    assert given == {("2025-Q1", scene.framework), ("2025-Q2", coming)}
    assert "6 nhiệm vụ của Bộ khung" in page(client, reverse("framework"))
    early = occasion_form(scene, "east") | {"starts_on": "2021-01-04"}
    refused = client.post(reverse("open_occasion"), early)
    assert refused.status_code == 422
    assert "Ngày này chưa có bộ khung nào có hiệu lực." in refused.content.decode()


def test_only_quarters_since_the_framework_are_offered(client: Client) -> None:
    shown = page(client, reverse("periods"))
    assert 'value="2025-Q2"' in shown
    assert 'value="2022-Q4"' in shown
    assert 'value="2022-Q3"' not in shown
    assert 'value="2025-Q3"' not in shown
    refused = follow(client, reverse("put_into_work"), {"code": "2019-Q1"})
    assert "Hãy chọn một kỳ trong danh sách" in refused
    assert not Period.objects.exists()


def test_periods_show_how_much_work_they_hold(scene: Scene, client: Client) -> None:
    scene.work("2025-Q1")
    owed = Assignment.objects.filter(counts_in__code="2025-Q1").count()
    assert f"Quý I/2025: {owed} nhiệm vụ được giao" in page(
        client, reverse("period", args=["2025-Q1"])
    )
    client.get(reverse("periods"))
    with CaptureQueriesContext(connection) as few:
        page(client, reverse("periods"))
    scene.work("2025-Q2")
    with CaptureQueriesContext(connection) as more:
        page(client, reverse("periods"))
    assert len(few) == len(more) == 13


def test_a_deadline_moves_open_work_and_knows_a_stale_form(scene: Scene, client: Client) -> None:
    scene.work("2025-Q1")
    address = reverse("deadline", args=["2025-Q1", "commune"])
    version = scene.period("2025-Q1").version
    form = {"timely_on": "2025-03-25", "locks_on": "2025-04-01", "version": version}
    backwards = client.post(address, form | {"locks_on": "2025-03-20"})
    assert backwards.status_code == 422
    assert "Ngày khóa không thể trước ngày đúng hạn" in backwards.content.decode()
    assert client.post(address, form).status_code == 302
    assert scene.assignment("east1", 1).due_on == dt.date(2025, 3, 25)
    stale = client.post(address, form | {"timely_on": "2025-03-28"})
    assert stale.status_code == 409
    assert "Người khác vừa lưu mục này" in stale.content.decode()
    kept = PeriodDeadline.objects.get(period__code="2025-Q1", level="commune")
    assert kept.timely_on == dt.date(2025, 3, 25)


def set_deadline(client: Client, scene: Scene, **said: object) -> HttpResponse:
    form = {
        "timely_on": "2025-03-25",
        "locks_on": "2025-04-01",
        "version": scene.period("2025-Q1").version,
    }
    return cast(
        HttpResponse, client.post(reverse("deadline", args=["2025-Q1", "commune"]), form | said)
    )


def test_a_deadline_before_the_data_end_is_refused(scene: Scene, client: Client) -> None:
    scene.work("2025-Q1")
    refused = set_deadline(client, scene, timely_on="2020-01-17")
    assert refused.status_code == 422
    assert "trước ngày cuối của số liệu trong kỳ (14/03/2025)" in refused.content.decode()
    assert scene.assignment("east1", 1).due_on > dt.date(2025, 3, 14)


def test_a_deadline_on_a_saturday_is_asked_about(scene: Scene, client: Client) -> None:
    scene.work("2025-Q1")
    asked = set_deadline(client, scene, timely_on="2025-03-29")
    assert asked.status_code == 200
    shown = asked.content.decode()
    assert "Thứ Bảy, 29/03/2025 không phải ngày làm việc." in shown
    assert scene.assignment("east1", 1).due_on != dt.date(2025, 3, 29)
    confirmed = shown.split('name="confirmed" value="')[1].split('"')[0]
    other = set_deadline(client, scene, timely_on="2025-03-30", confirmed=confirmed)
    assert other.status_code == 200  # a new date is asked about again
    assert (
        set_deadline(client, scene, timely_on="2025-03-29", confirmed=confirmed).status_code == 302
    )
    assert scene.assignment("east1", 1).due_on == dt.date(2025, 3, 29)


def test_a_past_deadline_says_how_much_it_makes_late_and_is_put_right(
    scene: Scene, client: Client
) -> None:
    scene.work("2025-Q1")
    april = dt.datetime(2025, 4, 10, 8, 0, tzinfo=NOW.tzinfo)
    with patch("khung.base.clock.now", return_value=april):
        asked = set_deadline(client, scene, timely_on="2025-03-17").content.decode()
        assert "Hạn này đã qua: 12 nhiệm vụ chưa báo cáo sẽ bị ghi quá hạn ngay." in asked
        assert "was_wrong" not in asked
        confirmed = asked.split('name="confirmed" value="')[1].split('"')[0]
        set_deadline(client, scene, timely_on="2025-03-17", confirmed=confirmed)
        stamp_lateness(today=april.date(), now=april)
        late = Assignment.objects.filter(is_late=True, unit__level="commune")
        assert late.count() == 12
        right = {"timely_on": "2025-04-15", "locks_on": "2025-04-25"}
        asked = set_deadline(client, scene, **right).content.decode()
        assert "12 nhiệm vụ đã ghi quá hạn theo hạn đang có vẫn là quá hạn." in asked
        assert set_deadline(client, scene, **right, was_wrong="on").status_code == 302
    assert not late.exists()


def test_a_stale_deadline_shows_days_as_officials_write_them(scene: Scene, client: Client) -> None:
    scene.work("2025-Q1")
    set_deadline(client, scene)
    stale = set_deadline(client, scene, timely_on="2025-03-28", version=1).content.decode()
    assert "<mark>28/03/2025</mark></td><td>25/03/2025</td>" in stale


def test_only_levels_with_units_in_the_period_have_deadlines(scene: Scene, client: Client) -> None:
    scene.work("2025-Q1")
    assert "Sửa hạn cấp huyện" in page(client, reverse("period", args=["2025-Q1"]))
    Unit.objects.filter(level="district").update(valid_to=dt.date(2024, 12, 31))
    shown = page(client, reverse("period", args=["2025-Q1"]))
    assert "Sửa hạn cấp huyện" not in shown
    assert "Sửa hạn cấp xã" in shown


def test_exempt_work_is_counted_apart(scene: Scene, client: Client) -> None:
    scene.work("2025-Q1")
    owed = Assignment.objects.filter(counts_in__code="2025-Q1").count()
    one = scene.assignment("east1", 1)
    actions.change_state(
        assignment=one, verb="exempt", version=one.version, by=scene.coordinator, now=NOW,
        reason="Thử",
    )  # fmt: skip
    shown = page(client, reverse("period", args=["2025-Q1"]))
    assert f"Quý I/2025: {owed - 1} nhiệm vụ được giao" in shown
    assert "1 nhiệm vụ, không tính vào số trên" in shown


def test_a_changed_day_names_the_deadlines_it_leaves(scene: Scene, client: Client) -> None:
    scene.work("2025-Q1")
    before = scene.assignment("east1", 1).due_on
    address = reverse("calendar_day", args=["2025-03-17"])
    shown = follow(client, address, {"is_working": "False", "note": "Nghỉ bù", "version": 0})
    assert "Hãy xem lại hạn của: Quý I/2025" in shown
    assert scene.assignment("east1", 1).due_on == before
    proposal = f"Theo lịch làm việc hiện nay: {before + dt.timedelta(days=1):%d/%m/%Y}"
    assert proposal in page(client, reverse("period", args=["2025-Q1"]))
    remove = reverse("remove_day", args=["2025-03-17"])
    assert "vừa được người khác sửa" in follow(client, remove, {"version": 5})
    assert "Đã bỏ ngày này khỏi lịch" in follow(client, remove, {"version": 1})
    assert not CalendarDay.objects.exists()
    assert proposal not in page(client, reverse("period", args=["2025-Q1"]))
    assert client.post(remove, {"version": 1}).status_code == 404


def test_an_operator_is_offered_no_page_that_refuses(scene: Scene) -> None:
    shown = page(client_of(scene, "operator"), reverse("calendar"))
    for name in ("periods", "occasions", "disclosures"):
        assert f'href="{reverse(name)}"' not in shown.split("<main")[1]


def test_a_day_is_added_changed_and_protected_from_stale_forms(client: Client) -> None:
    chosen = client.get(reverse("choose_day"), {"day": "2025-04-26"})
    address = reverse("calendar_day", args=["2025-04-26"])
    assert chosen["Location"] == address
    form = {"is_working": "True", "note": "Làm bù", "version": 0}
    assert client.post(address, form).status_code == 302
    assert "thứ Bảy, 26/04/2025" in page(client, f"{reverse('calendar')}?year=2025")
    stale = client.post(address, form | {"note": "Nghỉ", "is_working": "False"})
    assert stale.status_code == 409
    shown = " ".join(stale.content.decode().split())
    assert "<mark>nghỉ</mark></td><td>làm việc</td>" in shown
    assert CalendarDay.objects.get(day=dt.date(2025, 4, 26)).is_working
    assert client.get("/lich/2025-02-30/").status_code == 404
    assert client.get(reverse("choose_day"), {"day": "mai"})["Location"] == reverse("calendar")


def test_the_holidays_of_next_year_are_added_once(client: Client) -> None:
    address = reverse("fill_year", args=[2026])
    follow(client, address, {})
    known = CalendarDay.objects.filter(day__year=2026).count()
    assert known > 8
    assert "Đã thêm 0 ngày" in follow(client, address, {})
    assert client.post(reverse("fill_year", args=[1066])).status_code == 404


def test_others_read_and_change_nothing(scene: Scene) -> None:
    scene.work("2025-Q1")
    occasion, _ = actions.open_occasion(
        framework=scene.framework, kind="election", title="Bầu cử", starts_on=NOW.date(),
        ends_on=NOW.date(), units=[scene.units["east"]], by=scene.coordinator, now=NOW,
    )  # fmt: skip
    observer = client_of(scene, "observer")
    for name in ("periods", "calendar", "occasions", "disclosures"):
        shown = page(observer, reverse(name))
        assert 'method="post"' not in shown.split("<main")[1]
    for address in (
        reverse("put_into_work"),
        reverse("deadline", args=["2025-Q1", "commune"]),
        reverse("calendar_day", args=["2025-01-06"]),
        reverse("remove_day", args=["2025-01-06"]),
        reverse("fill_year", args=[2026]),
        reverse("open_occasion"),
        reverse("close_occasion", args=[occasion.pk]),
        reverse("disclosures"),
        reverse("withdraw_disclosure", args=[1]),
    ):
        assert observer.post(address).status_code == 403, address
