"""The page of one assignment: dates, judge and why, lateness, history, and who may see it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khung.assignments.actions import change_state, open_occasion
from khung.assignments.models import Assignment, Exemption
from khung.base import clock
from khung.reports.actions import Point, return_reports
from khung.reports.models import ExemptionProposal
from tests.cast import TODAY, Cast


def address(assignment: Assignment) -> str:
    return reverse("assignment", args=[assignment.pk])


def test_what_an_assignment_says(cast: Cast) -> None:
    shown = cast.page("officer", address(cast.scene.assignment("east1", 1)))
    assert "<h1>Nhiệm vụ 1</h1>" in shown
    assert "<li>Thông tin đến người dân về chủ trương</li>" in shown
    assert "Xã east 1, Quý I/2025" in shown
    assert 'Đang thực hiện trong hạn · <span class="far-word">còn 12 ngày làm việc' in shown
    assert "15/12/2024–14/03/2025" in shown
    assert "thứ Tư, 19/03/2025" in shown
    assert "Chưa lần nào quá hạn." in shown
    assert "Quyết định ghi: “UBND cấp huyện”" in shown


@pytest.mark.parametrize(
    ("unit", "no", "reason"),
    [
        ("east1", 1, "vì là cơ quan hướng dẫn, kiểm tra nhiệm vụ này"),
        ("health", 2, "mà không đơn vị nào tự thẩm định báo cáo của mình"),
        ("east1", 6, "vì chưa có cơ quan hướng dẫn, kiểm tra"),
    ],
)
def test_why_it_has_that_judge(cast: Cast, unit: str, no: int, reason: str) -> None:
    shown = cast.page("coordinator", address(cast.scene.assignment(unit, no)))
    assert reason in shown


def test_a_settled_judge_and_one_not_yet_decided(cast: Cast) -> None:
    found = cast.scene.assignment("east1", 1)
    found.judge = cast.scene.units["home"]
    found.save()
    assert "theo ý kiến xử lý của cơ quan điều phối" in cast.page("officer", address(found))
    found.judge = None
    found.save()
    shown = cast.page("officer", address(found))
    assert "chưa có cơ quan thẩm định" in shown
    assert "vì chưa xác định được ai thẩm định" in shown


def test_lateness_names_the_deadline_it_passed_and_the_lock_its_reason(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.pass_deadline()
    later = dt.datetime(2025, 5, 5, 9, tzinfo=TODAY.tzinfo)
    monkeypatch.setattr(clock, "now", lambda: later)
    shown = cast.page("officer", address(cast.scene.assignment("east1", 1)))
    assert '<span class="late-word">Đang thực hiện quá hạn</span>' in shown
    assert "Quá hạn thứ Tư, 19/03/2025, ghi nhận lúc 09:30 03/03/2025" in shown
    assert "Đã khóa từ ngày 29/03/2025: ngày khóa của Quý I/2025 là 28/03/2025" in shown


def test_an_exemption_says_who_when_and_why(cast: Cast) -> None:
    found = cast.scene.assignment("east1", 1)
    Assignment.objects.filter(pk=found.pk).update(state="exempt")
    Exemption.objects.create(
        assignment=found, granted_by=cast["coordinator"], granted_at=TODAY, reason="Bão số 9"
    )
    shown = cast.page("officer", address(found))
    assert "Được miễn: Người thử coordinator, ngày 03/03/2025. Lý do: Bão số 9" in shown


def test_history_is_told_to_everybody_who_may_see_the_assignment(cast: Cast) -> None:
    found = cast.move(cast.scene.assignment("east1", 2), "update", "submit")
    cast.pass_deadline()
    for role in ("coordinator", "officer", "guide", "observer"):
        shown = cast.page(role, address(found))
        assert "<strong>Người thử officer</strong> cập nhật kết quả" in shown
        assert "<strong>Người thử officer</strong> gửi báo cáo" in shown
        assert "giao việc kỳ Quý I/2025" in shown
    other = cast.scene.assignment("east1", 1)
    assert "ghi nhận chưa có báo cáo khi hết hạn 19/03/2025" in cast.page("officer", address(other))


def test_an_exemption_granted_in_bulk_is_told_once(cast: Cast) -> None:
    found = cast.scene.assignment("east1", 1)
    Exemption.objects.create(
        assignment=found, granted_by=cast["coordinator"], granted_at=TODAY, reason="Bão số 9"
    )
    shown = cast.page("officer", address(found))
    assert shown.count("<strong>Người thử coordinator</strong> miễn nhiệm vụ") == 1
    assert "Lý do: Bão số 9" in shown
    alone = cast.scene.assignment("east1", 2)
    change_state(
        assignment=alone, verb="exempt", version=None, by=cast["coordinator"], now=TODAY,
        reason="Bão số 10",
    )  # fmt: skip
    shown = cast.page("officer", address(alone))
    assert shown.count("</strong> miễn nhiệm vụ: Bão số 10") == 1
    assert shown.count("</strong> miễn nhiệm vụ") == 1


def test_the_newest_report_its_judgement_and_the_way_on(cast: Cast) -> None:
    found = cast.scene.assignment("east1", 2)
    assert "Chưa có báo cáo nào được gửi." in cast.page("officer", address(found))
    turn = cast.send(found, "Đã niêm yết <b>42</b> bảng")
    shown = cast.page("guide", address(found))
    assert "Báo cáo lần 1" in shown
    assert "Đã niêm yết &lt;b&gt;42&lt;/b&gt; bảng" in shown
    assert 'href="https://xa.example.vn/tin"' in shown
    assert f'href="/viec-cua-toi/tham-dinh/?turn={turn.pk}"' in shown
    assert "đang chờ Sở Y tế, hạn 17/03/2025" in shown
    assert f"?turn={turn.pk}" not in cast.page("officer", address(found))
    return_reports(
        judged=[turn.pk],
        points=[Point(text="Ảnh mờ")],
        text="Bổ sung ảnh",
        redo_by=dt.date(2025, 3, 20),
        by=cast["guide"],
        now=TODAY,
    )
    shown = cast.page("officer", address(found))
    assert "<strong>Trả lại</strong> báo cáo lần 1 · Người thử guide" in shown
    assert "<li>Ảnh mờ</li>" in shown
    assert "Gửi lại trước hết thứ Năm, 20/03/2025" in shown
    assert "Báo cáo kết quả" in shown


def test_a_draft_is_not_shown_to_others(cast: Cast) -> None:
    found = cast.scene.assignment("east1", 2)
    cast.draft(found, "Đang viết dở")
    for role in ("guide", "leader", "officer"):
        assert "Đang viết dở" not in cast.page(role, address(found))


def test_what_stands_in_the_way_is_shown(cast: Cast) -> None:
    found = cast.scene.assignment("east1", 2)
    ExemptionProposal.objects.create(
        assignment=found,
        reason="Không có trạm y tế",
        by_unit=found.unit,
        proposed_by=cast["head"],
        proposed_at=TODAY,
    )
    shown = cast.page("leader", address(found))
    assert "<strong>Đề nghị miễn, chờ trả lời</strong>: Không có trạm y tế" in shown


def test_the_light_of_a_continuing_duty(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    found = cast.scene.assignment("east1", 2)
    Assignment.objects.filter(pk=found.pk).update(updated_at=TODAY)
    for day, word in (
        (dt.date(2025, 3, 10), "Mới cập nhật"),
        (dt.date(2025, 6, 1), "Mới cập nhật"),
    ):
        later = dt.datetime.combine(day, dt.time(9), TODAY.tzinfo)
        monkeypatch.setattr(clock, "now", lambda at=later: at)
        assert word in cast.page("officer", address(found))
    Assignment.objects.filter(pk=found.pk).update(updated_at=None)
    assert "Để lâu, cần hỏi lại" in cast.page("officer", address(found))
    assert 'class="fresh' not in cast.page("officer", address(cast.scene.assignment("east1", 3)))


def test_the_number_of_queries_is_fixed(cast: Cast) -> None:
    found = cast.scene.assignment("east1", 2)
    client = cast.client("officer")
    client.get(address(found))
    with CaptureQueriesContext(connection) as before:
        client.get(address(found))
    for n in range(2):
        turn = cast.send(found, f"Lần {n}")
        return_reports(
            judged=[turn.pk], points=[Point(text="Ảnh mờ")], text="Lại", redo_by=None,
            by=cast["guide"], now=TODAY,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as once:
        client.get(address(found))
    turn = cast.send(found, "Nữa")
    return_reports(
        judged=[turn.pk], points=[Point(text="Ảnh mờ")], text="Lại", redo_by=None,
        by=cast["guide"], now=TODAY,
    )  # fmt: skip
    with CaptureQueriesContext(connection) as again:
        client.get(address(found))
    assert len(once) == len(again) <= len(before) + 8


def test_an_occasion_shows_its_days_and_phases(cast: Cast) -> None:
    occasion, _ = open_occasion(
        framework=cast.scene.framework,
        kind="election",
        title="Bầu cử trưởng thôn",
        starts_on=dt.date(2025, 3, 1),
        ends_on=dt.date(2025, 3, 30),
        units=[cast.scene.units["east"]],
        phases=[{"phase": "before", "from": "2025-03-01", "to": "2025-03-14"}],
        by=cast["coordinator"],
        now=TODAY,
    )
    found = occasion.assignments.get(unit__code="east1")
    shown = cast.page("officer", address(found))
    assert "Bầu cử trưởng thôn" in shown
    assert "Trước: 01/03/2025–14/03/2025" in shown
    assert "Bầu cử trưởng thôn" in cast.page("officer", "/viec-cua-toi/")


@pytest.mark.parametrize(
    ("role", "unit", "no", "status"),
    [
        ("officer", "east1", 1, 200),
        ("officer", "east2", 1, 404),
        ("head", "west1", 1, 404),
        ("guide", "west1", 2, 200),
        ("guide", "west1", 1, 404),
        ("leader", "west1", 1, 200),
        ("observer", "west1", 1, 200),
        ("operator", "west1", 1, 403),
    ],
)
def test_who_may_see_which(cast: Cast, role: str, unit: str, no: int, status: int) -> None:
    found = cast.scene.assignment(unit, no)
    assert cast.client(role).get(address(found)).status_code == status
