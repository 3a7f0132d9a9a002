"""The desk of a draft: what answers do, the same file again, earlier answers, and its end."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khung.frameworks.models import Doubt, Framework, PhraseMeaning
from khung.rules.actors import COMMUNES_INCLUDED, COMMUNES_LEFT_OUT, COMMUNES_MEANT
from tests.assignments.scene import PROVINCE, Scene
from tests.pages.small_decision import TEXT, draft
from tests.pages.test_framework import client_of, in_force, page, settle_all

pytestmark = pytest.mark.django_db

WITH_COMMUNES = TEXT.replace("Các doanh nghiệp viễn thông", "Các cơ quan, đơn vị, địa phương")


@pytest.fixture
def client(scene: Scene) -> Client:
    return client_of(scene, "coordinator")


def hand_in(client: Client, text: str, status: int) -> str:
    """What the page says to a file handed in."""
    file = SimpleUploadedFile("q.txt", text.encode())
    response = client.post(reverse("read_decision"), {"province": PROVINCE, "file": file})
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def answer(client: Client, doubt: Doubt, settlement: str) -> int:
    version = Doubt.objects.get(pk=doubt.pk).version
    form = {"settlement": settlement, "reason": "đã hỏi", "version": version}
    return client.post(reverse("doubt", args=[doubt.pk]), form).status_code


def test_whether_communes_are_meant_is_a_choice_with_an_effect(
    scene: Scene, client: Client
) -> None:
    hand_in(client, WITH_COMMUNES, 302)
    doubt = Doubt.objects.get(code=COMMUNES_MEANT)
    address = reverse("doubt", args=[doubt.pk])
    shown = page(client, address)
    assert '<textarea name="settlement"' not in shown
    assert f'value="{COMMUNES_LEFT_OUT}"' in shown
    assert answer(client, doubt, "Để xem đã") == 422
    assert answer(client, doubt, COMMUNES_INCLUDED) == 302
    assert "4 cấp xã" in page(client, address)
    PhraseMeaning.objects.all().delete()
    assert "đã bị bỏ sau khi trả lời" in page(client, address)


def test_an_open_phrase_leads_to_saying_whom_it_means(scene: Scene, client: Client) -> None:
    doubt = draft(scene).doubts.get(code="actor_open")
    shown = page(client, reverse("doubt", args=[doubt.pk]))
    assert "Hôm nay cụm từ chưa chỉ ra đơn vị nào" in shown
    assert "không giao việc cho ai" in shown
    asked = f"{reverse('settle_phrase', args=[3])}?version={doubt.framework_id}"
    assert f"{asked}&amp;role=implementing&amp;phrase=" in shown
    form = page(client, f"{asked}&role=implementing&phrase=Các doanh nghiệp viễn thông")
    assert '<option value="Các doanh nghiệp viễn thông" selected>' in form


def test_the_file_in_force_is_not_read_again(scene: Scene, client: Client) -> None:
    made = in_force(scene)
    shown = hand_in(client, TEXT, 409)
    assert "Tệp này đã đọc, đang có hiệu lực" in shown
    assert f"{reverse('framework')}?version={made.pk}" in shown
    assert Framework.objects.filter(decision=made.decision).count() == 1


def test_the_file_of_a_draft_leads_to_the_draft(scene: Scene, client: Client) -> None:
    made = draft(scene)
    assert f"{reverse('framework')}?version={made.pk}" in hand_in(client, TEXT, 409)


def test_earlier_answers_are_offered_and_taken_over_at_a_click(
    scene: Scene, client: Client
) -> None:
    first = draft(scene)
    settle_all(first, scene)
    n = first.doubts.count()
    hand_in(client, TEXT + "\n", 302)
    second = Framework.objects.get(decision=first.decision, number=2)
    doubts = f"{reverse('doubts')}?version={second.pk}"
    assert f"Dùng lại {n} cách xử lý trước" in page(client, doubts)
    assert second.doubts.filter(settled_at__isnull=True).count() == n
    client.post(f"{reverse('reuse_settlements')}?version={second.pk}")
    shown = page(client, doubts)
    assert f"Đã dùng lại {n} cách xử lý và 0 cách hiểu trước" in shown
    assert "Dùng lại" not in shown
    assert not second.doubts.filter(settled_at__isnull=True).exists()


def test_a_draft_says_what_sets_it_apart_from_the_framework_in_force(
    scene: Scene, client: Client
) -> None:
    in_force(scene)
    hand_in(client, TEXT.replace("Báo cáo kết quả.", "Họp báo."), 302)
    made = Framework.objects.get(status=Framework.Status.DRAFT)
    shown = page(client, f"{reverse('framework')}?version={made.pk}")
    assert "thêm 0, bớt 0, đổi 1 nhiệm vụ" in shown


def test_a_draft_is_discarded_after_it_was_asked(scene: Scene, client: Client) -> None:
    made = draft(scene)
    address = f"{reverse('discard_draft')}?version={made.pk}"
    assert "3 nhiệm vụ và 0 cách xử lý" in page(client, address)
    assert client.post(address, {"version": made.version + 1}).status_code == 409
    assert client.post(address, {"version": made.version}).status_code == 302
    assert not Framework.objects.filter(pk=made.pk).exists()


def test_what_is_in_force_is_not_discarded(scene: Scene, client: Client) -> None:
    framework = scene.framework
    address = f"{reverse('discard_draft')}?version={framework.pk}"
    assert "không còn là dự thảo" in page(client, address)
    assert client.post(address, {"version": framework.version}).status_code == 422
    assert Framework.objects.filter(pk=framework.pk).exists()
