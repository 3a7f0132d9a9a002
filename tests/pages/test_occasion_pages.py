"""Occasions and publication, as the coordinator uses them."""

import datetime as dt
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from khung.assignments.models import Assignment, Occasion, ProgressDisclosure
from tests.assignments.scene import NOW, Scene
from tests.pages.test_coordination import follow, occasion_form
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


def test_an_occasion_opens_work_only_where_it_is(scene: Scene, client: Client) -> None:
    shown = follow(client, reverse("open_occasion"), occasion_form(scene, "east", "east1"))
    assert "Đã mở sự kiện; giao 2 nhiệm vụ." in shown
    assert "Trong: 01/03/2025 – 01/03/2025" in shown
    occasion = Occasion.objects.get()
    assert [one.unit.code for one in occasion.touched.all()] == ["east"]  # east1 lies in it
    assert set(Assignment.objects.values_list("unit__code", flat=True)) == {"east1", "east2"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"units": []}, "Hãy chọn ít nhất một đơn vị"),
        ({"ends_on": "2025-01-01"}, "Ngày cuối không thể trước ngày đầu"),
        ({"during_to": "2025-04-01"}, "Giai đoạn cần đủ hai ngày"),
        ({"units": ["999999"]}, "Có đơn vị không có vào ngày bắt đầu"),
    ],
    ids=["nowhere", "backwards", "phase outside", "unknown unit"],
)
def test_an_occasion_that_cannot_be_keeps_what_was_typed(
    scene: Scene, client: Client, change: dict[str, object], why: str
) -> None:
    response = client.post(reverse("open_occasion"), occasion_form(scene, "east") | change)
    assert response.status_code == 422
    assert why in response.content.decode()
    assert "Bầu cử thử" in response.content.decode()
    assert not Occasion.objects.exists()


def test_units_offered_are_those_of_the_first_day(scene: Scene, client: Client) -> None:
    scene.units["west"].valid_to = dt.date(2025, 1, 31)
    scene.units["west"].save()
    address = reverse("open_occasion")
    assert "Huyện west" in page(client, f"{address}?day=2025-01-31")
    assert "Huyện west" not in page(client, f"{address}?day=2025-02-01")


def test_closing_an_occasion_ends_what_nobody_began(scene: Scene, client: Client) -> None:
    follow(client, reverse("open_occasion"), occasion_form(scene, "east"))
    occasion = Occasion.objects.get()
    close = reverse("close_occasion", args=[occasion.pk])
    stale = follow(client, close, {"version": occasion.version + 7})
    assert "vừa được người khác sửa" in stale
    assert "2 nhiệm vụ chưa làm được miễn" in page(client, close)
    assert not Occasion.objects.filter(closed_at__isnull=False).exists()
    shown = follow(client, close, {"version": occasion.version})
    assert "Đã kết thúc sự kiện; miễn 2 nhiệm vụ chưa làm." in shown
    assert set(Assignment.objects.values_list("state", flat=True)) == {"exempt"}
    assert client.post(close, {"version": 2}).status_code == 404


def test_an_occasion_lists_its_work_and_is_over_after_its_last_day(
    scene: Scene, client: Client
) -> None:
    follow(client, reverse("open_occasion"), occasion_form(scene, "east"))
    occasion = Occasion.objects.get()
    shown = page(client, reverse("occasion", args=[occasion.pk]))
    for one in occasion.assignments.all():
        assert f'href="{reverse("assignment", args=[one.pk])}"' in shown
    assert "<strong>đang diễn ra</strong>" in shown
    assert "1 sự kiện đang mở" in page(client, reverse("occasions"))
    after = dt.datetime(2025, 3, 21, 8, 0, tzinfo=NOW.tzinfo)
    with patch("khung.base.clock.now", return_value=after):
        assert "đã qua, chưa đóng" in page(client, reverse("occasion", args=[occasion.pk]))
        shown = page(client, reverse("occasions"))
    assert "Không có sự kiện nào đang mở" in shown
    assert "1 sự kiện đã qua ngày cuối, chưa đóng." in shown


def test_a_document_of_a_day_to_come_publishes_nothing(client: Client) -> None:
    address = reverse("disclosures")
    refused = client.post(address, {"document_number": "9/UBND", "issued_on": "2025-02-11"})
    assert refused.status_code == 422
    assert "Ngày ban hành không thể sau hôm nay." in refused.content.decode()
    assert not ProgressDisclosure.objects.exists()


def test_publication_is_recorded_and_withdrawn(client: Client) -> None:
    address = reverse("disclosures")
    assert "chưa được công khai" in page(client, address)
    refused = client.post(address, {"document_number": "", "issued_on": "2025-01-05"})
    assert refused.status_code == 422
    shown = follow(client, address, {"document_number": "12/UBND", "issued_on": "2025-01-05"})
    assert "đang được công khai" in shown
    made = ProgressDisclosure.objects.get()
    asked = page(client, reverse("withdraw_disclosure", args=[made.pk]))
    assert "sẽ không còn trên trang công khai" in asked
    assert ProgressDisclosure.objects.get().withdrawn_at is None
    shown = follow(client, reverse("withdraw_disclosure", args=[made.pk]), {})
    assert "chưa được công khai" in shown
    assert client.post(reverse("withdraw_disclosure", args=[made.pk])).status_code == 404
