"""One difficulty in the pages: raising it, its way, and acting on it."""

import datetime as dt

from khung.difficulties.models import Difficulty
from khung.orgs.models import Unit
from tests.cast import TODAY, Cast
from tests.difficulties.ways import ASKED, WORDS, address, district_head, heading, moved, raised

RAISE = "/kho-khan/neu/"


def send(cast: Cast, role: str, difficulty: Difficulty, verb: str, **values: object) -> int:
    """The status of the answer to a verb's form, sent by somebody who just read the page."""
    current = Difficulty.objects.get(pk=difficulty.pk)
    said = {"text": "Đã xem xét", "version": current.version, **values}
    data = {"do": verb} | {f"{verb}-{name}": str(value) for name, value in said.items()}
    return cast.client(role).post(address(difficulty), data).status_code


# raising


def raising(cast: Cast, where: str = RAISE, **values: str) -> tuple[int, str]:
    client = cast.client("officer")
    key = client.get(where).context["form"]["key"].value()
    data = {"kind": "funds", "text": WORDS, "asked": ASKED, "starts_at": "superior", "key": key}
    response = client.post(where, {**data, **values}, follow=True)
    return response.status_code, " ".join(response.content.decode().split())


def test_raising_from_an_assignment(cast: Cast) -> None:
    where = f"{RAISE}?assignment={cast.scene.assignment('east1', 2).pk}"
    offered = cast.page("officer", where)
    assert "Xã east 1, nhiệm vụ 2, Quý I/2025" in offered
    assert "Cấp trên trực tiếp: Huyện east (5 ngày làm việc)" in offered
    assert "UBND tỉnh Thử (10 ngày làm việc)" in offered
    status, shown = raising(cast, where, starts_at="guide")
    assert (status, heading(shown)) == (200, "Chờ Sở Y tế trả lời, còn 5 ngày làm việc")
    assert "Đã gửi Sở Y tế." in shown
    assert Difficulty.objects.get().assignment == cast.scene.assignment("east1", 2)
    assert "Đơn vị đã nêu từ nhiệm vụ này ngày 03/03/2025" in cast.page("officer", where)


def test_raising_from_the_unit_names_the_guide(cast: Cast) -> None:
    health = cast.scene.units["health"]
    status, shown = raising(cast, starts_at="guide", guide=str(health.pk))
    assert (status, heading(shown)) == (200, "Chờ Sở Y tế trả lời, còn 5 ngày làm việc")
    status, shown = raising(cast, starts_at="guide", guide="")
    assert status == 422
    assert "Chọn cơ quan hướng dẫn, hoặc chọn gửi đến cấp khác." in shown


def test_a_failed_form_keeps_what_was_typed(cast: Cast) -> None:
    status, shown = raising(cast, asked="", kind="")
    assert status == 422
    assert WORDS in shown
    assert "chữ đã gõ còn nguyên" in shown
    assert not Difficulty.objects.exists()


def test_the_same_form_twice_raises_one(cast: Cast) -> None:
    key = "6f0d6a0e-7f5b-4a53-9d3f-2b9d3f0d6a0e"
    assert raising(cast, key=key)[0] == raising(cast, key=key)[0] == 200
    assert Difficulty.objects.count() == 1


def test_raising_from_another_units_assignment(cast: Cast) -> None:
    other = cast.scene.assignment("west1", 2)
    assert cast.client("officer").get(f"{RAISE}?assignment={other.pk}").status_code == 404
    assert cast.client("officer").get(f"{RAISE}?assignment=abc").status_code == 404


# the way of one


def test_each_step_is_seen_by_whoever_raised_it(cast: Cast) -> None:
    difficulty = raised(cast)
    moved(difficulty, "send_on", district_head(cast), "Vượt quá thẩm quyền huyện")
    shown = cast.page("officer", address(difficulty))
    assert heading(shown) == "Chờ Sở Y tế trả lời, còn 5 ngày làm việc"
    for words in ("Vượt quá thẩm quyền huyện", "Chuyển tiếp", "đã giữ trong ngày"):
        assert words in shown
    # stages still above are shown as what may come
    assert shown.count('<li class="next') == 2
    assert "nếu được chuyển đến; thời hạn 10 ngày làm việc" in shown


def test_the_climb_through_the_pages(cast: Cast) -> None:
    difficulty = raised(cast, starts_at="coordinator")
    assert send(cast, "coordinator", difficulty, "send_on", to="province") == 302
    health = cast.scene.units["health"]
    decision = {"responsible_unit": health.pk, "resolve_by": "2025-03-20"}
    decision["document_number"] = "12/TB-UBND"
    assert send(cast, "leader", difficulty, "decide", **decision) == 302
    shown = cast.page("officer", address(difficulty))
    assert heading(shown) == "Chờ Sở Y tế thực hiện, còn 13 ngày làm việc"
    assert "Giao Sở Y tế thực hiện, xong trước hết thứ Năm, 20/03/2025" in shown
    assert "văn bản 12/TB-UBND" in shown
    assert send(cast, "guide", difficulty, "carry_out") == 302
    assert send(cast, "officer", difficulty, "confirm", text="") == 302
    shown = cast.page("leader", address(difficulty))
    assert heading(shown) == "Đã giải quyết, Xã east 1 đã xác nhận"
    assert "Đã xong" in shown


def test_before_they_dispute_they_are_told_who_is_asked_next(cast: Cast) -> None:
    difficulty = raised(cast)
    moved(difficulty, "answer", district_head(cast))
    shown = cast.page("officer", address(difficulty))
    assert heading(shown) == "Chờ Xã east 1 xác nhận, còn 5 ngày làm việc"
    assert "Sẽ chuyển đến Sở Y tế." in shown
    assert send(cast, "officer", difficulty, "dispute") == 302
    assert Difficulty.objects.get().holder == cast.scene.units["health"]


def test_what_is_missing_is_said_at_the_field_and_the_words_stay(cast: Cast) -> None:
    difficulty = raised(cast, starts_at="province")
    client = cast.client("leader")
    data = {"do": "decide", "decide-text": "Đồng ý cấp", "decide-version": "1"}
    response = client.post(address(difficulty), {**data, "decide-resolve_by": "2025-03-01"})
    shown = " ".join(response.content.decode().split())
    assert response.status_code == 422
    assert "Đồng ý cấp</textarea>" in shown
    assert "Ngày này đã qua. Chọn một ngày từ hôm nay, 03/03/2025, trở đi." in shown
    assert '<details class="act" name="act" open><summary>Quyết định' in shown
    assert Difficulty.objects.get().state == "waiting"


def test_whoever_comes_too_late_keeps_their_words(cast: Cast) -> None:
    difficulty = raised(cast, starts_at="coordinator")
    read = difficulty.version
    moved(difficulty, "answer", cast["coordinator"], "Người trước trả lời")
    data = {"do": "send_on", "send_on-text": "Chữ của tôi", "send_on-to": "province"}
    response = cast.client("coordinator").post(
        address(difficulty), {**data, "send_on-version": str(read)}
    )
    shown = " ".join(response.content.decode().split())
    assert response.status_code == 409
    assert "Chữ của tôi</textarea>" in shown
    assert "Người trước trả lời" in shown
    assert Difficulty.objects.get().state == "answered"


def test_a_verb_that_is_not_theirs_is_refused(cast: Cast) -> None:
    difficulty = raised(cast)
    assert send(cast, "officer", difficulty, "answer") == 403
    assert send(cast, "observer", difficulty, "withdraw") == 403
    assert send(cast, "leader", difficulty, "nonsense") == 409
    assert Difficulty.objects.get().state == "waiting"


def test_who_may_be_made_responsible(cast: Cast) -> None:
    Unit.objects.filter(code="office").update(valid_to=dt.date(2025, 1, 31))
    difficulty = raised(cast, starts_at="province")
    shown = cast.page("leader", address(difficulty))
    for name in ("Sở Y tế", "Sở Nội vụ", "Huyện east", "Xã east 1"):
        assert f">{name}</option>" in shown
    assert ">Xã west 1</option>" not in shown
    assert ">Văn phòng UBND tỉnh</option>" not in shown


def test_the_coordinator_is_told_why_they_may_act_for_another(cast: Cast) -> None:
    difficulty = raised(cast, now=TODAY - dt.timedelta(days=20))
    assert "cơ quan điều phối làm thay được" in cast.page("coordinator", address(difficulty))
    assert send(cast, "coordinator", difficulty, "send_on", to="guide") == 302
    assert "Sở Nội vụ làm thay" in cast.page("officer", address(difficulty))
