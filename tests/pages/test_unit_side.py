"""Pages of a unit's own order: giving work, approving, the paper report."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from khung.assignments.models import Assignment
from khung.reports.actions import record_occurrence
from khung.reports.drafting import marks_of
from khung.reports.models import CoveringReport, Report, ReportingHabit, Share
from tests.assignments.scene import person
from tests.cast import TODAY, Cast

TOMORROW = (TODAY + dt.timedelta(days=1)).date()
PDF = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


def pk(cast: Cast, no: int) -> int:
    return cast.scene.assignment("east1", no).pk


def state(assignment_id: int) -> str:
    return Assignment.objects.get(pk=assignment_id).state


def give(cast: Cast, *numbers: int, role: str = "head", **other: object):  # type: ignore[no-untyped-def]
    tasks = [pk(cast, no) for no in numbers]
    data = {
        "do": "give",
        "task": tasks,
        "person": cast["officer"].pk,
        "due_on": TOMORROW.isoformat(),
        "note": "Lấy số ở trạm",
        **{f"seen-{task}": 0 for task in tasks},
        **other,
    }
    return cast.client(role).post(reverse("share_work"), data)


def test_the_focal_person_gives_many_tasks_at_once(cast: Cast) -> None:
    assert give(cast, 1, 2).status_code == 302
    assert Share.objects.count() == 2
    page = cast.page("officer", f"{reverse('share_work')}?who={cast['officer'].pk}")
    assert "Người thử officer" in page
    assert "Lấy số ở trạm" in page
    assert page.count('name="task"') == 2
    assert "chưa giao ai" in cast.page("head", reverse("share_work"))


def test_a_form_sent_back_keeps_what_was_typed(cast: Cast) -> None:
    response = give(cast, 1, due_on="2025-03-01")
    page = response.content.decode()
    assert response.status_code == 422
    assert "Ngày hẹn không thể trước hôm nay." in page
    assert f'value="{pk(cast, 1)}" checked' in page
    assert "Lấy số ở trạm" in page
    assert not Share.objects.exists()


def test_nothing_ticked_is_said_and_nothing_done(cast: Cast) -> None:
    response = give(cast)
    assert "Chưa chọn nhiệm vụ nào" in response.content.decode()
    assert not Share.objects.exists()


def test_everything_complete_is_sent_from_one_page_and_the_rest_says_why(cast: Cast) -> None:
    cast.draft(cast.scene.assignment("east1", 2))
    cast.draft(cast.scene.assignment("east1", 1))
    client = cast.client("officer")
    told = client.post(reverse("share_work"), {"do": "send"}, follow=True).content.decode()
    assert "Chưa gửi nhiệm vụ 1, 2: Chờ thủ trưởng hoặc cấp phó duyệt." in told
    told = (
        cast.client("head").post(reverse("share_work"), {"do": "send"}, follow=True)
    ).content.decode()
    assert "Đã gửi 2 báo cáo." in told
    assert {state(pk(cast, 1)), state(pk(cast, 2))} == {"submitted"}


def test_the_table_shows_gaps_and_who_is_behind(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(cast, 1)
    Share.objects.update(due_on=TODAY.date() - dt.timedelta(days=1))
    draft = cast.draft(cast.scene.assignment("east1", 2), "")
    assert draft.text == ""
    page = cast.page("head", reverse("share_work"))
    assert "1 việc quá hẹn trong đơn vị" in page
    assert "Chưa ghi kết quả." in page
    behind = cast.page("head", f"{reverse('share_work')}?show=behind")
    assert behind.count('name="task"') == 1


def test_the_head_approves_many_at_once_as_they_were_read(cast: Cast) -> None:
    drafts = [cast.draft(cast.scene.assignment("east1", no), f"Kết quả {no}") for no in (1, 2)]
    page = cast.page("head", reverse("approve"))
    assert "2 báo cáo chờ duyệt" in page
    assert "Kết quả 1" in page
    assert "Tin bài" in page
    ticked = [f"{pk}:{mark}" for pk, mark in marks_of(drafts).items()]
    client = cast.client("head")
    told = client.post(reverse("approve"), {"draft": ticked, "do": "approve"}, follow=True)
    assert "Đã duyệt 2 báo cáo, chờ gửi." in told.content.decode()
    assert Report.objects.filter(approved_by=cast["head"], sent_at=None).count() == 2
    assert state(pk(cast, 1)) == "in_progress"


def test_the_head_approves_and_sends_what_was_read_only(cast: Cast) -> None:
    one, other = (cast.draft(cast.scene.assignment("east1", no)) for no in (1, 2))
    ticked = [f"{one.pk}:{marks_of([one])[one.pk]}", f"{other.pk}:{other.version - 1}-0"]
    client = cast.client("head")
    told = client.post(reverse("approve"), {"draft": ticked, "do": "send"}, follow=True)
    assert "vừa sửa lúc" in told.content.decode()
    assert (state(pk(cast, 1)), state(pk(cast, 2))) == ("submitted", "in_progress")


def test_what_lacks_something_is_listed_with_its_gaps(cast: Cast) -> None:
    cast.draft(cast.scene.assignment("east1", 2), "")
    page = cast.page("head", reverse("approve"))
    assert "Không báo cáo nào chờ duyệt" in page
    assert "Chưa ghi kết quả." in page
    assert "Lập báo cáo của đơn vị" in page


def test_switching_approval_off_lets_the_officer_send(cast: Cast) -> None:
    address = reverse("unit_habits")
    assert "Thủ trưởng hoặc cấp phó của đơn vị thay đổi" in cast.page("officer", address)
    assert cast.client("officer").post(address, {"version": 0}).status_code == 403
    client = cast.client("head")
    response = client.post(address, {"focal_person": cast["officer"].pk, "version": 0})
    assert response.status_code == 302
    habit = ReportingHabit.objects.get()
    assert (habit.head_approves, habit.focal_person) == (False, cast["officer"])
    stale = client.post(address, {"head_approves": "on", "version": 0})
    assert stale.status_code == 409
    assert "Người khác vừa lưu mục này" in stale.content.decode()


def test_a_paper_report_from_its_draft_to_its_number(cast: Cast) -> None:
    address = reverse("covering_report")
    assert "Chưa có gì để lập báo cáo" in cast.page("officer", address)
    cast.send(cast.scene.assignment("east1", 2), "Đã kiểm tra 12 trạm")
    client = cast.client("officer")
    response = client.post(reverse("covering_draft"))
    texts = [cell for table in Document(BytesIO(response.content)).tables for cell in cells(table)]
    assert "Đã kiểm tra 12 trạm" in texts
    assert "attachment" in response["Content-Disposition"]
    data = {"number": "12/BC-UBND", "issued_on": "2025-03-03", "signer": "Trần Văn A", "version": 1}
    page = client.post(address, data)
    assert page.status_code == 422
    assert "Chọn tệp PDF đã ký." in page.content.decode()
    wrong = SimpleUploadedFile("b.pdf", b"khong phai pdf", "application/pdf")
    page = client.post(address, data | {"signed_file": wrong})
    assert page.status_code == 422
    assert "không phải là tệp .pdf" in page.content.decode()
    right = SimpleUploadedFile("b.pdf", PDF, "application/pdf")
    assert client.post(address, data | {"signed_file": right}).status_code == 302
    paper = CoveringReport.objects.get()
    assert (paper.number, paper.closed_by) == ("12/BC-UBND", cast["officer"])
    assert "Đã ban hành báo cáo số 12/BC-UBND" in cast.page("officer", address)
    signed = client.get(reverse("covering_signed", args=[paper.pk]))
    assert signed.content == PDF
    assert client.post(reverse("covering_draft")).status_code == 302


def cells(table) -> list[str]:  # type: ignore[no-untyped-def]
    return [cell.text for row in table.rows for cell in row.cells]


def test_another_unit_does_not_open_the_signed_file(cast: Cast) -> None:
    paper = CoveringReport.objects.create(
        unit=cast.scene.units["east1"],
        period=cast.scene.period("2025-Q1"),
        drafted_by=cast["officer"],
        drafted_at=TODAY,
        closed_by=cast["officer"],
        closed_at=TODAY,
    )
    cast.people["stranger"] = person("officer", cast.scene.units["west1"])
    # As for a number that is nobody's, so that not even its existence shows.
    for pk in (paper.pk, paper.pk + 1):
        cast.page("stranger", reverse("covering_signed", args=[pk]), 404)


@pytest.mark.parametrize(("name", "queries"), [("share_work", 19), ("approve", 19)])
def test_queries_do_not_grow_with_the_work(
    cast: Cast,
    name: str,
    queries: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    for no in (1, 2):
        give(cast, no)
        cast.draft(cast.scene.assignment("east1", no))
        client = cast.client("head")
        client.get(reverse(name))
        with django_assert_num_queries(queries):
            client.get(reverse(name))


def test_the_head_reads_how_often_a_counted_task_was_done(cast: Cast) -> None:
    counted = cast.scene.assignment("east1", 3)
    cast.draft(counted, "Đã đối thoại", reason="Còn một lần vào quý sau")
    record_occurrence(
        assignment=counted,
        happened_on=TODAY.date(),
        text="Đối thoại ở nhà văn hóa",
        evidence=None,
        by=cast["officer"],
        now=TODAY,
    )
    page = cast.page("head", reverse("approve"))
    assert "Đã làm 1/2 lần:" in page
    assert "03/03/2025: Đối thoại ở nhà văn hóa" in page
