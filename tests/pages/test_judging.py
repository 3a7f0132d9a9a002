"""The review queue: what is listed, what opens beside it."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khung.assignments.models import Assignment
from khung.base import clock
from khung.frameworks.models import TaskItem
from khung.orgs.models import Person
from khung.reports.actions import accept_reports, mark_compulsory, return_reports
from khung.reports.models import EvidenceUse, ReviewTurn
from tests.assignments.scene import person
from tests.cast import TODAY, Cast
from tests.reports.test_judging import plan, send_as

QUEUE = "/viec-cua-toi/tham-dinh/"


def send(cast: Cast, unit: str = "east1", no: int = 2) -> ReviewTurn:
    return send_as(cast, unit, no)


def state(cast: Cast, unit: str = "east1", no: int = 2) -> str:
    return cast.scene.assignment(unit, no).state


def units(cast: Cast, asked: str, role: str = "guide") -> list[str]:
    response = cast.client(role).get(f"{QUEUE}?{asked}")
    assert response.status_code == 200
    return [row.assignment.unit.code for row in response.context["rows"]]


def at(monkeypatch: pytest.MonkeyPatch, days: int) -> dt.datetime:
    moment = TODAY + dt.timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def test_the_heading_counts_and_the_most_pressing_comes_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(cast, "west1")
    plan(cast, 2, working_days=1)
    send(cast, "east1")
    shown = cast.page("guide", QUEUE)
    assert "<h1>2 báo cáo chờ thẩm định</h1>" in shown
    assert shown.index("<strong>Xã east 1</strong>") < shown.index("<strong>Xã west 1</strong>")
    at(monkeypatch, 3)
    late = cast.page("guide", QUEUE)
    assert "1 báo cáo quá hạn thẩm định" in late
    assert "quá hạn 2 ngày làm việc" in late


def test_an_empty_queue_says_what_will_come(cast: Cast) -> None:
    shown = cast.page("guide", QUEUE)
    assert "Không báo cáo nào chờ thẩm định" in shown
    assert "Báo cáo vừa gửi của các đơn vị sẽ hiện ra ngay" in shown


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"east1", "west1", "east2"}),
        ("unit=WEST", {"west1"}),
        ("unit=xã west", {"west1"}),
        ("task=2", {"east1", "west1", "east2"}),
        ("task=3", set()),
        ("dimension=1", {"east1", "west1", "east2"}),
        ("dimension=8", set()),
        ("period=2025-Q1", {"east1", "west1", "east2"}),
        ("late=judging", set()),
        ("late=report", {"east2"}),
        ("whose=mine", {"west1"}),
        ("whose=unassigned", {"east1", "east2"}),
        # What is not understood asks for nothing.
        ("task=x&period=1999&whose=us&late=no&page=z", {"east1", "west1", "east2"}),
    ],
)
def test_filters(cast: Cast, asked: str, found: set[str]) -> None:
    turns = {unit: send(cast, unit) for unit in ("east1", "west1", "east2")}
    ReviewTurn.objects.filter(pk=turns["west1"].pk).update(reviewer=cast["guide"])
    late = turns["east2"].assignment
    type(late).objects.filter(pk=late.pk).update(is_late=True)
    assert set(units(cast, asked)) == found


def test_a_yearly_duty_reported_early_is_found_in_its_period(cast: Cast) -> None:
    Assignment.objects.update(quota=0)
    assert send(cast, "east1", 3).period.code == "2025-Q4"
    assert units(cast, "period=2025-Q1", "coordinator") == ["east1"]
    assert units(cast, "period=2025-Q1&show=judged", "coordinator") == []


def test_another_units_reports_are_not_there(cast: Cast) -> None:
    turn = send(cast)
    other = person("guide", cast.scene.units["west"])
    cast.people["other"] = other
    assert units(cast, "", "other") == []
    assert cast.client("other").get(f"{QUEUE}?turn={turn.pk}").status_code == 404
    address = reverse("accept_reports")
    assert cast.client("other").post(address, {"turn": turn.pk}).status_code == 403
    assert state(cast) == "submitted"


def test_a_report_opens_with_its_methods_beside_the_evidence(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    method = TaskItem.objects.get(task_version=assignment.task_version, field="method")
    turn = send(cast)
    use = turn.report.uses.get()
    EvidenceUse.objects.filter(pk=use.pk).update(method=method)
    mark_compulsory(
        version=assignment.task_version, methods=[method.pk], by=cast["guide"], now=TODAY
    )
    shown = cast.page("guide", f"{QUEUE}?turn={turn.pk}")
    for words in ("Rà soát trạm y tế", "Kiểm tra định kỳ", "bắt buộc", "Tin bài", "Đã làm xong"):
        assert words in shown
    assert 'aria-current="true"' in shown
    assert "Lần 1, Người thử head gửi lúc 09:30 ngày 03/03/2025" in shown


def test_a_report_judged_already_says_so_where_it_begins(cast: Cast) -> None:
    turn = send(cast)
    waiting = cast.page("guide", f"{QUEUE}?turn={turn.pk}")
    assert "Lượt thẩm định này đã kết thúc" not in waiting
    accept_reports(judged=[turn.pk], by=cast["guide"], now=TODAY)
    shown = cast.page("guide", f"{QUEUE}?turn={turn.pk}")
    said = shown.index("Lượt thẩm định này đã kết thúc lúc 09:30 ngày 03/03/2025")
    assert said < shown.index("<h3>Yêu cầu</h3>")
    assert "data-accept" not in shown


def test_the_script_gets_the_report_alone(cast: Cast) -> None:
    turn = send(cast)
    client = cast.client("guide")
    response = client.get(f"{QUEUE}?turn={turn.pk}", headers={"X-Part": "report"})
    text = response.content.decode()
    assert "<h2>Xã east 1</h2>" in text
    assert "<html" not in text
    assert "X-Part" in response.headers["Vary"]
    assert client.get(QUEUE, headers={"X-Part": "report"}).status_code == 404


def test_what_the_sample_leaves_out_stands_apart(cast: Cast) -> None:
    turn = send(cast)
    ReviewTurn.objects.filter(pk=turn.pk).update(is_in_sample=False, way="sampled")
    assert units(cast, "") == []
    assert units(cast, "show=unread") == ["east1"]
    assert "không bắt buộc đọc" in cast.page("guide", f"{QUEUE}?show=unread&turn={turn.pk}")


def test_nobodys_reports_wait_for_the_coordinator(cast: Cast) -> None:
    turn = send(cast, "east1", 6)
    assert turn.unit is None
    assert "Chưa rõ ai thẩm định <b>1</b>" in cast.page("coordinator", QUEUE)
    assert units(cast, "show=nobody", "coordinator") == ["east1"]
    assert units(cast, "show=nobody") == []
    cast.client("coordinator").post(reverse("accept_reports"), {"turn": turn.pk})
    assert state(cast, "east1", 6) == "accepted"


def test_the_file_holds_the_rows_that_are_asked_for(cast: Cast) -> None:
    send(cast, "east1")
    send(cast, "west1")
    response = cast.client("guide").get(f"{QUEUE}?unit=west&export=csv")
    head, *found = list(csv.reader(io.StringIO(response.content.decode()[1:])))
    assert head[:3] == ["Đơn vị", "Kỳ", "Số"]
    assert [(row[0], row[1], row[2], row[8]) for row in found] == [
        ("Xã west 1", "Quý I/2025", "2", "17/03/2025")
    ]


def test_words_of_a_unit_stay_text(cast: Cast) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2), "<script>alert(1)</script>")
    shown = cast.page("guide", f"{QUEUE}?turn={turn.pk}")
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def _queries(cast: Cast, address: str) -> int:
    client = cast.client("guide")
    client.get(address)  # what is cached for the whole process
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_as_many_queries_for_a_full_page_as_for_one_report(cast: Cast) -> None:
    turn = send(cast)
    few, opened = _queries(cast, QUEUE), _queries(cast, f"{QUEUE}?turn={turn.pk}")
    for unit in ("east2", "west1", "west2"):
        send(cast, unit)
    return_reports(
        judged=[turn.pk], points=[], text="Thiếu", redo_by=None, by=cast["guide"], now=TODAY
    )
    cast.people["officer"] = Person.objects.get(username="officer-east1")
    again = cast.send(cast.scene.assignment("east1", 2))
    assert _queries(cast, QUEUE) == few == 14
    # The earlier versions add what was remarked on them.
    assert _queries(cast, f"{QUEUE}?turn={again.pk}") <= opened + 2
    assert opened == 25
