"""Village links in the browser: the phone's page, and the commune's side of it."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khung.assignments.models import Assignment
from khung.base import clock, files
from khung.reports import villages
from khung.reports.actions.villages import Village, link_villages, revoke_village_link
from khung.reports.models import Evidence, Report, VillageLink, VillageSending
from khung.reports.village_address import code_of
from tests.assignments.scene import person, unit
from tests.cast import TODAY, Cast
from tests.reports.test_uploads import PDF, picture

SCRIPT = {"X-Village": "1"}


@pytest.fixture
def asked(cast: Cast) -> Assignment:
    return cast.scene.assignment("east1", 1)


@pytest.fixture
def link(cast: Cast, asked: Assignment) -> VillageLink:
    return linked(cast, asked)


def linked(cast: Cast, *asked: Assignment, name: str = "Thôn 2") -> VillageLink:
    made = link_villages(
        unit=asked[0].unit,
        named=[Village(name, "Nguyễn Văn An")],
        asked="Chụp bảng niêm yết",
        assignments=asked,
        expires_on=dt.date(2025, 4, 1),
        by=cast["officer"],
        now=TODAY,
    )
    return (made.made + made.renewed)[0]


def page_of(link: VillageLink) -> str:
    return reverse("village_page", args=[code_of(link.nonce)])


def shot(name: str = "anh.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or picture())


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def send(link: VillageLink, *photos: SimpleUploadedFile, **said: object) -> Any:
    """What a phone with the script is answered."""
    data = {"client_key": uuid.uuid4(), "evidence": list(photos), **said}
    return Client().post(page_of(link), data, headers=SCRIPT)


def test_a_phone_sees_what_is_asked_and_gets_no_cookie(link: VillageLink) -> None:
    answer = Client().get(page_of(link))
    told = shown(answer)
    for words in ("Xã east 1", "Thôn 2 gửi ảnh, tin", "Kính gửi ông/bà Nguyễn Văn An"):
        assert words in told
    assert "Chụp bảng niêm yết" in told
    assert "Thông tin đến người dân về chủ trương" in told
    assert 'capture="environment"' in told
    assert "dùng đến hết ngày 01/04/2025" in told
    assert not answer.cookies
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    VillageLink.objects.update(head_name="Ông Lý Văn Mười")
    assert "Kính gửi Ông Lý Văn Mười:" in shown(Client().get(page_of(link)))


def test_the_whole_page_is_light(link: VillageLink) -> None:
    page = Client().get(page_of(link)).content
    assert b"bootstrap" not in page
    assert b"woff2" not in page
    found = [finders.find(f"reports/village.{kind}") for kind in ("css", "js")]
    weights = [Path(str(path)).stat().st_size for path in found]
    assert len(page) + sum(weights) < 60_000


def test_without_a_script_a_form_sends_and_the_page_tells_it(
    link: VillageLink, asked: Assignment
) -> None:
    client = Client(enforce_csrf_checks=True)
    data = {
        "client_key": uuid.uuid4(),
        "text": "Đã niêm yết",
        "evidence": [shot(), shot("b.png", picture("PNG"))],
    }
    answer = client.post(page_of(link), data, follow=True)
    assert answer.redirect_chain == [(page_of(link), 302)]
    told = shown(answer)
    assert "Đã gửi lúc 09:30 ngày 03/03/2025" in told
    assert "2 ảnh · “Đã niêm yết”" in told
    assert "Chờ Ủy ban xem" in told
    sending = VillageSending.objects.get()
    assert (sending.assignment, sending.evidence.count()) == (asked, 2)
    assert not answer.cookies


def test_a_resend_after_a_lost_answer_is_one_sending(link: VillageLink) -> None:
    key = uuid.uuid4()
    first = send(link, shot(), client_key=key).json()
    assert first["told"] == "Đã gửi lúc 09:30 ngày 03/03/2025."
    assert send(link, shot(), client_key=key).json() == first
    assert VillageSending.objects.count() == 1
    assert first["history"].count("<li>") == 1


def test_with_several_tasks_the_head_says_which(cast: Cast, asked: Assignment) -> None:
    other = cast.scene.assignment("east1", 2)
    link = linked(cast, asked, other)
    assert "Việc khác, hoặc không rõ" in shown(Client().get(page_of(link)))
    send(link, shot(), assignment=str(other.pk))
    assert VillageSending.objects.get().assignment == other
    stranger = cast.scene.assignment("east2", 1)
    answer = send(link, shot(), assignment=str(stranger.pk))
    assert answer.status_code == 422


def test_whatever_opens_nothing_gets_one_and_the_same_page(
    cast: Cast, link: VillageLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = page_of(link)
    addresses = [good[:-2] + "a/", reverse("village_page", args=["x"]), good.replace("-", "")]
    bodies = {Client().get(address).content for address in addresses}
    over = TODAY + dt.timedelta(days=60)
    monkeypatch.setattr(clock, "now", lambda: over)
    expired = Client().get(good)
    bodies.add(expired.content)
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    revoke_village_link(link=link, by=cast["officer"], now=TODAY)
    bodies.add(Client().get(good).content)
    bodies.add(Client().post(good, {"text": "x"}).content)
    assert expired.status_code == 404
    assert len(bodies) == 1
    told = bodies.pop().decode()
    assert "Đường dẫn không còn dùng được" in told
    assert "Thôn 2" not in told
    assert "Xã east 1" not in told


@pytest.mark.parametrize(
    ("photos", "words"),
    [
        ([], "Chưa có gì để gửi"),
        ([shot(f"{n}.jpg", picture(size=(40, 40 + n))) for n in range(7)], "nhiều nhất 6 ảnh"),
        ([shot("bao-cao.pdf", PDF)], "“bao-cao.pdf” không phải là ảnh"),
        ([shot("gia.jpg", b"<html>")], "không phải là tệp .jpg"),
        ([shot("a.heic", b"x")], "dạng HEIC của iPhone"),
    ],
)
def test_what_cannot_be_sent_says_why_and_keeps_nothing(
    link: VillageLink, photos: list[SimpleUploadedFile], words: str
) -> None:
    for photo in photos:
        photo.seek(0)
    answer = send(link, *photos)
    assert answer.status_code == 422
    assert words in answer.json()["errors"][0]
    assert not VillageSending.objects.exists()
    assert not Evidence.objects.exists()


def test_a_refused_form_keeps_its_words(link: VillageLink) -> None:
    data = {"text": "Bảng tin ở đình", "evidence": [shot("gia.jpg", b"x")]}
    answer = Client().post(page_of(link), data)
    assert answer.status_code == 422
    told = shown(answer)
    assert "Bảng tin ở đình</textarea>" in told
    assert "Chưa gửi được." in told
    assert "ảnh phải chọn lại" in told


def test_one_link_cannot_flood_the_commune(
    link: VillageLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(villages, "TRIES_AN_HOUR", 2)
    assert [send(link, text="x").status_code for _ in range(3)] == [200, 200, 429]
    answer = Client().post(page_of(link), {"text": "x"})
    assert answer.status_code == 429
    assert "Gửi lại sau 10:30." in shown(answer)
    assert Client().get(page_of(link)).status_code == 200


def test_a_full_disk_is_told_and_nothing_is_half_kept(
    link: VillageLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_more: object) -> None:
        raise files.NoRoom

    monkeypatch.setattr(files, "_flush", full)
    answer = send(link, shot())
    assert answer.status_code == 507
    assert "hết chỗ" in answer.json()["errors"][0]
    assert not VillageSending.objects.exists()


MADE = {"named": "Thôn 2; Nguyễn Văn An\nThôn 3\tTrần Thị Bình\n\n", "asked": "Chụp ảnh"}


def test_links_are_given_to_many_villages_at_once(cast: Cast, asked: Assignment) -> None:
    in_tree = unit("v2", "Thôn 2", "village", parent=asked.unit)
    form = cast.page("officer", reverse("make_village_link"))
    assert "Thôn 2</textarea>" in form
    assert f'value="{asked.locks_on:%Y-%m-%d}"' in form
    data = {**MADE, "assignments": [asked.pk], "expires_on": "2025-04-01"}
    answer = cast.client("officer").post(reverse("make_village_link"), data, follow=True)
    told = shown(answer)
    assert "Đã cấp 2 đường dẫn." in told
    assert told.count('class="qr"') == 2
    found = [(one.village_name, one.head_name, one.village) for one in VillageLink.objects.all()]
    assert found == [("Thôn 2", "Nguyễn Văn An", in_tree), ("Thôn 3", "Trần Thị Bình", None)]
    assert "Thôn 2</textarea>" not in cast.page("officer", reverse("make_village_link"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"named": "Thôn 2\nthôn 2"}, "Dòng 2: “thôn 2” đã có ở dòng trên."),
        ({"named": "; An"}, "Dòng 1: thiếu tên thôn trước dấu chấm phẩy."),
        ({"named": " "}, "Ghi tên ít nhất một thôn."),
        ({"assignments": []}, "Chọn ít nhất một nhiệm vụ"),
        ({"expires_on": "2025-03-02"}, "Ngày này đã qua"),
        ({"expires_on": "2027-01-01"}, "trong vòng một năm tới"),
    ],
)
def test_a_wrong_list_says_where_and_keeps_what_was_typed(
    cast: Cast, asked: Assignment, change: dict[str, object], words: str
) -> None:
    data = {**MADE, "assignments": [asked.pk], "expires_on": "2025-04-01", **change}
    answer = cast.client("officer").post(reverse("make_village_link"), data)
    assert answer.status_code == 422
    told = answer.content.decode()
    assert words in told
    assert ">\nChụp ảnh</textarea>" in told
    assert not VillageLink.objects.exists()


def test_a_link_is_renewed_with_the_code_on_the_wall(cast: Cast, link: VillageLink) -> None:
    other = cast.scene.assignment("east1", 2)
    form = cast.page("officer", f"{reverse('make_village_link')}?link={link.pk}")
    assert "Thôn 2; Nguyễn Văn An</textarea>" in form
    data = {"named": "Thôn 2", "assignments": [other.pk], "expires_on": "2025-06-01"}
    answer = cast.client("officer").post(reverse("make_village_link"), data, follow=True)
    assert "Đã gia hạn 1 đường dẫn; mã đã phát vẫn dùng được." in shown(answer)
    assert page_of(link).strip("/") in shown(answer)
    assert VillageLink.objects.get().head_name == "Nguyễn Văn An"


def test_a_link_shows_its_code_and_is_revoked(cast: Cast, link: VillageLink) -> None:
    told = cast.page("officer", reverse("village_link", args=[link.pk]))
    assert f"http://testserver{page_of(link)}" in told
    assert 'class="qr"' in told
    answer = cast.client("officer").post(
        reverse("revoke_village_link", args=[link.pk]), follow=True
    )
    assert "Đã thu hồi đường dẫn của Thôn 2" in shown(answer)
    assert "thu hồi 03/03/2025" in shown(answer)
    gone = cast.page("officer", reverse("village_link", args=[link.pk]))
    assert page_of(link) not in gone
    assert "Không có đường dẫn nào còn dùng được" in cast.page("officer", reverse("village_cards"))


def test_another_unit_sees_neither_links_nor_sendings(cast: Cast, link: VillageLink) -> None:
    send(link, shot())
    sending = VillageSending.objects.get()
    client = Client()
    client.force_login(
        person("officer", cast.scene.units["east2"]),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert client.get(reverse("village_link", args=[link.pk])).status_code == 404
    assert client.get(reverse("village_sending", args=[sending.pk])).status_code == 404
    assert client.post(reverse("revoke_village_link", args=[link.pk])).status_code == 404
    assert "Thôn 2" not in shown(client.get(reverse("village_sendings")))
    piece = sending.evidence.get()
    assert client.get(reverse("evidence_file", args=[piece.pk])).status_code == 404
    assert cast.client("officer").get(reverse("evidence_file", args=[piece.pk])).status_code == 200
    for role in ("guide", "leader", "observer"):
        address = reverse("evidence_file", args=[piece.pk])
        assert cast.client(role).get(address).status_code == 404


def answered(cast: Cast, sending: VillageSending, do: str, **said: object) -> Any:
    data = {f"s{sending.pk}-{name}": value for name, value in said.items()}
    address = reverse("village_sending", args=[sending.pk])
    return cast.client("officer").post(address, {**data, "do": do}, follow=True)


def test_a_sending_is_taken_into_the_report_and_the_head_reads_it(
    cast: Cast, link: VillageLink, asked: Assignment
) -> None:
    send(link, shot(), text="Đã dán ở đình")
    sending = VillageSending.objects.get()
    told = cast.page("officer", reverse("village_sendings"))
    assert "1 lần thôn gửi chờ nhận" in told
    assert "Đã dán ở đình" in told
    method = asked.task_version.items.get(kind="posting")
    piece = sending.evidence.get()
    answer = answered(
        cast, sending, "take", target=f"{asked.pk}-{method.pk}", pieces=[piece.pk],
        with_text="on", answer="Cảm ơn bác",
    )  # fmt: skip
    assert "Đã nhận 1 ảnh của Thôn 2 vào nhiệm vụ 1." in shown(answer)
    draft = Report.objects.get(assignment=asked)
    assert draft.text == "Thôn 2: Đã dán ở đình"
    assert (draft.uses.get().evidence, draft.uses.get().method) == (piece, method)
    assert "Ủy ban đã nhận: Cảm ơn bác" in shown(Client().get(page_of(link)))
    again = answered(cast, sending, "refuse", answer="Muộn")
    assert "vừa xử lý nội dung này rồi" in shown(again)
    everything = cast.page("officer", f"{reverse('village_sendings')}?show=all")
    assert "Đã nhận vào nhiệm vụ 1" in everything


def test_a_refusal_needs_words_which_the_head_reads(cast: Cast, link: VillageLink) -> None:
    send(link, shot())
    sending = VillageSending.objects.get()
    answer = answered(cast, sending, "refuse")
    assert answer.status_code == 422
    assert "Ghi lý do để thôn biết mà gửi lại." in shown(answer)
    assert "xóa sau 30 ngày" in shown(answered(cast, sending, "refuse", answer="Ảnh mờ"))
    assert "Ủy ban không nhận: Ảnh mờ" in shown(Client().get(page_of(link)))


def test_nothing_chosen_takes_nothing(cast: Cast, link: VillageLink, asked: Assignment) -> None:
    send(link, shot())
    sending = VillageSending.objects.get()
    told = shown(answered(cast, sending, "take"))
    assert "Chọn nhiệm vụ để nhận vào." in told
    told = shown(answered(cast, sending, "take", target=f"{asked.pk}-", answer="Giữ lại"))
    assert "Chọn ảnh để nhận" in told
    assert 'value="Giữ lại"' in told
    assert not Report.objects.exists()


def test_a_report_sent_meanwhile_takes_nothing_more(
    cast: Cast, link: VillageLink, asked: Assignment
) -> None:
    send(link, shot())
    sending = VillageSending.objects.get()
    cast.send(asked)
    target = f"{asked.pk}-"
    told = answered(cast, sending, "take", target=target, pieces=[sending.evidence.get().pk])
    assert told.status_code == 422
    sending.refresh_from_db()
    assert sending.is_taken_over is None


def test_lists_cost_the_same_for_one_and_for_many(
    cast: Cast, asked: Assignment, django_assert_num_queries: Any
) -> None:
    def three() -> None:
        for name in ("Thôn 2", "Thôn 3", "Thôn 4"):
            send(linked(cast, asked, name=name), shot(data=picture(size=(40, 40))))

    send(linked(cast, asked), shot())
    client = cast.client("officer")
    counts = {}
    for name in ("village_links", "village_sendings"):
        with django_assert_num_queries(99, exact=False) as found:
            client.get(reverse(name))
        counts[name] = len(found)
    three()
    for name, before in counts.items():
        with django_assert_num_queries(before):
            client.get(reverse(name))


def test_the_sheet_says_which_villages_have_sent(cast: Cast, asked: Assignment) -> None:
    sheet = reverse("my_work")
    assert "thôn đã gửi" not in cast.page("officer", sheet)
    send(linked(cast, asked), shot())
    linked(cast, asked, name="Thôn 3")
    told = cast.page("officer", sheet)
    assert "1/2 thôn đã gửi · 1 chờ nhận" in told
    assert "Thôn gửi lên" in told
    opened = cast.page("officer", reverse("report_line", args=[asked.pk]))
    assert f"{reverse('village_sendings')}?assignment={asked.pk}" in opened
    only = cast.page("officer", f"{reverse('village_sendings')}?assignment={asked.pk}")
    assert "Chỉ của một nhiệm vụ" in only
    assert only.count('class="sending"') == 1
    links = cast.page("officer", reverse("village_links"))
    assert "1/2 thôn đã gửi" in links
    assert "chưa gửi" in links
    assert "thôn đã gửi" not in cast.page("coordinator", reverse("report_line", args=[asked.pk]))
