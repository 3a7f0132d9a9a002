"""The other pages of the board: risk and ranking, trend, map, guides; and its smaller figures."""

import csv
import datetime as dt
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khung.assignments import rollup
from khung.assignments.models import Assignment
from khung.base import clock
from khung.orgs.models import Unit, UnitBoundary
from khung.reports import board_figures
from khung.reports.actions import Point, accept_reports, pass_on, return_reports
from khung.reports.judging_times import times, together
from khung.reports.models import ReviewTurn
from tests.assignments.scene import NOW, person, unit
from tests.cast import TODAY, Cast
from tests.reports.test_judging import plan

BOARD = "/bang-theo-doi/"
RANKING = f"{BOARD}xep-hang/"
TREND = f"{BOARD}dien-bien/"
MAP = f"{BOARD}ban-do/"
GUIDES = f"{BOARD}co-quan-huong-dan/"


def refresh(cast: Cast) -> None:
    rollup.fold_all()
    board_figures.refresh(cast.scene.period("2025-Q1"), now=TODAY)


def sent_by_another(cast: Cast, code: str) -> ReviewTurn:
    """A report of task 2 sent by the officer of another commune."""
    cast.people["officer"] = person("officer", cast.scene.units[code])
    return cast.send(cast.scene.assignment(code, 2))


def at(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    moment = dt.datetime.combine(day, dt.time(9), TODAY.tzinfo)
    monkeypatch.setattr(clock, "now", lambda: moment)


def names(shown: str) -> list[str]:
    table = shown[shown.index("<tbody>") :]
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]+)</a>', table)


def test_who_risks_missing_comes_first_with_the_reason(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for assignment in Assignment.objects.filter(unit__code="east1"):
        cast.move(assignment, "update", "submit")
    refresh(cast)
    at(monkeypatch, dt.date(2025, 3, 18))  # a working day before the date of the communes
    shown = cast.page("leader", RANKING)
    assert names(shown)[-1] == "Xã east 1"
    assert "còn 100% chưa báo cáo, 1 ngày làm việc; chưa từng gửi báo cáo nào" in shown
    assert "<h1>3 trong 4 đơn vị có nguy cơ trễ hạn cao</h1>" in shown
    assert "không có dấu hiệu chậm" in shown
    board = cast.page("leader", f"{BOARD}?order=risk")
    assert "chưa từng gửi báo cáo nào" in board


def test_the_past_of_a_unit_counts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    Assignment.objects.exclude(unit__code="west2").update(state="accepted", updated_at=TODAY)
    cast.pass_deadline()
    rollup.rebuild()
    cast.scene.work("2025-Q2")
    rollup.fold_all()
    at(monkeypatch, dt.date(2025, 4, 1))
    found = cast.client("leader").get(f"{RANKING}?period=2025-Q2").context["page"].object_list
    by_code = {row.unit.code: row.risk for row in found}
    assert [it.code for it in by_code["west2"].reasons] == ["often_late"]
    assert [it.code for it in by_code["east1"].reasons] == ["calm"]


def test_places_are_shared_and_denominators_fair(cast: Cast) -> None:
    for code in ("east1", "east2"):
        cast.move(cast.scene.assignment(code, 2), "update", "submit", "accept")
    arose = cast.move(cast.scene.assignment("west1", 2), "update", "submit", "accept")
    Assignment.objects.filter(pk=arose.pk).update(nothing_arose=True)
    Assignment.objects.filter(unit__code="west2").update(state="exempt")
    rollup.rebuild()
    rows = {
        row.unit.code: row
        for row in cast.client("leader").get(f"{RANKING}?order=share").context["page"].object_list
    }
    assert [rows[code].rank for code in ("east1", "east2", "west1", "west2")] == [1, 1, 3, None]
    owed = Assignment.objects.filter(unit__code="west1", counts_in__code="2025-Q1").count()
    assert (rows["west1"].tally.counted, rows["west1"].nothing_arose) == (owed - 1, 1)
    assert rows["west1"].tally.accepted == 0
    assert rows["west2"].tally.counted == 0
    assert (
        rows["west2"].exempt
        == Assignment.objects.filter(unit__code="west2", counts_in__code="2025-Q1").count()
    )


@pytest.mark.parametrize("order", ["risk", "share", "overdue", "name", "nonsense"])
def test_the_file_is_the_table(cast: Cast, order: str) -> None:
    cast.move(cast.scene.assignment("east2", 2), "update", "submit", "accept")
    refresh(cast)
    client = cast.client("leader")
    asked = f"{RANKING}?order={order}"
    text = client.get(f"{asked}&export=csv").content.decode()[1:]
    head, *rows = list(csv.reader(io.StringIO(text)))
    assert [row[1] for row in rows] == names(client.get(asked).content.decode())
    assert head[-2:] == ["Miễn", "Không phát sinh"]


def test_every_figure_of_the_ranking_leads_to_its_assignments(cast: Cast) -> None:
    cast.move(cast.scene.assignment("east2", 2), "update", "submit", "accept")
    cast.move(cast.scene.assignment("east2", 1), "update")
    cast.pass_deadline()
    rollup.rebuild()
    client = cast.client("leader")
    rows = client.get(RANKING).context["page"].object_list
    (row,) = [it for it in rows if it.unit.code == "east2"]
    figures = {
        "counted": row.tally.counted,
        "accepted": row.tally.accepted,
        "on_time": row.on_time,
        "submitted": row.submitted,
        "overdue": row.tally.overdue,
        "returned": row.returned,
        "exempt": row.exempt,
        "nothing_arose": row.nothing_arose,
    }
    for name, n in figures.items():
        assert client.get(row.links[name]).context["page"].paginator.count == n, name


def test_other_levels_and_no_villages(cast: Cast) -> None:
    unit("v1", "Thôn 1", "village", parent=cast.scene.units["east1"], kind="village")
    response = cast.client("leader").get(RANKING)
    groups = [code for code, _ in response.context["groups"]]
    assert groups == ["commune", "district", "province-bodies"]
    shown = cast.page("leader", f"{RANKING}?group=district")
    assert set(names(shown)) == {"Huyện east", "Huyện west"}
    shown = cast.page("leader", f"{RANKING}?group=province-bodies")
    assert set(names(shown)) == {"Sở Nội vụ", "Sở Y tế"} & set(names(shown))
    assert "Sở Y tế" in names(shown)
    empty = cast.page("leader", f"{RANKING}?unit={cast.scene.units['east1'].pk}")
    assert "Thôn, tổ dân phố không xếp hạng" in empty


def test_the_trend_shows_each_period_on_one_scale(cast: Cast) -> None:
    cast.move(cast.scene.assignment("east1", 2), "update", "submit", "accept")
    cast.scene.work("2025-Q2")
    rollup.fold_all()
    shown = cast.page("leader", f"{TREND}?period=2025-Q2")
    assert "I/25" in shown
    assert "II/25" in shown
    assert shown.count('<svg class="columns"') == 9
    counted = Assignment.objects.filter(counts_in__code="2025-Q1").count()
    share = f"{100 / counted:.0f}%"
    assert f"<h1>0% nhiệm vụ đã được công nhận; Quý I/2025: {share}</h1>" in shown
    only = cast.page("leader", f"{TREND}?period=2025-Q1&measure=overdue")
    assert "II/25" not in only
    assert "chưa có kỳ trước để so" in only
    text = cast.client("leader").get(f"{TREND}?period=2025-Q2&export=csv").content.decode()[1:]
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert len(rows) == 16
    assert sum(int(row[3]) for row in rows) == 1


def placed() -> None:
    for n, found in enumerate(Unit.objects.filter(level="commune").order_by("code")):
        found.latitude, found.longitude = 12 + n / 10, 109 + n / 20
        found.save()


def test_the_map_draws_bubbles_and_keeps_far_islands_in_sight(cast: Cast) -> None:
    assert "để vẽ" in cast.page("leader", MAP)
    placed()
    far = unit("sea", "Đặc khu xa", "commune", parent=cast.scene.units["T"])
    far.latitude, far.longitude = 8.6, 114.0
    far.save()
    cast.scene.work("2025-Q1")
    cast.pass_deadline()
    rollup.rebuild()
    shown = cast.page("leader", MAP)
    assert shown.count("<circle") == 5
    assert 'class="inset"' in shown
    assert ">Đặc khu xa</text>" in shown
    assert f"/bang-theo-doi/?unit={far.pk}&amp;period=2025-Q1" in shown
    assert "địa bàn có nhiệm vụ quá hạn, nhiều nhất" in shown


def test_the_map_draws_areas_where_outlines_are_loaded(cast: Cast) -> None:
    placed()
    ring = [[109, 12], [109.1, 12], [109.1, 12.1], [109, 12.1], [109, 12]]
    UnitBoundary.objects.create(
        unit=cast.scene.units["east1"], rings=[ring], source="x", loaded_at=NOW
    )
    shown = cast.page("leader", MAP)
    assert shown.count("<circle") == 3
    assert re.search(r'<path class="s0" d="M[\d. L]+Z"/>', shown)
    assert "không dùng để xác định địa giới" in shown


def test_guides_that_keep_others_waiting_come_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.send(cast.scene.assignment("east1", 2))
    late = sent_by_another(cast, "east2")
    assert late.due_on == dt.date(2025, 3, 17)
    refresh(cast)
    at(monkeypatch, dt.date(2025, 3, 18))
    shown = cast.page("leader", GUIDES)
    assert "<h1>2 báo cáo quá hạn thẩm định ở 1 cơ quan</h1>" in shown
    assert names(shown)[0] == "Sở Y tế"
    rows = cast.client("leader").get(GUIDES).context["page"].object_list
    owed = Assignment.objects.filter(counts_in__code="2025-Q1", guide=rows[0].unit).count()
    assert (rows[0].tally.counted, rows[0].judging.open) == (owed, 2)
    assert (
        sum(row.tally.total for row in rows)
        == Assignment.objects.filter(counts_in__code="2025-Q1").count()
    )
    assert "Chưa có cơ quan hướng dẫn, thẩm định" in shown
    text = cast.client("leader").get(f"{GUIDES}?export=csv").content.decode()
    assert text.count("\r\n") == len(rows) + 1


def test_the_smaller_figures_of_the_board(cast: Cast) -> None:
    assert "Chỉ số theo dõi" in cast.page("leader", BOARD)
    first = cast.send(cast.scene.assignment("east1", 2))
    accept_reports(judged=[first.pk], by=cast["guide"], now=TODAY)
    back = sent_by_another(cast, "east2")
    return_reports(
        judged=[back.pk], points=[Point(text="Mờ")], text="", redo_by=None, by=cast["guide"],
        now=TODAY,
    )  # fmt: skip
    refresh(cast)
    shown = cast.page("leader", BOARD)
    owing = Assignment.objects.filter(counts_in__code="2025-Q1").values("unit").distinct().count()
    assert f"2/{owing} đơn vị đã gửi ít nhất một báo cáo từ trước đến nay" in shown
    assert "1 trong 2 lần công nhận hoặc trả lại báo cáo kỳ này" in shown
    assert re.search(r'<a href="[^"]*state=returned">Xem việc đang bị trả lại</a>', shown)
    assert "<dt>Bị trả lại</dt><dd><b>50%</b>" in shown
    assert "0 ngày làm việc" in shown
    assert "0 đang chờ, 0 quá hạn thẩm định" in shown
    assert "Mới cập nhật" in shown
    assert "lúc 09:30 03/03/2025, mỗi giờ một lần" in shown


def test_what_stands_apart_is_shown_beside_the_shares(cast: Cast) -> None:
    arose = cast.move(cast.scene.assignment("west1", 2), "update", "submit", "accept")
    Assignment.objects.filter(pk=arose.pk).update(nothing_arose=True)
    rollup.rebuild()
    shown = cast.page("leader", BOARD)
    assert "0 được miễn" in shown
    assert "1 không phát sinh" in shown
    assert "0% nhiệm vụ đã được công nhận" in shown


def test_a_head_stays_within_their_part(cast: Cast) -> None:
    outside = cast.scene.units["west1"]
    for address in (RANKING, TREND, MAP):
        assert cast.client("head").get(address).context["unit"].code == "east1"
        assert cast.client("head").get(f"{address}?unit={outside.pk}").status_code == 404
    assert "co-quan-huong-dan" not in cast.page("head", BOARD)


@pytest.mark.parametrize(
    ("address", "number"), [(RANKING, 16), (TREND, 10), (MAP, 14), (GUIDES, 12)]
)
def test_the_number_of_queries_is_fixed(cast: Cast, address: str, number: int) -> None:
    refresh(cast)
    client = cast.client("leader")
    client.get(address)
    for n in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert len(queries) == number
        unit(f"more{n}", f"Xã thêm {n}", "commune", parent=cast.scene.units["T"])
        cast.scene.work("2025-Q1")
        refresh(cast)


def test_the_board_and_the_guides_tell_one_rate_of_returns(cast: Cast) -> None:
    plan(cast, 2, superior_first=True)
    passed = cast.send(cast.scene.assignment("east1", 2))
    sent_back = sent_by_another(cast, "east2")
    first = person("guide", cast.scene.units["east"])
    pass_on(judged=[passed.pk], by=first, now=TODAY)
    return_reports(
        judged=[sent_back.pk], points=[Point(text="Mờ")], text="", redo_by=None, by=first,
        now=TODAY,
    )  # fmt: skip
    judge_turn = ReviewTurn.objects.get(assignment=passed.assignment, closed_at__isnull=True)
    accept_reports(judged=[judge_turn.pk], by=cast["guide"], now=TODAY)
    refresh(cast)
    period = cast.scene.period("2025-Q1")
    by_guide = times(period, None, today=TODAY.date())
    everybody = together(by_guide.values())
    # Passing on decides nothing: of what was accepted or returned, one of two went back.
    assert (everybody.passed, everybody.return_rate) == (1, 0.5)
    assert by_guide[cast.scene.units["east"].pk].return_rate == 1.0
    root = cast.scene.units["T"].pk
    assert board_figures.figures_of(period, [root])[root].return_rate == everybody.return_rate
    assert "1 trong 2 lần công nhận hoặc trả lại báo cáo kỳ này" in cast.page("leader", BOARD)
    assert "chuyển tiếp chưa phải là kết luận" in cast.page("leader", GUIDES)
