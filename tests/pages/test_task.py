"""The page of a task: what it asks, whom it reaches, and the source beside it."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khung.desk.timing_words import timing_words
from khung.frameworks import actions
from khung.frameworks.models import PhraseMeaning, TaskItem
from khung.rules.actors import parse_actors
from khung.rules.timing import parse_timing
from tests.assignments.scene import NOW, Scene
from tests.pages.test_framework import client_of, in_force, page, seen_on


@pytest.fixture
def client(scene: Scene) -> Client:
    in_force(scene)
    return client_of(scene, "observer")


def task(client: Client, no: int, query: str = "") -> str:
    return page(client, reverse("task", args=[no]) + query)


def test_methods_say_their_kind_and_the_evidence_they_ask_for(client: Client) -> None:
    shown = task(client, 1)
    assert "Niêm yết tại trụ sở UBND cấp xã" in shown
    assert "Ảnh chụp · Địa điểm · Ngày bắt đầu và ngày kết thúc niêm yết" in shown


def test_the_source_stands_beside_as_it_was_and_is_only_text(client: Client) -> None:
    shown = task(client, 3)
    assert "Phát triển hạ tầng &lt;b&gt;số&lt;/b&gt; hàng năm." in shown
    assert '<span class="line-no">dòng 22</span>' in shown
    assert "<mark>Các doanh nghiệp viễn thông</mark>" in shown  # the doubt's passage
    assert "đã đối chiếu" in shown  # and how it was settled


def test_units_are_counted_on_the_day_asked(scene: Scene, client: Client) -> None:
    assert "5 đơn vị phải thực hiện" in task(client, 1)
    scene.units["east1"].valid_to = dt.date(2025, 6, 30)
    scene.units["east1"].save()
    assert "4 đơn vị phải thực hiện, tính đến 01/07/2025" in task(client, 1, "?day=2025-07-01")
    assert "5 đơn vị phải thực hiện, tính đến 30/06/2025" in task(client, 1, "?day=2025-06-30")
    assert "chưa xác định được đơn vị nào" in task(client, 3)


def test_a_correction_is_marked_beside_the_words_as_written(client: Client) -> None:
    TaskItem.objects.filter(task_version__no=2, field="content").update(
        corrected="Tổ chức bầu cử đúng quy định của luật"
    )
    shown = task(client, 2)
    assert "<mark> của luật</mark>" in shown
    assert "<del>Tổ chức bầu cử đúng quy định" in shown


def test_settled_phrases_are_shown_with_their_reason(scene: Scene, client: Client) -> None:
    version = scene.framework.__class__.objects.get(decision__number="7/QĐ-UBND").tasks.get(no=3)
    actions.record_meaning(
        framework=version.framework,
        task_version=version,
        role=PhraseMeaning.Role.IMPLEMENTING,
        phrase="Các doanh nghiệp viễn thông",
        actors=parse_actors("Sở Y tế").actors,
        reason="Chỉ để thử",
        is_assumption=True,
        by=scene.coordinator,
        now=NOW,
    )
    shown = task(client, 3)
    assert "1 đơn vị phải thực hiện" in shown
    assert "giả định của bản minh họa" in shown
    assert "Chỉ để thử" in shown
    assert "Chỉ để thử" not in task(client, 2)


def test_there_is_a_way_to_the_tasks_beside(client: Client) -> None:
    first, last = task(client, 1), task(client, 3)
    assert reverse("task", args=[2]) in first
    assert reverse("task", args=[2]) in last
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in last
    assert client.get(reverse("task", args=[4])).status_code == 404


def test_queries_of_a_task_are_pinned(client: Client) -> None:
    task(client, 1)
    with CaptureQueriesContext(connection) as few:
        task(client, 1)
    with CaptureQueriesContext(connection) as more:
        task(client, 3)
    assert len(few) == len(more) == 20


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("Thường xuyên", "Mỗi kỳ báo cáo một lần"),
        ("Mỗi năm ít nhất 02 lần", "Ít nhất 2 lần mỗi năm"),
        ("Hằng quý", "Mỗi quý một lần"),
        ("Thường xuyên trong năm học", "Các kỳ báo cáo có ngày trong năm học (05/09 đến 31/05)"),
        ("Quý III/2023", "Một lần, chậm nhất hết quý 3/2023"),
        ("Trước 30/6/2023", "Một lần, chậm nhất hết 30/06/2023"),
        ("Tháng 9 hằng năm", "Một lần, chậm nhất hết tháng 9 hằng năm"),
        (
            "Trước, trong và sau kỳ bầu cử",
            "Chỉ khi mở sự kiện “Bầu cử”; các giai đoạn: trước, trong, sau",
        ),
        ("Vào lúc thuận tiện nhất", "Chưa xác định; tạm tính theo từng kỳ báo cáo"),
    ],
)
def test_timing_is_said_in_words(phrase: str, said: str) -> None:
    assert timing_words(parse_timing(phrase).parts[0]) == said


def phrase_form(**changed: str) -> dict[str, str]:
    return {
        "role": "implementing",
        "phrase": "Các doanh nghiệp viễn thông",
        "means": "UBND cấp huyện; Sở Y tế",
        "reason": "Đã hỏi",
    } | changed


def test_a_coordinator_says_who_is_meant_and_takes_it_back(scene: Scene, client: Client) -> None:
    coordinator = client_of(scene, "coordinator")
    address = reverse("settle_phrase", args=[3])
    shown = send(coordinator, address, phrase_form(), 200)
    assert "chữ này chỉ ra 3 đơn vị" in shown
    assert "<dd>Huyện east; Huyện west</dd>" in shown
    assert not PhraseMeaning.objects.exists()
    send(coordinator, address, phrase_form() | seen_on(shown), 302)
    assert "3 đơn vị phải thực hiện" in task(client, 3)
    meaning = PhraseMeaning.objects.get()
    withdraw = reverse("withdraw_meaning", args=[meaning.pk])
    assert "Nhiệm vụ 3" in coordinator.get(withdraw).content.decode()
    assert PhraseMeaning.objects.exists()
    assert coordinator.post(withdraw).status_code == 302
    assert "3 đơn vị phải thực hiện" not in task(client, 3)


def send(client: Client, address: str, form: dict[str, str], status: int) -> str:
    response = client.post(address, form)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def test_answers_changed_after_they_were_shown_are_shown_again(
    scene: Scene, client: Client
) -> None:
    coordinator = client_of(scene, "coordinator")
    address = reverse("settle_phrase", args=[3])
    seen = seen_on(send(coordinator, address, phrase_form(), 200))
    again = send(coordinator, address, phrase_form(means="UBND cấp xã") | seen, 200)
    assert "chữ này chỉ ra 4 đơn vị" in again
    assert "<dd>4 cấp xã</dd>" in again
    assert not PhraseMeaning.objects.exists()


def test_words_that_name_no_unit_are_recorded_only_to_wait(scene: Scene, client: Client) -> None:
    coordinator = client_of(scene, "coordinator")
    address = reverse("settle_phrase", args=[3])
    form = phrase_form(means="Sở Y tế; Sở Bay Vũ Trụ")
    assert "Không có đơn vị nào tên là “Sở Bay Vũ Trụ”" in send(coordinator, address, form, 422)
    waiting = form | {"may_wait": "on"}
    shown = send(coordinator, address, waiting, 200)
    assert "không có đơn vị nào" in shown
    send(coordinator, address, waiting | seen_on(shown), 302)
    assert "1 đơn vị phải thực hiện" in task(client, 3)


def test_a_meaning_for_all_tasks_is_taken_back_from_the_task_one_was_on(
    scene: Scene, client: Client
) -> None:
    coordinator = client_of(scene, "coordinator")
    address = reverse("settle_phrase", args=[3])
    form = phrase_form(for_all="on")
    send(coordinator, address, form | seen_on(send(coordinator, address, form, 200)), 302)
    withdraw = f"{reverse('withdraw_meaning', args=[PhraseMeaning.objects.get().pk])}?task=3"
    assert withdraw in coordinator.get(reverse("task", args=[3])).content.decode()
    assert "cho mọi nhiệm vụ" in coordinator.get(withdraw).content.decode()
    taken_back = coordinator.post(withdraw)
    assert taken_back["Location"].startswith(reverse("task", args=[3]))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"means": "UBND cấp huyện; Các cơ quan có liên quan"}, "Chưa hiểu “Các cơ quan"),
        ({"phrase": ""}, "Hãy chọn một cụm từ"),
        ({"phrase": "Sở Lạ"}, "Sở Lạ"),
        ({"valid_from": "2025-07-01", "valid_to": "2025-06-30"}, "Ngày cuối không thể trước"),
        ({"reason": ""}, "Hãy điền mục này"),
    ],
    ids=["not understood", "no phrase", "not of this task", "backwards", "no reason"],
)
def test_a_meaning_that_cannot_be_keeps_what_was_typed(
    scene: Scene, client: Client, changed: dict[str, str], why: str
) -> None:
    response = client_of(scene, "coordinator").post(
        reverse("settle_phrase", args=[3]), phrase_form(**changed)
    )
    assert response.status_code == 422
    assert why in response.content.decode()
    assert "UBND cấp huyện" in response.content.decode()
    assert not PhraseMeaning.objects.exists()
