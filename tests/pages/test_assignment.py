"""The page of one assignment: dates, judge and why, lateness, history, and who may see it."""

import datetime as dt

import pytest
from django.urls import reverse

from khung.assignments.actions import open_occasion
from khung.assignments.models import Assignment, Exemption
from khung.base import clock
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
    assert "Đã khóa: ngày khóa 28/03/2025 đã qua." in shown


def test_an_exemption_says_who_when_and_why(cast: Cast) -> None:
    found = cast.scene.assignment("east1", 1)
    Assignment.objects.filter(pk=found.pk).update(state="exempt")
    Exemption.objects.create(
        assignment=found, granted_by=cast["coordinator"], granted_at=TODAY, reason="Bão số 9"
    )
    shown = cast.page("officer", address(found))
    assert "Được miễn: Người thử coordinator, ngày 03/03/2025. Lý do: Bão số 9" in shown


def test_history_is_for_those_who_may_read_the_trail(cast: Cast) -> None:
    found = cast.move(cast.scene.assignment("east1", 2), "update", "submit")
    shown = cast.page("coordinator", address(found))
    assert shown.count("<strong>Người thử officer</strong>") == 2
    assert "giao việc kỳ" in shown
    assert "Lịch sử" not in cast.page("officer", address(found))


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
