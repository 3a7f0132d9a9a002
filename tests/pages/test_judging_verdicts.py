"""What reviewers do with reports: one, many alike, with a colleague, together, and back again."""

import datetime as dt

import pytest
from django.urls import reverse

from khung.frameworks.models import TaskItem
from khung.orgs.models import Person, RoleHeld
from khung.reports.actions import (
    Point,
    accept_reports,
    add_proposed_reasons,
    return_reports,
)
from khung.reports.models import ReturnReason, Review, ReviewTurn
from tests.assignments.scene import person
from tests.cast import TODAY, Cast
from tests.pages.test_judging import QUEUE, send, state, units
from tests.reports.test_judging import plan


@pytest.fixture
def reasons(cast: Cast) -> list[ReturnReason]:
    add_proposed_reasons(by=cast["coordinator"], now=TODAY)
    return list(ReturnReason.objects.all())


def test_accepting_goes_on_to_the_next_report_of_the_same_list(cast: Cast) -> None:
    first, second = send(cast, "east1"), send(cast, "west1")
    client = cast.client("guide")
    context = client.get(f"{QUEUE}?task=2&turn={first.pk}").context
    assert (context["next"], context["back"]) == (second.pk, "task=2")
    response = client.post(
        reverse("accept_reports"),
        {"turn": first.pk, "back": "task=2", "next": second.pk, "text": "Tốt"},
    )
    assert response.headers["Location"] == f"{QUEUE}?task=2&turn={second.pk}"
    assert (state(cast), Review.objects.get().text) == ("accepted", "Tốt")
    assert "Đã công nhận 1 báo cáo." in client.get(QUEUE).content.decode()


def test_many_alike_are_accepted_with_one_press(cast: Cast) -> None:
    turns = [send(cast, unit) for unit in ("east1", "west1", "east2")]
    shown = cast.page("guide", f"{QUEUE}?task=2&tick=all")
    assert shown.count('name="turn" value="') == shown.count(" checked") - 1 == 3  # and the keys
    address = reverse("accept_reports")
    cast.client("guide").post(address, {"turn": [one.pk for one in turns]})
    assert {state(cast, unit) for unit in ("east1", "west1", "east2")} == {"accepted"}


def test_of_two_reviewers_the_second_reads_who_was_first_and_keeps_the_ticks(cast: Cast) -> None:
    first, second = send(cast, "east1"), send(cast, "west1")
    colleague = Person.objects.create(username="c2", full_name="Trần Thị Hai", joined_at=TODAY)
    RoleHeld.objects.create(person=colleague, unit=cast.scene.units["health"], role="guide")
    accept_reports(judged=[second.pk], by=colleague, now=TODAY)
    client = cast.client("guide")
    response = client.post(
        reverse("accept_reports"), {"turn": [first.pk, second.pk], "back": "unit=xã"}, follow=True
    )
    shown = response.content.decode()
    assert "Trần Thị Hai đã “Công nhận” báo cáo của Xã west 1 lúc 09:30 03/03/2025." in shown
    assert response.context["ticked"] == {first.pk, second.pk}
    assert state(cast) == "submitted"


def test_nothing_ticked_is_said(cast: Cast) -> None:
    send(cast)
    for name in ("accept_reports", "return_reports", "assign_reviewer", "pass_on_reports"):
        response = cast.client("guide").post(reverse(name), {"turn": "x"}, follow=True)
        assert "Chưa chọn báo cáo nào." in response.content.decode()


def test_a_return_says_why_at_its_places(cast: Cast, reasons: list[ReturnReason]) -> None:
    turn = send(cast)
    method = TaskItem.objects.get(task_version=turn.assignment.task_version, field="method")
    proof = turn.report.uses.get().evidence
    client = cast.client("guide")
    shown = client.get(f"{QUEUE}?turn={turn.pk}").content.decode()
    assert f'name="m{method.pk}_reason"' in shown
    assert f'name="e{proof.pk}_text"' in shown
    said = {
        "turn": turn.pk,
        "reasons": [reasons[0].pk],
        f"m{method.pk}_reason": reasons[1].pk,
        f"e{proof.pk}_text": "Không mở được",
        "text": "Bổ sung ảnh",
        "redo_by": "2025-03-10",
    }
    client.post(reverse("return_reports"), said)
    review = Review.objects.get()
    assert (review.text, review.redo_by) == ("Bổ sung ảnh", dt.date(2025, 3, 10))
    kept = [(one.reason, one.text, one.method, one.evidence) for one in review.remarks.all()]
    assert kept == [
        (reasons[0], "", None, None),
        (reasons[1], "", method, None),
        (None, "Không mở được", None, proof),
    ]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"redo_by": "2025-03-10"}, "Hãy chọn ít nhất một lý do, hoặc ghi ý kiến"),
        ({"text": "Thiếu ảnh", "redo_by": "2025-03-01"}, "Ngày này đã qua"),
        ({"text": "Thiếu ảnh", "redo_by": ""}, "errorlist"),
    ],
)
def test_a_return_that_lacks_something_keeps_what_was_typed(
    cast: Cast, reasons: list[ReturnReason], said: dict[str, str], wrong: str
) -> None:
    turn = send(cast)
    proof = turn.report.uses.get().evidence
    typed = {"turn": turn.pk, f"e{proof.pk}_text": "  " if not said.get("text") else "Mờ", **said}
    response = cast.client("guide").post(reverse("return_reports"), typed)
    shown = response.content.decode()
    assert response.status_code == 422
    assert wrong in shown
    assert said.get("text", "") in shown
    assert ('value="Mờ"' in shown) == bool(said.get("text"))
    assert state(cast) == "submitted"


def test_many_are_returned_with_one_reason(cast: Cast, reasons: list[ReturnReason]) -> None:
    turns = [send(cast, unit) for unit in ("east1", "west1")]
    ids = [one.pk for one in turns]
    client = cast.client("guide")
    asked = client.post(reverse("return_reports"), {"turn": ids, "step": "ask"})
    assert asked.status_code == 200
    shown = asked.content.decode()
    assert "Trả lại 2 báo cáo" in shown
    assert "Xã east 1, Xã west 1" in " ".join(shown.split())
    assert not Review.objects.exists()
    said = {"turn": ids, "reasons": [reasons[0].pk], "redo_by": "2025-03-10"}
    client.post(reverse("return_reports"), said)
    assert {state(cast, unit) for unit in ("east1", "west1")} == {"returned"}
    assert Review.objects.filter(remarks__reason=reasons[0]).count() == 2


def test_a_return_that_comes_too_late_keeps_its_words_for_the_others(
    cast: Cast, reasons: list[ReturnReason]
) -> None:
    first, second = send(cast, "east1"), send(cast, "west1")
    accept_reports(judged=[second.pk], by=cast["guide"], now=TODAY)
    client = cast.client("guide")
    said = {"turn": [first.pk, second.pk], "text": "Thiếu biên bản", "redo_by": "2025-03-10"}
    response = client.post(reverse("return_reports"), said)
    shown = response.content.decode()
    assert response.status_code == 409
    assert "Người thử guide đã “Công nhận” báo cáo của Xã west 1" in shown
    assert "Thiếu biên bản" in shown
    assert response.context["ids"] == [first.pk]
    client.post(reverse("return_reports"), said | {"turn": response.context["ids"]})
    assert (state(cast), state(cast, "west1")) == ("returned", "accepted")


def test_what_changed_since_the_last_return(cast: Cast, reasons: list[ReturnReason]) -> None:
    turn = send(cast)
    return_reports(
        judged=[turn.pk],
        points=[Point(reason=reasons[0])],
        text="Thiếu ảnh",
        redo_by=None,
        by=cast["guide"],
        now=TODAY,
    )
    again = cast.send(cast.scene.assignment("east1", 2), "Đã làm xong ba đợt")
    shown = cast.page("guide", f"{QUEUE}?turn={again.pk}")
    assert "Người thử guide trả lại lúc 09:30 ngày 03/03/2025" in shown
    assert "“Thiếu ảnh”" in shown
    assert reasons[0].text in shown
    assert "<ins> ba đợt</ins>" in shown
    assert '<span class="chip near">lần 2</span>' in shown
    return_reports(
        judged=[again.pk], points=[], text="Vẫn thiếu", redo_by=None, by=cast["guide"], now=TODAY
    )
    same = cast.send(cast.scene.assignment("east1", 2), "Đã làm xong ba đợt")
    unchanged = cast.page("guide", f"{QUEUE}?turn={same.pk}")
    assert "Đơn vị gửi lại mà không đổi gì." in unchanged
    assert "Vẫn thiếu" in unchanged


def test_reports_are_given_to_a_colleague(cast: Cast) -> None:
    turn = send(cast)
    colleague = Person.objects.create(username="c2", full_name="Trần Thị Hai", joined_at=TODAY)
    RoleHeld.objects.create(person=colleague, unit=cast.scene.units["health"], role="guide")
    address = reverse("assign_reviewer")
    client = cast.client("guide")
    response = client.post(address, {"turn": turn.pk, "reviewer": colleague.pk}, follow=True)
    shown = response.content.decode()
    assert "Đã giao 1 báo cáo cho Trần Thị Hai." in shown
    assert "· Trần Thị Hai</small>" in " ".join(shown.split())
    stranger = cast["officer"]
    refused = client.post(address, {"turn": turn.pk, "reviewer": stranger.pk}, follow=True)
    assert "không có vai trò thẩm định ở cơ quan này" in refused.content.decode()
    client.post(address, {"turn": turn.pk, "reviewer": ""})
    turn.refresh_from_db()
    assert turn.reviewer is None


def test_a_first_reviewer_passes_on_and_the_judge_reads_it(cast: Cast) -> None:
    plan(cast, 2, superior_first=True)
    turn = send(cast)
    cast.people["district"] = person("guide", cast.scene.units["east"])
    shown = cast.page("district", f"{QUEUE}?turn={turn.pk}")
    assert "Chuyển thẩm định" in shown
    client = cast.client("district")
    # The district may read the page of an assignment it neither guides nor judges.
    assert client.get(reverse("assignment", args=[turn.assignment_id])).status_code == 200
    client.post(reverse("pass_on_reports"), {"turn": turn.pk, "text": "Đã xem ảnh"})
    after = ReviewTurn.objects.get(closed_at__isnull=True)
    read = cast.page("guide", f"{QUEUE}?turn={after.pk}")
    assert "Đã xem xét bước đầu: Người thử guide, Huyện east" in read
    assert "“Đã xem ảnh”" in read
    refused = cast.client("guide").post(reverse("pass_on_reports"), {"turn": after.pk}, follow=True)
    assert "Báo cáo không còn ở bước này." in refused.content.decode()


def test_judging_together_is_one_row_a_task_and_one_judgement(cast: Cast) -> None:
    plan(cast, 2, way="consolidated")
    for unit in ("east1", "west1", "east2"):
        send(cast, unit)
    assert units(cast, "") == []
    overview = cast.page("guide", reverse("judge_together"))
    assert "1 nhiệm vụ chờ thẩm định gộp" in overview
    version = cast.scene.framework.tasks.get(no=2)
    address = reverse("judge_together_task", args=[version.pk])
    assert address in overview
    response = cast.client("guide").get(address)
    rows = response.context["rows"]
    assert [row.assignment.unit.code for row in rows] == ["east1", "east2", "west1"]
    ticked = [row.turn.pk for row in rows[:2]]
    said = {"turn": ticked, "together": version.pk}
    assert cast.client("guide").post(reverse("accept_reports"), said).headers["Location"] == address
    assert {state(cast, unit) for unit in ("east1", "east2")} == {"accepted"}
    assert state(cast, "west1") == "submitted"
    last = {"turn": rows[2].turn.pk, "together": version.pk}
    after = cast.client("guide").post(reverse("accept_reports"), last, follow=True)
    assert "Không nhiệm vụ nào chờ thẩm định gộp" in after.content.decode()


def test_what_was_judged_is_found_again_and_an_acceptance_taken_back(cast: Cast) -> None:
    turn = send(cast)
    accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY)
    shown = cast.page("guide", f"{QUEUE}?show=judged&turn={turn.pk}")
    address = reverse("reopen_report", args=[turn.assignment_id])
    assert address in shown
    client = cast.client("guide")
    assert client.get(address).status_code == 200
    assert client.post(address, {"text": " "}).status_code == 422
    client.post(address, {"text": "Ảnh của năm trước"})
    assert state(cast) == "returned"
    # A stale page asks once more.
    refused = client.post(address, {"text": "Ảnh của năm trước"})
    assert refused.status_code == 422
    assert "Không thể “Hủy công nhận”" in refused.content.decode()
