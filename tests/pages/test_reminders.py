"""The pages of reminders: one's own digests, how they come, the rules, the messages."""

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from khung.base.models import AuditEvent
from khung.reminders.lines import Line
from khung.reminders.models import Digest, OutboxMessage, Preference, ReminderRule
from tests.cast import TODAY, Cast

State = OutboxMessage.State
PREFERENCE, RULES, OUTBOX = "/nhac-viec/cach-nhan/", "/nhac-viec/quy-tac/", "/nhac-viec/tin-gui/"


def digest(cast: Cast, role: str, days_ago: int = 0) -> Digest:
    lines = [
        Line("overdue", 12, ("1. Thông tin", "2. Rà soát", "3. Gặp gỡ")),
        Line("returned", 1, ("2. Rà soát",)),
    ]
    return Digest.objects.create(
        person=cast[role],
        day=TODAY.date() - dt.timedelta(days=days_ago),
        items=[line.as_item() for line in lines],
        made_at=TODAY,
    )


def message(cast: Cast, role: str, state: str, **values: object) -> OutboxMessage:
    return OutboxMessage.objects.create(
        digest=digest(cast, role),
        person=cast[role],
        channel="email",
        address=f"{role}@xa.example.vn",
        template="digest",
        not_before=TODAY,
        state=state,
        **values,
    )


def test_a_person_reads_their_own_today_first(cast: Cast) -> None:
    digest(cast, "officer", 3)
    digest(cast, "officer")
    page = cast.page("officer", "/nhac-viec/")
    assert page.index("Hôm nay, thứ Hai, 03/03/2025") < page.index("thứ Sáu, 28/02/2025")
    assert "12 nhiệm vụ của đơn vị đã quá hạn" in page
    assert "… và 9 việc nữa" in page
    assert 'href="/viec-cua-toi/?overdue=1"' in page
    assert "đã quá hạn" not in cast.page("head", "/nhac-viec/")
    assert "Chưa có bản nhắc việc nào" in cast.page("head", "/nhac-viec/")


def test_a_digest_is_seen_once_and_by_its_person_only(cast: Cast) -> None:
    mine = digest(cast, "officer")
    address = f"/nhac-viec/{mine.pk}/da-xem/"
    assert cast.client("head").post(address).status_code == 404
    assert "1 mới" in cast.page("officer", "/viec-cua-toi/")
    assert cast.client("officer").get(address).status_code == 405
    for _ in range(2):
        assert cast.client("officer").post(address).status_code == 302
    mine.refresh_from_db()
    assert mine.read_at == TODAY
    assert AuditEvent.objects.filter(verb="digest.read").count() == 1
    assert "1 mới" not in cast.page("officer", "/viec-cua-toi/")
    assert "Đã xem lúc 09:30 ngày 03/03/2025" in cast.page("officer", "/nhac-viec/")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"channel": "app", "address": "gì đó"}, ("app", "")),
        ({"channel": "email", "address": "an@xa.gov.vn"}, ("email", "an@xa.gov.vn")),
        ({"channel": "zalo", "address": "0905 123 456"}, ("zalo", "84905123456")),
        ({"channel": "sms", "address": "+84 905 123 456"}, ("sms", "84905123456")),
    ],
)
def test_a_person_chooses_channel_and_hour(
    cast: Cast, sent: dict[str, str], kept: tuple[str, str]
) -> None:
    answer = cast.client("officer").post(PREFERENCE, {**sent, "hour": "14", "version": "0"})
    assert answer.status_code == 302
    made = Preference.objects.get()
    assert made.person == cast["officer"]
    assert (made.channel, made.address, made.hour) == (*kept, 14)
    page = cast.page("officer", "/nhac-viec/")
    assert "lúc 14 giờ" in page
    # The trail names the channel; an address is nobody's to read there.
    event = AuditEvent.objects.get(verb="preference.set")
    assert kept[1] == "" or kept[1] not in str(event.data)


@pytest.mark.parametrize(
    ("channel", "address", "said"),
    [
        ("email", "không phải thư", "Địa chỉ thư chưa đúng"),
        ("email", "", "Tài khoản chưa có địa chỉ thư"),
        ("sms", "02583 822 222", "Số di động Việt Nam có 10 chữ số"),
        ("zalo", "", "Số di động Việt Nam có 10 chữ số"),
    ],
)
def test_a_wrong_address_is_said_and_kept_in_the_form(
    cast: Cast, channel: str, address: str, said: str
) -> None:
    answer = cast.client("officer").post(
        PREFERENCE, {"channel": channel, "address": address, "hour": "9", "version": "0"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f'value="{address}"' in page or not address
    assert '<option value="9" selected' in page
    assert not Preference.objects.exists()


def test_two_windows_meet(cast: Cast) -> None:
    client = cast.client("officer")
    first = {"channel": "app", "address": "", "hour": "9", "version": "0"}
    assert client.post(PREFERENCE, first).status_code == 302
    other = client.post(PREFERENCE, {**first, "hour": "10"})
    assert other.status_code == 409
    page = other.content.decode()
    assert "Bản đã lưu" in page
    assert client.post(PREFERENCE, {**first, "hour": "10", "version": "1"}).status_code == 302
    assert Preference.objects.get().hour == 10


def test_a_channel_that_leads_nowhere_says_so(cast: Cast) -> None:
    assert "Zalo (máy chủ này chưa nối cổng gửi)" in cast.page("officer", PREFERENCE)


def test_rules_proposed_until_somebody_sets_them(cast: Cast) -> None:
    page = cast.page("coordinator", RULES)
    assert "Đang nhắc theo quy tắc đề xuất sẵn" in page
    assert "Nhắc đơn vị thực hiện khi còn 5 ngày làm việc đến hạn." in page
    client = cast.client("coordinator")
    client.post(f"{RULES}luu/")
    assert ReminderRule.objects.count() == 7
    client.post(f"{RULES}luu/")
    assert ReminderRule.objects.count() == 7
    assert "7 quy tắc đang nhắc" in cast.page("coordinator", RULES)


def test_a_rule_is_added_with_its_sentence(cast: Cast) -> None:
    client = cast.client("coordinator")
    answer = client.post(RULES, {"kind": "before", "working_days": "3"}, follow=True)
    assert "Đã thêm: Nhắc đơn vị thực hiện khi còn 3 ngày làm việc đến hạn." in (
        answer.content.decode()
    )
    # The proposed ones stay in force beside it.
    assert ReminderRule.objects.filter(is_active=True).count() == 8
    again = client.post(RULES, {"kind": "before", "working_days": "3"})
    assert again.status_code == 422
    assert "Đã có quy tắc này" in again.content.decode()


@pytest.mark.parametrize(
    ("kind", "days", "said"),
    [("at", "2", "thì số ngày là 0"), ("before", "0", "từ 1 đến 60"), ("after", "61", "60")],
)
def test_a_rule_that_cannot_be(cast: Cast, kind: str, days: str, said: str) -> None:
    answer = cast.client("coordinator").post(RULES, {"kind": kind, "working_days": days})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ReminderRule.objects.exists()


def test_a_rule_is_switched_off_and_on(cast: Cast) -> None:
    rule = ReminderRule.objects.create(kind="after", working_days=2)
    client = cast.client("coordinator")
    off = {"is_active": "0", "version": "1"}
    client.post(f"{RULES}{rule.pk}/", off)
    rule.refresh_from_db()
    assert not rule.is_active
    page = cast.page("coordinator", RULES)
    assert "Không quy tắc nào đang nhắc" in page
    stale = client.post(f"{RULES}{rule.pk}/", {**off, "is_active": "1"}, follow=True)
    assert "Người khác vừa bật hoặc tắt quy tắc này" in stale.content.decode()
    client.post(f"{RULES}{rule.pk}/", {"is_active": "1", "version": "2"})
    rule.refresh_from_db()
    assert rule.is_active
    told = AuditEvent.objects.get(verb="reminder_rule.switched_off")
    assert told.data == {"rule": "Nhắc đơn vị thực hiện khi đã quá hạn 2 ngày làm việc"}


def test_what_did_not_leave_is_first_to_know(cast: Cast) -> None:
    message(cast, "officer", State.FAILED, error="Máy chủ thư từ chối địa chỉ người nhận.")
    message(cast, "head", State.SENT, sent_at=TODAY)
    page = cast.page("operator", OUTBOX)
    assert "1 tin không gửi được" in page
    assert "Máy chủ thư từ chối địa chỉ người nhận." in page
    assert "officer@xa.example.vn" in page
    assert "Chưa nối cổng gửi: Thư điện tử, Zalo, Tin nhắn SMS" in page
    narrowed = cast.page("operator", f"{OUTBOX}?state=failed&q=officer")
    assert "officer@xa.example.vn" in narrowed
    assert "head@xa.example.vn" not in narrowed


def test_messages_are_put_back_one_or_all(cast: Cast) -> None:
    one = message(cast, "officer", State.FAILED)
    message(cast, "head", State.FAILED)
    sent = message(cast, "guide", State.SENT, sent_at=TODAY)
    client = cast.client("coordinator")
    client.post(f"{OUTBOX}gui-lai/", {"message": str(one.pk)})
    assert OutboxMessage.objects.filter(state=State.WAITING).get() == one
    client.post(f"{OUTBOX}gui-lai/", {"message": str(sent.pk)})
    client.post(f"{OUTBOX}gui-lai/", {"message": "x"})
    assert OutboxMessage.objects.filter(state=State.WAITING).count() == 1
    answer = client.post(f"{OUTBOX}gui-lai/", follow=True)
    assert "1 tin sẽ được gửi lại trong ít phút." in answer.content.decode()
    assert OutboxMessage.objects.filter(state=State.WAITING).count() == 2


def queries(client: Client, address: str) -> None:
    assert client.get(address).status_code == 200


def test_lists_take_the_same_queries_whatever_their_length(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reader, keeper = cast.client("officer"), cast.client("coordinator")
    for days_ago in range(3):
        digest(cast, "officer", days_ago)
    ReminderRule.objects.create(kind="after", working_days=2)
    message(cast, "head", State.SENT, sent_at=TODAY)
    for more in (False, True):
        if more:
            for days_ago in range(3, 9):
                digest(cast, "officer", days_ago)
            ReminderRule.objects.create(kind="after", working_days=9)
            message(cast, "guide", State.FAILED)
        with django_assert_num_queries(10):
            queries(reader, "/nhac-viec/")
        with django_assert_num_queries(9):
            queries(keeper, RULES)
        with django_assert_num_queries(11):
            queries(keeper, OUTBOX)
