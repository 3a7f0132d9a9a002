"""The list of difficulties: what waits for whom, for how long, and who sees which."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.assignments.scene import person
from tests.cast import TODAY, Cast
from tests.difficulties.ways import (
    ASKED,
    WORDS,
    address,
    decided,
    heading,
    moved,
    raised,
    raised_to_coordinator,
)

LIST = "/kho-khan/"


def test_an_empty_list_teaches_the_next_step(cast: Cast) -> None:
    shown = cast.page("officer", LIST)
    assert heading(shown) == "Xã east 1 không còn khó khăn nào chưa xong"
    assert "Nêu khó khăn" in shown
    assert heading(cast.page("coordinator", LIST)) == "Không khó khăn nào chờ Sở Nội vụ"
    assert heading(cast.page("leader", LIST)) == "Không khó khăn nào chờ UBND tỉnh Thử"


def test_what_waits_for_whom_and_how_long(cast: Cast) -> None:
    raised(cast, now=TODAY - dt.timedelta(days=14))  # 17/02, due on 24/02
    shown = cast.page("officer", LIST)
    assert heading(shown) == "1 khó khăn của Xã east 1 chưa xong, 1 quá hạn"
    assert "Huyện east trả lời" in shown
    assert "quá hạn 5 ngày làm việc" in shown
    assert "giữ 10 ngày làm việc" in shown
    assert "nhiệm vụ 2" in shown


def test_a_leader_reads_what_to_decide_without_opening_it(cast: Cast) -> None:
    difficulty = raised_to_coordinator(cast, raised(cast))
    moved(difficulty, "send_on", cast["coordinator"], "Đề xuất giao Sở Y tế")
    shown = cast.page("leader", LIST)
    assert heading(shown) == "1 khó khăn chờ UBND tỉnh Thử"
    for words in (WORDS, ASKED, "Sở Nội vụ</b>, 03/03/2025: Đề xuất giao Sở Y tế"):
        assert words in shown
    assert "Xem và quyết định" in shown


def test_the_most_overdue_comes_first_and_settled_ones_last(cast: Cast) -> None:
    raised(cast, task=None, text="mới nêu")
    raised(cast, task=None, text="nêu đã lâu", now=TODAY - dt.timedelta(days=30))
    done = raised(cast, task=None, text="xong rồi", now=TODAY - dt.timedelta(days=60))
    moved(done, "withdraw", cast["officer"])
    shown = cast.page("coordinator", f"{LIST}?tab=tat-ca&state=all")
    places = [shown.index(text) for text in ("nêu đã lâu", "mới nêu", "xong rồi")]
    assert places == sorted(places)
    assert "xong rồi" not in cast.page("coordinator", f"{LIST}?tab=tat-ca")


def test_filters_read_as_a_sentence(cast: Cast) -> None:
    raised(cast, text="Thiếu máy quét")
    raised(cast, text="Thiếu loa", kind="people", now=TODAY - dt.timedelta(days=20))
    shown = cast.page("coordinator", f"{LIST}?tab=tat-ca&kind=people&overdue=on&q=LOA")
    assert "Thiếu loa" in shown
    assert "Thiếu máy quét" not in shown
    assert "Loại: <b>Nhân lực</b>" in shown
    assert "Thời hạn: <b>quá hạn</b>" in shown
    assert "Có chữ: <b>LOA</b>" in shown
    none = cast.page("coordinator", f"{LIST}?tab=tat-ca&stage=province&state=bogus")
    assert "Không khó khăn nào khớp với điều kiện lọc" in none


def test_who_holds_how_many_and_how_many_too_long(cast: Cast) -> None:
    raised(cast, text="ở huyện", now=TODAY - dt.timedelta(days=20))
    raised(cast, text="ở tỉnh", starts_at="province")
    raised(cast, text="cũng ở tỉnh", starts_at="province")
    shown = cast.page("observer", LIST)
    late = 'Huyện east <b>1</b> <span class="late-word">1 quá hạn</span>'
    assert shown.index(late) < shown.index("UBND tỉnh Thử <b>2</b>")
    root = cast.scene.units["T"]
    only = cast.page("observer", f"{LIST}?holder={root.pk}")
    assert "ở huyện" not in only
    assert "Đang chờ: <b>UBND tỉnh Thử</b>" in only
    assert "giữ trong ngày" in only


def test_the_list_as_a_file(cast: Cast) -> None:
    raised(cast, text="=1+1")
    response = cast.client("coordinator").get(f"{LIST}?tab=tat-ca&export=csv")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Đơn vị nêu,Nhiệm vụ số,Loại")
    assert lines[1] == (
        f"Xã east 1,2,Kinh phí,'=1+1,{ASKED},03/03/2025,Cấp trên trực tiếp,"
        "Huyện east trả lời,03/03/2025,10/03/2025,5,Chờ trả lời"
    )
    book = cast.client("coordinator").get(f"{LIST}?tab=tat-ca&export=xlsx")
    assert book.content.startswith(b"PK")


def _queries(cast: Cast, role: str, where: str) -> int:
    client = cast.client(role)
    client.get(where)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(where).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    ("role", "where", "most"),
    [("coordinator", f"{LIST}?tab=tat-ca", 14), ("leader", LIST, 13), ("officer", LIST, 14)],
)
def test_as_many_queries_for_40_difficulties_as_for_3(
    cast: Cast, role: str, where: str, most: int
) -> None:
    for n in range(3):
        raised(cast, task=None if n else 2, starts_at="province")
    few = _queries(cast, role, where)
    for _ in range(37):
        raised(cast, starts_at="province")
    assert _queries(cast, role, where) == few == most


def test_a_page_of_the_list(cast: Cast) -> None:
    for _ in range(21):
        raised(cast, task=None, starts_at="province")
    shown = cast.page("leader", LIST)
    assert shown.count('<li class="obstacle') == 20
    assert "Trang sau" in shown
    assert cast.page("leader", f"{LIST}?page=2").count('<li class="obstacle') == 1


# who sees what


def test_only_those_it_concerns_see_it(cast: Cast) -> None:
    difficulty = raised(cast, starts_at="superior")
    for role in ("officer", "head", "guide", "coordinator", "leader", "observer"):
        assert WORDS in cast.page(role, address(difficulty))
    stranger = person("officer", cast.scene.units["west1"])
    cast.people["stranger"] = stranger
    for name, code in (("above", "east"), ("beside", "west")):
        cast.people[name] = person("head", cast.scene.units[code])
    assert WORDS in cast.page("above", address(difficulty))
    cast.page("beside", address(difficulty), 404)
    cast.page("stranger", address(difficulty), 404)
    assert WORDS not in cast.page("stranger", f"{LIST}?tab=tat-ca&state=all")
    assert cast.client("stranger").post(address(difficulty), {"do": "answer"}).status_code == 404


def test_whoever_was_asked_or_made_responsible_sees_it(cast: Cast) -> None:
    for code in ("west", "east"):
        cast.people[code] = person("officer", cast.scene.units[code])
    difficulty = raised(cast, task=None)
    cast.page("east", address(difficulty))
    cast.page("guide", address(difficulty), 404)
    decided(cast, difficulty)
    cast.page("guide", address(difficulty))
    cast.page("east", address(difficulty))
    cast.page("west", address(difficulty), 404)
