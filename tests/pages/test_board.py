"""The board: its figures, how everything leads down, and who is shown which part."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khung.assignments import rollup
from khung.assignments.models import Assignment, Period
from khung.base.models import ScheduleTick
from khung.frameworks.models import Framework
from tests.assignments.scene import NOW, unit
from tests.cast import Cast

ADDRESS = "/bang-theo-doi/"


def report_everything(cast: Cast, unit_code: str, dimension: int) -> None:
    for assignment in Assignment.objects.filter(
        unit__code=unit_code, task_version__dimension=dimension
    ):
        cast.move(assignment, "update", "submit")


def test_reported_is_not_yet_accepted(cast: Cast) -> None:
    cast.move(cast.scene.assignment("east1", 2), "update", "submit", "accept")
    cast.move(cast.scene.assignment("east2", 2), "update", "submit")
    found = cast.client("leader").get(ADDRESS).context["board"]
    counted = Assignment.objects.filter(counts_in__code="2025-Q1").count()
    assert (found.total.accepted, found.total.state("submitted")) == (1, 1)
    assert found.total.classes == {
        "done_on_time": 1,
        "done_late": 0,
        "doing_on_time": counted - 1,
        "doing_late": 0,
    }


def test_figures_have_tables_the_time_and_a_finding(cast: Cast) -> None:
    cast.pass_deadline()
    shown = cast.page("leader", ADDRESS)
    late = Assignment.objects.filter(counts_in__code="2025-Q1", is_late=True).count()
    assert f"<h1>{late} nhiệm vụ đang quá hạn, 0% đã được công nhận</h1>" in shown
    assert "số liệu tính đến 09:30 03/03/2025" in shown
    # the heat map, states, classes, levels
    assert shown.count("<figure") == shown.count("<summary>Bảng số liệu</summary>") == 4
    for label in (
        "Hoàn thành đúng hạn",
        "Hoàn thành quá hạn",
        "Đang thực hiện trong hạn",
        "Đang thực hiện quá hạn",
        "Cấp tỉnh",
        "Cấp huyện",
        "Cấp xã",
    ):
        assert label in shown


def test_before_the_first_tick_the_page_says_so(cast: Cast) -> None:
    ScheduleTick.objects.all().delete()
    assert "số liệu chưa được cập nhật lần nào" in cast.page("leader", ADDRESS)


def test_everything_leads_down_to_an_assignment_and_up_again(cast: Cast) -> None:
    units = cast.scene.units
    top = cast.page("leader", ADDRESS)
    down = f"?unit={units['east'].pk}&amp;period=2025-Q1"
    assert f'<a href="{down}">' in top
    behind = f"/nhiem-vu-duoc-giao/{down}&amp;dimension=1&amp;class=counted"
    assert f'<a href="{behind}">' in top
    own = f"/nhiem-vu-duoc-giao/?unit={units['T'].pk}&amp;period=2025-Q1&amp;dimension=1"
    assert f'<a href="{own}&amp;state=submitted">' not in top  # nothing there, no bar
    assert f'<a href="{own}&amp;state=not_started">' in top
    district = cast.page("leader", f"{ADDRESS}?unit={units['east'].pk}&period=2025-Q1")
    assert "Riêng Huyện east" in district
    assert f"?unit={units['east1'].pk}&amp;period=2025-Q1" in district
    assert "nhiệm vụ của chính Huyện east" in district
    commune = cast.page("leader", f"{ADDRESS}?unit={units['east1'].pk}&dimension=1")
    owed = cast.scene.assignment("east1", 2)
    assert reverse("assignment", args=[owed.pk]) in commune
    crumbs = re.findall(r"<nav class=\"crumbs\".*?</nav>", commune)[0]
    assert re.findall(r">([^<>]+)</a>", crumbs) == ["Tỉnh Thử", "Huyện east", "Xã east 1"]


def test_a_dimension_shows_its_parts(cast: Cast) -> None:
    response = cast.client("leader").get(f"{ADDRESS}?dimension=1")
    assert list(response.context["board"].areas) == ["1.1"]
    assert response.context["board"].total.total == Assignment.objects.filter(area="1.1").count()
    assert "1.1. Tri thức công dân" in response.content.decode()


def test_own_figures_and_those_below_add_up(cast: Cast) -> None:
    found = cast.client("leader").get(ADDRESS).context["board"]
    assert sum(row.total.total for row in found.rows) == found.total.total
    assert sum(tally.total for tally in found.levels.values()) == found.total.total


def test_who_must_act_names_the_late_and_the_silent(cast: Cast) -> None:
    for code in ("T", "east", "east1", "east2", "west1"):
        report_everything(cast, code, 1)
    cast.pass_deadline()
    shown = cast.client("leader").get(f"{ADDRESS}?unit={cast.scene.units['west'].pk}")
    said = {it.text: it.href for it in shown.context["sentences"]}
    assert "Xã west 2 còn 3 nhiệm vụ quá hạn" in said
    silent = said["1 xã chưa báo cáo nội dung 1"]
    only = cast.client("leader").get(f"{ADDRESS}{silent}")
    assert "<h1>1 xã chưa báo cáo nội dung 1</h1>" in only.content.decode()
    assert only.context["heat"].table.count('scope="row"') == 1
    assert "Xã west 2" in only.context["heat"].table


def test_the_heat_shows_what_is_overdue_where_anything_is(cast: Cast) -> None:
    client = cast.client("leader")
    assert client.get(ADDRESS).context["measure"] == "accepted"
    cast.pass_deadline()
    assert client.get(ADDRESS).context["measure"] == "overdue"
    assert client.get(f"{ADDRESS}?measure=accepted").context["measure"] == "accepted"


def test_a_head_sees_their_own_part_only(cast: Cast) -> None:
    own, units = cast.scene.units["east1"], cast.scene.units
    response = cast.client("head").get(ADDRESS)
    assert response.context["unit"] == own
    assert response.context["path"] == []
    for outside in (units["T"], units["east"], units["west1"]):
        assert cast.client("head").get(f"{ADDRESS}?unit={outside.pk}").status_code == 404
    assert cast.client("leader").get(f"{ADDRESS}?unit=999999").status_code == 404


def test_another_period_meets_the_province_of_its_time(cast: Cast) -> None:
    old = cast.scene.units["T"]
    old.valid_to = NOW.date().replace(month=6, day=30)
    old.save()
    new = unit("T", "Tỉnh Thử mới", "province", valid_from=NOW.date().replace(month=7, day=1))
    cast.scene.work("2025-Q3")
    client = cast.client("leader")
    assert client.get(f"{ADDRESS}?period=2025-Q1").context["unit"] == old
    assert client.get(f"{ADDRESS}?period=2025-Q3&unit={old.pk}").context["unit"] == new


def test_units_without_work_and_an_empty_installation(cast: Cast) -> None:
    office = cast.scene.units["office"]
    shown = cast.page("leader", f"{ADDRESS}?unit={office.pk}")
    assert "Văn phòng UBND tỉnh không có nhiệm vụ nào tính vào Quý I/2025." in shown
    Period.objects.update(opened_at=None)
    assert "Chưa có gì để theo dõi" in cast.page("leader", ADDRESS)


def test_a_draft_framework_has_no_board(cast: Cast) -> None:
    Framework.objects.update(status="draft", in_force_from=None)
    assert "Chưa có gì để theo dõi" in cast.page("leader", ADDRESS)


def test_the_file_holds_every_cell(cast: Cast) -> None:
    response = cast.client("leader").get(f"{ADDRESS}?export=csv")
    head, *rows = list(csv.reader(io.StringIO(response.content.decode()[1:])))
    assert head[:4] == ["Đơn vị", "Kỳ", "Nội dung", "Tổng số"]
    total = Assignment.objects.filter(counts_in__code="2025-Q1").count()
    assert sum(int(row[3]) for row in rows) == total
    # states, then classes: every assignment once in each
    assert all(sum(map(int, row[4:11])) == int(row[3]) for row in rows)
    assert head[10] == "Không phát sinh"
    sheet = cast.client("leader").get(f"{ADDRESS}?export=xlsx")
    assert sheet.headers["Content-Disposition"].endswith('.xlsx"')


@pytest.mark.parametrize(
    ("asked", "number"), [("", 17), ("?period=2025-Q1&dimension=1", 17), ("?order=risk", 21)]
)
def test_the_number_of_queries_does_not_grow(cast: Cast, asked: str, number: int) -> None:
    client = cast.client("leader")
    client.get(ADDRESS)
    for n in range(3):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{ADDRESS}{asked}")
        assert len(queries) == number
        unit(f"more{n}", f"Xã thêm {n}", "commune", parent=cast.scene.units["T"])
        cast.scene.work("2025-Q1")
        rollup.fold_all()
