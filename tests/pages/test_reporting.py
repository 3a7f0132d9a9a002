"""The sheet as a person uses it: saving, sending, copying, counting, and what is refused."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from khung.assignments.models import Assignment
from khung.base import clock
from khung.orgs.models import RoleHeld
from khung.reports.actions import Point, approve_reports, return_reports, send_reports
from khung.reports.models import Evidence, EvidenceUse, Occurrence, Report, ReportingHabit
from tests.assignments.scene import person
from tests.cast import TODAY, Cast

ADDRESS = "/viec-cua-toi/"
SCRIPT = {"X-Sheet": "1"}


def said(**words: Any) -> dict[str, Any]:
    return {"outcome": "done", "version": 0} | words


def save(cast: Cast, assignment: Assignment, role: str = "officer", **words: Any) -> Any:
    """What the script is answered."""
    address = reverse("save_report", args=[assignment.pk])
    return cast.client(role).post(address, said(**words), headers=SCRIPT)


def post(client: Client, name: str, pk: int | None = None, **words: Any) -> str:
    """What somebody reads after a form of the sheet, redirects followed."""
    address = reverse(name, args=[pk] if pk else [])
    response = client.post(f"{address}?period=2025-Q1", words, follow=True)
    return " ".join(response.content.decode().split())


def prove(draft: Report) -> None:
    proof = Evidence.objects.create(
        unit=draft.assignment.unit,
        kind=Evidence.Kind.LINK,
        title="Tin bài",
        url="https://xa.example.vn/tin",
        added_at=TODAY,
    )
    EvidenceUse.objects.create(report=draft, evidence=proof)


def test_a_draft_saves_itself_as_it_is_typed(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    first = save(cast, assignment, text="Đã rà soát\r\nhai trạm", quantity="1.250,5").json()
    assert (first["saved"], first["note"]) == ("Đã lưu 09:30", "Còn thiếu 1 mục")
    assert [gap["message"] for gap in first["gaps"]] == [
        "Chưa có tài liệu kiểm chứng. Cần ít nhất một tài liệu."
    ]
    assert "Đang làm" in first["state"]
    draft = Report.objects.get(assignment=assignment)
    assert (draft.text, str(draft.quantity)) == ("Đã rà soát\nhai trạm", "1250.50")
    prove(draft)
    method = assignment.task_version.items.get(field="method")
    again = save(
        cast,
        assignment,
        text="Đã rà soát ba trạm",
        version=first["version"],
        methods_done=method.pk,
    ).json()
    assert (again["gaps"], again["note"]) == ([], "Đã đủ, chưa gửi")
    shown = cast.page("officer", f"{ADDRESS}?open={assignment.pk}")
    assert "Đã rà soát ba trạm</textarea>" in shown
    assert f'name="methods_done" value="{method.pk}" checked>' in shown
    assert "Đã lưu 09:30 ngày 03/03/2025, Người thử officer" in shown
    assert "<b data-whole-count>1</b>/1 phần đang soạn đã đủ" in shown


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"quantity": "vài"}, "Số lượng phải là số, ví dụ 120 hoặc 1.250,5."),
        ({"quantity": "-1"}, "Số lượng không thể âm."),
        ({"quantity": "1,234"}, "Chỉ ghi tối đa hai chữ số thập phân."),
        ({"methods_done": "999999"}, "Có cách thức không thuộc nhiệm vụ này"),
        ({"outcome": "awaiting_funds"}, "awaiting_funds"),
    ],
)
def test_what_is_typed_wrong_is_told_and_nothing_is_saved(
    cast: Cast, words: dict[str, str], why: str
) -> None:
    assignment = cast.scene.assignment("east1", 2)
    answer = save(cast, assignment, text="Đã làm", **words)
    assert answer.status_code == 422
    assert why in " ".join(answer.json()["errors"])
    assert not Report.objects.exists()
    page = cast.client("officer").post(
        reverse("save_report", args=[assignment.pk]), said(text="Đã làm", **words)
    )
    assert page.status_code == 422
    assert "Đã làm</textarea>" in page.content.decode()
    assert "data-unsaved" in page.content.decode()


def test_two_who_write_at_once_see_both_texts(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    read = save(cast, assignment, text="Bản đầu").json()["version"]
    cast.people["other"] = person("officer", cast.scene.units["east2"])
    RoleHeld.objects.filter(person=cast.people["other"]).update(unit=cast.scene.units["east1"])
    save(cast, assignment, "other", text="Bản của đồng nghiệp", version=read)
    late = save(cast, assignment, text="Bản của tôi", version=read)
    assert late.status_code == 409
    answer = late.json()
    assert "Bản của đồng nghiệp" in answer["clash"]
    assert "Bản của tôi" in answer["clash"]
    page = cast.client("officer").post(
        reverse("save_report", args=[assignment.pk]), said(text="Bản của tôi", version=read)
    )
    assert page.status_code == 409
    assert "Người khác vừa lưu mục này" in page.content.decode()
    assert "Bản của tôi</textarea>" in page.content.decode()
    assert save(cast, assignment, text="Bản của tôi", version=answer["version"]).status_code == 200
    assert Report.objects.get(assignment=assignment).text == "Bản của tôi"


def test_the_same_words_never_meet(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    version = save(cast, assignment, text="Như nhau").json()["version"]
    Report.objects.update(version=version + 1)
    assert save(cast, assignment, text="Như nhau", version=version).status_code == 200


def test_a_sign_in_that_expired_sends_the_script_to_sign_in(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    answer = save(cast, assignment, "anonymous", text="Chưa mất")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert not Report.objects.exists()


def test_a_locked_line_says_which_rule_and_who(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assignment = cast.scene.assignment("east1", 2)
    at = dt.datetime.combine(
        assignment.locks_on + dt.timedelta(days=1), dt.time(0, 1), TODAY.tzinfo
    )
    monkeypatch.setattr(clock, "now", lambda: at)
    answer = save(cast, assignment, text="Muộn")
    assert answer.status_code == 423
    assert "ngày khóa của Quý I/2025" in " ".join(answer.json()["errors"])
    shown = cast.page("officer", f"{ADDRESS}?period=2025-Q1&open={assignment.pk}")
    assert "Sở Nội vụ (cơ quan điều phối) có thể cho phép" in shown
    assert f'id="bc-{assignment.pk}"' not in shown


def test_another_units_work_is_no_page(cast: Cast) -> None:
    other = cast.scene.assignment("west1", 2)
    for name in ("save_report", "copy_last", "withdraw_report", "record_occurrence"):
        answer = cast.client("officer").post(reverse(name, args=[other.pk]), said())
        assert answer.status_code == 404, name
    assert cast.client("officer").get(reverse("report_line", args=[other.pk])).status_code == 404


def test_who_only_watches_reads_what_was_sent_and_no_draft(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    cast.draft(assignment, "Chữ còn soạn")
    watched = reverse("report_line", args=[assignment.pk])
    assert "Chữ còn soạn" not in cast.page("guide", watched)
    assert "Chữ còn soạn" in cast.page("officer", watched)
    cast.send(assignment, "Chữ đã gửi")
    shown = cast.page("guide", watched)
    assert "Chữ đã gửi" in shown
    assert "Báo cáo lần 1, gửi lúc 09:30 ngày 03/03/2025, Người thử head." in shown
    assert "Thu hồi để sửa" not in shown


def test_the_head_sends_all_that_is_complete_and_hears_why_the_rest_stays(cast: Cast) -> None:
    whole = [cast.draft(cast.scene.assignment("east1", no)) for no in (1, 2)]
    empty = cast.draft(cast.scene.assignment("east1", 6), "")
    head = cast.client("head")
    shown = post(head, "send_many", draft=[whole[0].pk, empty.pk])
    assert "Đã gửi 1 báo cáo." in shown
    assert "1 báo cáo chưa gửi được; lý do ghi ở từng nhiệm vụ." in shown
    assert "Chưa gửi được:</strong> <ul><li>Chưa ghi kết quả." in shown
    assert "Chưa gửi được:" not in cast.page("head", ADDRESS)  # said once
    shown = post(head, "send_many", all="complete")
    assert "Đã gửi 1 báo cáo." in shown
    assert "Không có báo cáo nào để gửi" in post(head, "send_many", all="complete")
    assert "Chưa chọn báo cáo nào." in post(head, "send_many")
    states = Assignment.objects.filter(unit=empty.assignment.unit, task_version__no__in=(1, 2, 6))
    assert list(states.order_by("task_version__no").values_list("state", flat=True)) == [
        "submitted",
        "submitted",
        "in_progress",
    ]


def test_an_officer_hands_in_and_sends_what_the_head_approved(cast: Cast) -> None:
    one, other = (cast.draft(cast.scene.assignment("east1", no)) for no in (1, 2))
    officer = cast.client("officer")
    assert "Gửi tất cả phần đã đủ" not in cast.page("officer", ADDRESS)
    refused = post(officer, "send_many", draft=[one.pk])
    assert "Chờ thủ trưởng hoặc cấp phó duyệt." in refused
    shown = post(officer, "hand_in", all="complete")
    assert "Đã trình thủ trưởng duyệt 2 báo cáo." in shown
    assert "đang soạn đã đủ · 2 chờ thủ trưởng duyệt</p>" in shown
    third = cast.draft(cast.scene.assignment("east1", 6))
    again = post(officer, "hand_in", draft=[one.pk, other.pk, third.pk])
    assert "Đã trình thủ trưởng duyệt 1 báo cáo." in again
    again = post(officer, "hand_in", draft=[one.pk, third.pk])
    assert "2 báo cáo đã trình từ trước, đang chờ thủ trưởng duyệt." in again
    Report.objects.filter(pk=third.pk).update(is_ready=False)
    approve_reports(drafts=[one.pk], by=cast["head"], now=TODAY)
    assert "1 chờ thủ trưởng duyệt · 1 đã duyệt, chưa gửi" in cast.page("officer", ADDRESS)
    assert "Đã gửi 1 báo cáo." in post(officer, "send_many", all="approved")
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.sent_by == cast["officer"]
    assert other.sent_at is None


def test_saving_what_did_not_change_keeps_the_approval(cast: Cast) -> None:
    draft = cast.draft(cast.scene.assignment("east1", 2), "Đã làm")
    approve_reports(drafts=[draft.pk], by=cast["head"], now=TODAY)
    draft.refresh_from_db()
    saved = save(cast, draft.assignment, text="Đã làm", version=draft.version).json()
    assert saved["note"] == "Đã duyệt, chưa gửi"
    saved = save(cast, draft.assignment, text="Đã làm lại", version=saved["version"]).json()
    assert saved["note"] == "Đã đủ, chưa gửi"


def test_where_the_head_need_not_approve_the_officer_sends_from_the_line(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    ReportingHabit.objects.create(unit=assignment.unit, head_approves=False)
    draft = cast.draft(assignment)
    draft.refresh_from_db()
    shown = post(
        cast.client("officer"),
        "save_report",
        assignment.pk,
        **said(text="Câu cuối", version=draft.version, then="send"),
    )
    assert "Đã gửi 1 báo cáo." in shown
    draft.refresh_from_db()
    assert (draft.text, draft.sent_at) == ("Câu cuối", TODAY)


def test_a_report_is_taken_back_from_its_line(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    cast.send(assignment)
    line = reverse("report_line", args=[assignment.pk])
    assert "Thu hồi để sửa" in cast.page("officer", line)
    shown = post(cast.client("officer"), "withdraw_report", assignment.pk)
    assert "đã thu hồi báo cáo để sửa" in shown
    assert Assignment.objects.get(pk=assignment.pk).state == "in_progress"
    assert "Đã làm xong</textarea>" in cast.page("officer", f"{ADDRESS}?open={assignment.pk}")


def test_a_return_stands_at_the_place_it_concerns(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 1)
    turn = cast.send(assignment)
    method = assignment.task_version.items.get(text="Niêm yết tại trụ sở")
    proof = turn.report.uses.get().evidence
    return_reports(
        judged=[turn.pk],
        points=[
            Point(text="Thiếu ngày gỡ", method=method),
            Point(text="Đường dẫn hỏng", evidence=proof),
        ],
        text="Bổ sung",
        redo_by=None,
        by=person("guide", cast.scene.units["east"]),
        now=TODAY,
    )
    shown = cast.page("officer", f"{ADDRESS}?open={assignment.pk}")
    assert "Người thử guide trả lại lúc 09:30 ngày 03/03/2025." in shown
    at_method = shown[shown.index("<span>Niêm yết tại trụ sở</span>") :]
    assert "Thiếu ngày gỡ" in at_method[: at_method.index("</div>")]
    assert "Về tài liệu “Tin bài”: Đường dẫn hỏng" in shown
    assert "Đã làm xong</textarea>" in shown  # the words sent are where the correction begins


def test_last_periods_words_by_one_click_and_for_all(cast: Cast) -> None:
    for no in (1, 2):
        cast.send(cast.scene.assignment("east1", no, "2025-Q1"), f"Kết quả {no}")
    cast.scene.work("2025-Q2")
    sheet = f"{ADDRESS}?period=2025-Q2"
    shown = cast.page("officer", sheet)
    assert "Chép nội dung kỳ trước cho 2 nhiệm vụ chưa soạn" in shown
    own = cast.scene.assignment("east1", 1, "2025-Q2")
    assert "Quý I/2025 đã báo cáo:" in cast.page("officer", f"{sheet}&open={own.pk}")
    officer = cast.client("officer")
    shown = post(officer, "copy_last", own.pk, back=sheet)
    assert "Nhiệm vụ 1: đã chép nội dung kỳ trước" in shown
    assert "Kết quả 1</textarea>" in shown
    assert "không chép đè" in post(officer, "copy_last", own.pk, back=sheet)
    response = officer.post(f"{reverse('copy_last_of_all')}?period=2025-Q2", {}, follow=True)
    assert "Đã chép nội dung kỳ trước cho 1 nhiệm vụ" in response.content.decode()
    copied = Report.objects.filter(sent_at__isnull=True).order_by("assignment__task_version__no")
    assert [one.text for one in copied] == ["Kết quả 1", "Kết quả 2"]


def test_times_are_added_and_taken_out_on_the_line(cast: Cast) -> None:
    yearly = cast.scene.assignment("east1", 3)
    officer = cast.client("officer")
    shown = post(
        officer, "record_occurrence", yearly.pk, happened_on="2025-02-20", text="Đối thoại ở thôn"
    )
    assert "Đã ghi. Đến nay 1/2 lần." in shown
    assert '<span class="chip">1/2 lần</span>' in shown
    assert "Đối thoại ở thôn" in shown
    future = officer.post(
        reverse("record_occurrence", args=[yearly.pk]),
        {"happened_on": "2025-03-04", "text": "Chưa đến"},
    )
    assert future.status_code == 422
    assert "Ngày này chưa đến; chỉ ghi lần đã làm." in future.content.decode()
    assert 'value="Chưa đến"' in future.content.decode()
    made = Occurrence.objects.get()
    assert "Đến nay 0/2 lần." in post(officer, "withdraw_occurrence", made.pk)
    stranger = person("officer", cast.scene.units["west1"])
    client = Client()
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("withdraw_occurrence", args=[made.pk])).status_code == 404


def test_a_judge_who_also_reports_elsewhere_reads_no_draft_in_a_wrong_form(cast: Cast) -> None:
    yearly = cast.scene.assignment("east1", 3)
    Assignment.objects.filter(pk=yearly.pk).update(judge=cast.scene.units["health"])
    cast.draft(yearly)
    both = person("officer", cast.scene.units["health"])
    RoleHeld.objects.create(person=both, unit=cast.scene.units["health"], role="guide")
    client = Client()
    client.force_login(both, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("assignment", args=[yearly.pk])).status_code == 200
    answer = client.post(reverse("record_occurrence", args=[yearly.pk]), {"happened_on": "x"})
    assert answer.status_code == 403
    assert "Tin bài" not in answer.content.decode()


def test_nothing_arose_needs_its_reason_alone(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    first = save(cast, assignment, outcome="nothing_arose").json()
    assert [gap["message"] for gap in first["gaps"]] == ["Chưa ghi lý do."]
    again = save(
        cast,
        assignment,
        outcome="nothing_arose",
        reason="Không có trạm nào phải rà soát",
        version=first["version"],
    ).json()
    assert again["gaps"] == []


def test_funds_are_awaited_only_where_the_timing_allows(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    line = reverse("report_line", args=[assignment.pk])
    assert "Chưa được bố trí vốn" not in cast.page("officer", line)
    Assignment.objects.filter(pk=assignment.pk).update(may_await_funds=True)
    assert "Chưa được bố trí vốn" in cast.page("officer", line)
    answer = save(cast, assignment, outcome="awaiting_funds", reason="Đã đề nghị tại Tờ trình 5")
    assert answer.json()["gaps"] == []


def test_the_coordinator_enters_for_a_unit_that_cannot(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    line = reverse("report_line", args=[assignment.pk])
    assert "Nhập thay Xã east 1" in cast.page("coordinator", line)
    assert save(cast, assignment, "coordinator", text="Xã báo qua điện thoại").status_code == 200
    draft = Report.objects.get(assignment=assignment)
    assert draft.entered_by_unit == cast.scene.units["home"]
    prove(draft)
    send_reports(drafts=[draft.pk], by=cast["coordinator"], now=TODAY)
    assert "(Sở Nội vụ nhập thay)" in cast.page("officer", line)


def test_the_way_back_never_leaves_the_site(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    for evil in ("https://example.com/", "//example.com/", "javascript:alert(1)"):
        response = cast.client("officer").post(
            reverse("save_report", args=[assignment.pk]), said(text="x", back=evil, version=0)
        )
        Report.objects.all().delete()
        Assignment.objects.filter(pk=assignment.pk).update(state="not_started")
        assert response.headers["Location"].startswith(f"{ADDRESS}?period=2025-Q1&open=")
