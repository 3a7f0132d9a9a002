"""My work: the finding on top, groups in fixed order, what a row opens, filters, the file."""

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from khung.assignments.actions import grant_lock_exception
from khung.assignments.models import Assignment, Period
from khung.base import clock
from khung.frameworks.models import Task, TaskItem, TaskVersion
from khung.orgs.models import RoleHeld
from khung.reports.models import Share
from tests.assignments.scene import add_task
from tests.cast import TODAY, Cast

ADDRESS = "/viec-cua-toi/"


def test_the_heading_is_what_is_left_and_what_is_done(cast: Cast) -> None:
    cast.move(cast.scene.assignment("east1", 1), "update", "submit", "accept")
    cast.move(cast.scene.assignment("east1", 2), "update", "submit")
    shown = cast.page("officer", ADDRESS)
    assert "<h1>Còn 12 ngày làm việc · 2/4 nhiệm vụ đã có kết quả</h1>" in shown
    assert "1 đã công nhận · 1 đã báo cáo, chưa thẩm định · " in shown
    assert "không việc nào quá hạn" in shown


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (dt.date(2025, 3, 19), "Hôm nay là hạn"),
        (dt.date(2025, 3, 21), "Quá hạn 2 ngày làm việc"),
        (dt.date(2025, 5, 5), "Kỳ đã khóa từ 28/03/2025"),
    ],
)
def test_the_heading_follows_the_deadline(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, day: dt.date, said: str
) -> None:
    at = dt.datetime.combine(day, dt.time(9), tzinfo=clock.now().tzinfo)
    monkeypatch.setattr(clock, "now", lambda: at)
    assert f"<h1>{said} · 0/4 nhiệm vụ đã có kết quả</h1>" in cast.page("officer", ADDRESS)


def test_the_heading_says_the_leave_to_report_after_the_lock(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    grant_lock_exception(
        unit=cast.scene.units["east1"],
        period=cast.scene.period("2025-Q1"),
        open_until=dt.date(2025, 5, 9),
        reason="Mất điện do bão",
        document_number="77/SNV",
        by=cast["coordinator"],
        now=TODAY,
    )
    for day, said in (
        (dt.date(2025, 3, 19), "Hôm nay là hạn"),
        (dt.date(2025, 5, 5), "Được báo cáo đến hết 09/05/2025 theo văn bản 77/SNV"),
        (dt.date(2025, 5, 10), "Kỳ đã khóa từ 28/03/2025"),
    ):
        at = dt.datetime.combine(day, dt.time(9), tzinfo=TODAY.tzinfo)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        assert f"<h1>{said} · 0/4 nhiệm vụ đã có kết quả</h1>" in cast.page("officer", ADDRESS)


def test_dimensions_keep_their_order_and_the_most_urgent_comes_first(cast: Cast) -> None:
    cast.move(cast.scene.assignment("east1", 1), "update", "submit", "accept")
    shown = cast.page("officer", ADDRESS)
    order = [shown.index(f'id="nd{no}"') for no in (1, 2, 8)]
    assert order == sorted(order)
    # Task 1 is accepted, so task 2 of the same dimension stands before it.
    assert shown.index("Rà soát trạm y tế") < shown.index("Thông tin đến người dân")
    assert "1/2 đã có kết quả" in shown


def test_a_line_opens_on_the_report_methods_guide_and_source(cast: Cast) -> None:
    own = cast.scene.assignment("east1", 1)
    shown = cast.page("officer", f"{ADDRESS}?q=chu+truong&open={own.pk}")
    assert f'<details class="duty far" data-line="{own.pk}" open>' in shown
    assert f'action="{reverse("save_report", args=[own.pk])}"' in shown
    method = TaskItem.objects.get(text="Niêm yết tại trụ sở")
    assert f'name="methods_done" value="{method.pk}">' in shown
    assert "Nên có: ảnh chụp; địa điểm; ngày bắt đầu và ngày kết thúc niêm yết" in shown
    assert "<dt>Hướng dẫn, kiểm tra</dt><dd>Huyện east</dd>" in shown
    assert "<dt>Thời gian</dt><dd>Thường xuyên</dd>" in shown
    assert f'href="{reverse("assignment", args=[own.pk])}"' in shown
    assert f'href="{reverse("task", args=[1])}"' in shown
    # Without a script, a closed line leads to the same sheet with the line open.
    closed = cast.page("officer", f"{ADDRESS}?q=chu+truong")
    assert f'href="{ADDRESS}?q=chu+truong&amp;open={own.pk}#nv-{own.pk}"' in closed
    assert 'name="methods_done"' not in closed


def test_a_yearly_duty_says_how_often_and_an_unknown_guide_is_said(cast: Cast) -> None:
    shown = cast.page("officer", ADDRESS)
    assert '<span class="chip">0/2 lần</span>' in shown
    assert "chưa có cơ quan hướng dẫn" in shown


def test_a_line_says_who_was_given_it_and_by_when(cast: Cast) -> None:
    Share.objects.create(
        assignment=cast.scene.assignment("east1", 2),
        person=cast["officer"],
        due_on=dt.date(2025, 3, 10),
        given_by=cast["head"],
        given_at=TODAY,
    )
    shown = cast.page("officer", ADDRESS)
    assert "Sở Y tế · giao Người thử officer, xong trước 10/03/2025" in shown
    assert shown.count("xong trước") == 1


def test_what_is_late_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.move(cast.scene.assignment("east1", 1), "update", "submit")
    cast.pass_deadline()
    at = dt.datetime(2025, 4, 1, 9, tzinfo=clock.now().tzinfo)
    monkeypatch.setattr(clock, "now", lambda: at)
    shown = cast.page("officer", f"{ADDRESS}?period=2025-Q1&overdue=1")
    assert "2 nhiệm vụ" in shown  # the yearly one is not due, one is reported
    assert "Đang thực hiện quá hạn" in shown
    assert "quá hạn 9 ngày làm việc" in shown
    assert "Thông tin đến người dân" not in shown


@pytest.mark.parametrize(
    ("asked", "tasks"),
    [
        ("", {1, 2, 3, 6}),
        ("dimension=1", {1, 2}),
        ("state=in_progress", {2}),
        ("q=DOI+THOAI", {3}),
        ("q=đối thoại", {3}),
        ("q=6", {6}),
        ("q=khong co gi", set()),
        # What is not understood asks for nothing.
        ("dimension=99&state=lost&page=x", {1, 2, 3, 6}),
    ],
)
def test_filters(cast: Cast, asked: str, tasks: set[int]) -> None:
    cast.move(cast.scene.assignment("east1", 2), "update")
    response = cast.client("officer").get(f"{ADDRESS}?{asked}")
    shown = {line.row.task.no for group in response.context["groups"] for line in group.lines}
    assert shown == tasks
    assert response.context["page"].paginator.count == len(tasks)


def test_nothing_found_says_how_to_go_on(cast: Cast) -> None:
    shown = cast.page("officer", f"{ADDRESS}?q=khong+co+gi")
    assert "Không nhiệm vụ nào khớp với điều kiện lọc." in shown
    assert 'href="?period=2025-Q1"' in shown


def test_without_a_period_the_page_teaches_the_next_step(cast: Cast) -> None:
    Period.objects.update(opened_at=None)
    assert "Chưa có kỳ báo cáo nào được giao" in cast.page("officer", ADDRESS)


def test_markup_in_a_decision_stays_text(cast: Cast) -> None:
    TaskItem.objects.filter(field="content").update(text="<script>alert(1)</script>")
    TaskItem.objects.filter(field="method").update(text="<img src=x>")
    first = Assignment.objects.filter(unit=cast.scene.units["east1"]).earliest("pk")
    shown = cast.page("officer", f"{ADDRESS}?open={first.pk}")
    assert "<script>" not in shown
    assert "<img" not in shown
    assert "&lt;img src=x&gt;" in shown


def test_the_file_holds_the_rows_that_are_asked_for(cast: Cast) -> None:
    TaskItem.objects.filter(field="content", task_version__no=2).update(text="=1+1")
    response = cast.client("officer").get(f"{ADDRESS}?dimension=1&export=csv")
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="viec-east1-2025-Q1.csv"'
    )
    text = response.content.decode()
    assert text.startswith("\ufeff")
    head, *rows = list(csv.reader(io.StringIO(text[1:])))
    assert head[:3] == ["Đơn vị", "Kỳ", "Số"]
    assert [(row[0], row[2], row[5]) for row in rows] == [
        ("Xã east 1", "1", "Thông tin đến người dân về chủ trương"),
        ("Xã east 1", "2", "'=1+1"),
    ]


def test_the_same_rows_come_as_a_spreadsheet(cast: Cast) -> None:
    shown = cast.page("officer", f"{ADDRESS}?dimension=1")
    assert "export=xlsx" in shown
    assert "export=csv" in shown
    response = cast.client("officer").get(f"{ADDRESS}?dimension=1&export=xlsx")
    (sheet,) = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).sheet_names
    read = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_name(sheet)
    assert [row[2] for row in read.to_python()] == ["Số", 1.0, 2.0]


@pytest.mark.parametrize(
    ("who", "ways"),
    [
        ("officer", {"occasions", "exemptions", "share_work", "covering_report"}),
        ("head", {"occasions", "exemptions", "share_work", "covering_report", "enter_for"}),
        ("guide", {"occasions", "exemptions"}),
    ],
)
def test_what_a_unit_orders_itself_is_reached_from_its_work(
    cast: Cast, who: str, ways: set[str]
) -> None:
    every = {"occasions", "exemptions", "share_work", "covering_report", "enter_for"}
    shown = cast.page(who, ADDRESS)
    tabs = shown.partition('aria-label="Việc trong đơn vị"')[2].partition("</nav>")[0]
    assert {name for name in every if f'href="{reverse(name)}' in tabs} == ways


def test_a_person_of_two_units_chooses_which_to_act_for(cast: Cast) -> None:
    officer, other = cast["officer"], cast.scene.units["west2"]
    RoleHeld.objects.create(person=officer, unit=other, role="officer")
    client = cast.client("officer")
    assert "Xã west 2" in client.get(ADDRESS).content.decode()  # offered
    client.post(reverse("choose_unit"), {"unit": other.pk})
    assert client.get(ADDRESS).context["unit"] == other
    client.post(reverse("choose_unit"), {"unit": cast.scene.units["health"].pk})
    assert client.get(ADDRESS).context["unit"] == other


@pytest.mark.parametrize(
    ("role", "goes"),
    [
        ("officer", ADDRESS),
        ("guide", ADDRESS),
        ("coordinator", "/bang-theo-doi/"),
        ("leader", "/bang-theo-doi/"),
        ("observer", "/bang-theo-doi/"),
    ],
)
def test_where_the_day_begins(cast: Cast, role: str, goes: str) -> None:
    assert cast.client(role).get(reverse("start")).headers["Location"] == goes


def test_a_guides_day_begins_with_the_reports_that_wait(cast: Cast) -> None:
    cast.send(cast.scene.assignment("east1", 2))
    begins = cast.client("guide").get(reverse("start")).headers["Location"]
    assert begins == reverse("judging")


def test_what_waits_for_judgement_is_said_to_those_who_judge(cast: Cast) -> None:
    cast.send(cast.scene.assignment("east1", 2))
    assert "Chờ thẩm định <b>1</b>" in cast.page("guide", ADDRESS)
    assert "Chờ thẩm định" not in cast.page("officer", ADDRESS)


def _queries(cast: Cast, role: str, address: str) -> int:
    client = cast.client(role)
    client.get(address)  # what is cached for the whole process
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_as_many_queries_for_350_assignments_as_for_35(cast: Cast) -> None:
    _many(cast, 35)
    few = _queries(cast, "officer", ADDRESS)
    _many(cast, 350)
    assert _queries(cast, "officer", ADDRESS) == few <= 24


def test_as_many_queries_however_many_drafts_there_are(cast: Cast) -> None:
    _many(cast, 35)
    owed = list(Assignment.objects.filter(unit=cast.scene.units["east1"], quota=0))
    for one in owed[:2]:
        cast.draft(one)
    few = _queries(cast, "officer", ADDRESS)
    for one in owed[2:12]:
        cast.draft(one)
    assert _queries(cast, "officer", ADDRESS) == few <= 26


def test_a_sheet_of_35_is_light_enough_for_a_slow_line(cast: Cast) -> None:
    _many(cast, 35)
    assert len(cast.client("officer").get(ADDRESS).content) < 100_000


def _many(cast: Cast, number: int) -> None:
    """Gives the officer's unit work until it owes so many, in all dimensions."""
    pattern = cast.scene.assignment("east1", 1)
    first = TaskVersion.objects.count() + 1
    for no in range(first, first + number - Assignment.objects.filter(unit=pattern.unit).count()):
        version = add_task(
            cast.scene.framework, no, no % 8 + 1, "", "UBND cấp xã", "Sở Y tế", "Thường xuyên"
        )
        assignment = Assignment.objects.get(pk=pattern.pk)
        assignment.pk = None
        assignment.task, assignment.task_version = version.task, version
        assignment.judge = assignment.guide = cast.scene.units["health"]
        assignment.save()
    assert Assignment.objects.filter(unit=pattern.unit).count() == number
    assert Task.objects.count() >= number
