"""How tasks are judged, the list of reasons, compulsory methods."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khung.frameworks.models import TaskItem
from khung.reports.actions import add_proposed_reasons, add_reason
from khung.reports.models import CompulsoryMethod, JudgingPlan, ReturnReason
from khung.reports.turns import newest_plan_id
from tests.assignments.scene import add_task, person
from tests.cast import TODAY, Cast
from tests.reports.test_judging import plan

SAMPLE = {
    "level": ["commune"],
    "way": "sampled",
    "share": "20",
    "seed": "quy-1",
    "working_days": "7",
}


def task_of(cast: Cast, no: int) -> int:
    return cast.scene.framework.tasks.get(no=no).task_id


def test_the_table_says_in_words_how_each_task_is_judged(cast: Cast) -> None:
    plan(cast, 2, way="sampled", share=20, seed="s", superior_first=True)
    shown = cast.page("coordinator", reverse("judging_plans"))
    assert "<strong>mẫu 20%, 10 ngày, cấp trên xem trước</strong>" in shown
    assert shown.count(">tất cả, 10 ngày</a>") == 6 * 3 - 1
    assert "khoảng 1 phần 5 báo cáo được đọc" in shown
    assert 'href="/cach-tham-dinh/dat/' not in cast.page("guide", reverse("judging_plans"))


def test_several_tasks_get_a_plan_at_once(cast: Cast) -> None:
    address = reverse("set_judging_plan")
    tasks = [task_of(cast, no) for no in (1, 2)]
    client = cast.client("coordinator")
    query = "&".join(f"task={task}" for task in tasks)
    asked = client.get(f"{address}?{query}&level=commune")
    assert "Đặt cách thẩm định cho 2 nhiệm vụ" in asked.content.decode()
    assert asked.context["form"].initial["share"] == 20
    said = SAMPLE | {"task": tasks, "seen": newest_plan_id(), "superior_first": "on"}
    told = client.post(address, said, follow=True).content.decode()
    assert "Đã đặt cho 2 nhiệm vụ, cấp xã. Khoảng 1 phần 5 báo cáo được đọc;" in told
    kept = JudgingPlan.objects.values_list("level", "way", "share", "seed", "superior_first")
    assert list(kept) == [("commune", "sampled", 20, "quy-1", True)] * 2


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"share": ""}, "Hãy ghi tỷ lệ báo cáo được đọc."),
        ({"seed": " "}, "Hãy ghi một chuỗi bất kỳ để rút mẫu."),
        ({"level": []}, "Hãy chọn ít nhất một cấp."),
        ({"working_days": "0"}, "errorlist"),
        ({"way": "never"}, "errorlist"),
    ],
)
def test_a_plan_that_lacks_something_is_refused(
    cast: Cast, said: dict[str, object], wrong: str
) -> None:
    filled = SAMPLE | {"task": [task_of(cast, 2)], "seen": 0, **said}
    response = cast.client("coordinator").post(reverse("set_judging_plan"), filled)
    assert response.status_code == 422
    assert wrong in response.content.decode()
    assert not JudgingPlan.objects.exists()


def test_of_two_who_set_a_plan_the_second_sees_the_first_one_before_replacing_it(
    cast: Cast,
) -> None:
    address, client = reverse("set_judging_plan"), cast.client("coordinator")
    stale = SAMPLE | {"task": [task_of(cast, 2)], "seen": newest_plan_id()}
    plan(cast, 2, way="consolidated")
    response = client.post(address, stale)
    shown = response.content.decode()
    assert response.status_code == 409
    assert "Người thử coordinator vừa đặt lại cách thẩm định" in shown
    assert "Báo cáo của các đơn vị được đọc cạnh nhau" in shown
    assert 'value="quy-1"' in shown  # what was typed stays
    assert JudgingPlan.objects.count() == 1
    client.post(address, stale | {"seen": response.context["form"]["seen"].value()})
    assert JudgingPlan.objects.latest("id").way == "sampled"


def test_no_task_chosen_is_said(cast: Cast) -> None:
    response = cast.client("coordinator").get(reverse("set_judging_plan"), follow=True)
    assert "Chưa chọn nhiệm vụ nào." in response.content.decode()


def test_a_guide_marks_the_methods_of_its_own_tasks(cast: Cast) -> None:
    version = cast.scene.framework.tasks.get(no=2)
    method = TaskItem.objects.get(task_version=version, field="method")
    address = reverse("compulsory_methods", args=[version.pk])
    cast.people["stranger"] = person("guide", cast.scene.units["west"])
    refused = cast.client("stranger").post(address, {"method": method.pk})
    assert refused.status_code == 403
    assert 'name="method"' not in cast.page("stranger", address)
    told = cast.client("guide").post(address, {"method": [method.pk, "x"]}, follow=True)
    assert "Đã ghi 1 cách thức bắt buộc" in told.content.decode()
    assert CompulsoryMethod.objects.get().method == method
    assert ">1/1</a>" in cast.page("guide", reverse("judging_plans"))
    cast.client("guide").post(address, {})
    assert not CompulsoryMethod.objects.exists()


def test_an_empty_list_of_reasons_offers_a_proposal(cast: Cast) -> None:
    address = reverse("return_reasons")
    assert "Dùng danh mục gợi ý" in cast.page("coordinator", address)
    cast.client("coordinator").post(reverse("propose_reasons"))
    assert "10 lý do trả lại báo cáo" in cast.page("guide", address)
    assert "Ngừng dùng" not in cast.page("guide", address)


def test_reasons_are_added_reworded_moved_and_retired(cast: Cast) -> None:
    client, address = cast.client("coordinator"), reverse("return_reasons")
    for text in ("Ảnh mờ", "Thiếu biên bản"):
        client.post(address, {"text": text})
    again = client.post(address, {"text": "ảnh  mờ"})
    assert again.status_code == 422
    assert "Danh mục đã có lý do này." in again.content.decode()
    first, second = ReturnReason.objects.all()
    client.post(reverse("move_reason"), {"reason": first.pk, "to": "down"})
    assert list(ReturnReason.objects.all()) == [second, first]
    client.post(reverse("move_reason"), {"reason": first.pk, "to": "down"})  # nowhere to go
    said = {"text": "Ảnh không rõ", "version": first.version}
    client.post(reverse("reword_reason", args=[first.pk]), said)
    stale = client.post(reverse("reword_reason", args=[first.pk]), said | {"text": "Ảnh tối"})
    assert stale.status_code == 409
    assert "Người khác vừa lưu mục này" in stale.content.decode()
    assert "Ảnh tối" in stale.content.decode()
    client.post(reverse("retire_reason", args=[second.pk]), {"version": second.version})
    second.refresh_from_db()
    assert not second.is_active
    late = client.post(
        reverse("retire_reason", args=[second.pk]), {"version": "1", "use": "1"}, follow=True
    )
    assert "Người khác vừa sửa lý do này" in late.content.decode()
    said = {"version": second.version, "use": "1"}
    client.post(reverse("retire_reason", args=[second.pk]), said)
    second.refresh_from_db()
    assert second.is_active


def test_a_guide_reads_the_list_and_adds_nothing(cast: Cast) -> None:
    add_reason(text="Ảnh mờ", by=cast["coordinator"], now=TODAY)
    assert cast.client("guide").post(reverse("return_reasons"), {"text": "x"}).status_code == 403
    assert ReturnReason.objects.count() == 1


def test_a_table_of_fifty_tasks_asks_no_more_than_one_of_six(cast: Cast) -> None:
    def asked() -> int:
        client = cast.client("coordinator")
        client.get(reverse("judging_plans"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("judging_plans"))
        return len(queries)

    few = asked()
    for no in range(7, 60):
        add_task(cast.scene.framework, no, 1, "", "UBND cấp xã", "Sở Y tế", "Thường xuyên")
    add_proposed_reasons(by=cast["coordinator"], now=TODAY)
    assert asked() == few == 14
