"""Messages: looked at once more, sent once, tried again, given up, never after the work is done."""

import datetime as dt

import pytest
from django.test import override_settings
from django.urls import resolve

from khung.assignments.models import Assignment
from khung.base import clock
from khung.reminders import outbox
from khung.reminders.actions import retry_messages
from khung.reminders.adapters import Adapter, NotSent, Outgoing
from khung.reminders.lines import KINDS, Line, lines
from khung.reminders.models import OutboxMessage, Preference
from tests.cast import Cast
from tests.reminders.conftest import Written
from tests.reminders.days import at, morning, send

Clock = pytest.MonkeyPatch
State = OutboxMessage.State


@pytest.fixture
def due(cast: Cast, monkeypatch: Clock) -> dt.date:
    """The morning on which the officer, who has an e-mail address, is told what is due today."""
    cast["officer"].email = "an@xa.example.vn"
    cast["officer"].save()
    day = cast.scene.assignment("east1", 2).due_on
    morning(monkeypatch, day)
    assert OutboxMessage.objects.get().state == State.WAITING
    return day


def refuses(_channel: str) -> Adapter:
    def send_nothing(_message: Outgoing) -> None:
        raise NotSent("Cổng gửi tin trả lời 503.")

    return send_nothing


def later(monkeypatch: Clock, now: dt.datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def test_without_a_gateway_it_is_written_down(due: dt.date, written: Written) -> None:
    assert send() == 1
    assert send() == 0
    (line,) = written
    assert (line["channel"], line["address"]) == ("email", "an@xa.example.vn")
    assert line["subject"] == "Nhắc việc thứ Tư, 19/03/2025 – hôm nay là hạn: 3"
    assert "* 3 nhiệm vụ của đơn vị đến hạn hôm nay" in line["text"]
    assert "    - 1. Thông tin đến người dân về chủ trương" in line["text"]
    # Without the address people open Khung at, no link is made up.
    assert "http" not in line["text"]
    assert line["parameters"] == {
        "name": "Người thử officer",
        "date": "19/03/2025",
        "summary": "hôm nay là hạn: 3",
        "link": "",
    }
    message = OutboxMessage.objects.get()
    assert (message.state, message.attempts, message.error) == (State.SENT, 1, "")
    assert message.sent_at is not None


def test_links_lead_to_where_the_work_is(due: dt.date, written: Written) -> None:
    with override_settings(SITE_URL="https://papi.tinh.example.vn"):
        send()
    (line,) = written
    assert "    https://papi.tinh.example.vn/viec-cua-toi/\n" in line["text"]
    assert line["parameters"]["link"] == "https://papi.tinh.example.vn/nhac-viec/"


def test_many_are_counted_not_listed() -> None:
    line = Line("overdue", 12, ("1. A", "2. B", "3. C"))
    assert line.shown_names == ["1. A", "2. B", "3. C", "… và 9 việc nữa"]
    below = Line("below", 57, ("Xã A (9)",), units=12)
    assert below.sentence == "57 nhiệm vụ của 12 đơn vị trực thuộc đã quá hạn"
    assert below.shown_names[-1] == "… và 11 đơn vị nữa"
    assert lines([{"kind": "of a newer version", "n": 1, "names": []}]) == []


def test_every_line_leads_to_a_page() -> None:
    for kind, about in KINDS.items():
        found = resolve(about.path.partition("?")[0])
        assert found.url_name, kind


def test_done_before_it_left_it_is_dropped(due: dt.date, written: Written) -> None:
    Assignment.objects.filter(unit__code="east1").update(state="submitted")
    assert send() == 1
    assert list(written) == []
    assert OutboxMessage.objects.get().state == State.DROPPED


def test_what_is_left_is_what_it_says(cast: Cast, due: dt.date, written: Written) -> None:
    done = cast.scene.assignment("east1", 2)
    Assignment.objects.filter(pk=done.pk).update(state="accepted")
    send()
    (line,) = written
    assert line["parameters"]["summary"] == "hôm nay là hạn: 2"


@pytest.mark.parametrize("days", [1, 3])
def test_tried_again_later_it_tells_how_things_stand_then(
    due: dt.date, monkeypatch: Clock, written: Written, days: int
) -> None:
    now = at(due + dt.timedelta(days=days))
    later(monkeypatch, now)
    assert outbox.send_portion(now=now) == 1
    (line,) = written
    assert line["parameters"]["summary"] == "quá hạn: 3"


def test_nobody_who_left_is_written_to(cast: Cast, due: dt.date, written: Written) -> None:
    cast["officer"].is_active = False
    cast["officer"].save()
    send()
    assert list(written) == []
    assert OutboxMessage.objects.get().state == State.DROPPED


def test_tried_again_ever_later_then_given_up(due: dt.date, monkeypatch: Clock) -> None:
    pauses = []
    now = at(due)
    for _ in range(outbox.ATTEMPTS):
        later(monkeypatch, now)
        assert outbox.send_portion(now=now, choose=refuses) == 1
        message = OutboxMessage.objects.get()
        pauses.append((message.not_before - now).total_seconds() / 60)
        assert message.error == "Cổng gửi tin trả lời 503."
        assert outbox.send_portion(now=now, choose=refuses) == 0
        now = message.not_before
    assert pauses == [5, 20, 80, 320, 1280]
    assert message.state == State.FAILED
    assert outbox.send_portion(now=now + dt.timedelta(days=1), choose=refuses) == 0


def test_a_person_puts_it_back_with_the_address_of_now(
    cast: Cast, due: dt.date, written: Written
) -> None:
    OutboxMessage.objects.update(state=State.FAILED, attempts=5, error="Từ chối")
    cast["officer"].email = "moi@xa.example.vn"
    cast["officer"].save()
    (message,) = OutboxMessage.objects.all()
    assert retry_messages(messages=[message.pk], by=cast["operator"], now=clock.now()) == 1
    assert retry_messages(messages=[message.pk], by=cast["operator"], now=clock.now()) == 0
    send()
    assert [line["address"] for line in written] == ["moi@xa.example.vn"]


def test_a_worker_killed_while_sending_leaves_it_to_another(
    due: dt.date, monkeypatch: Clock, written: Written
) -> None:
    class Killed(BaseException):
        pass

    def dies(_channel: str) -> Adapter:
        raise Killed

    now = at(due)
    with pytest.raises(Killed):
        outbox.send_portion(now=now, choose=dies)
    # Whoever else comes by does not send it a second time at once …
    assert outbox.send_portion(now=now + dt.timedelta(minutes=1)) == 0
    # … but after a while it goes out.
    assert outbox.send_portion(now=now + dt.timedelta(minutes=16)) == 1
    assert len(list(written)) == 1


def test_of_two_workers_one_takes_it(due: dt.date) -> None:
    first = OutboxMessage.objects.get()
    second = OutboxMessage.objects.get()
    assert outbox._take(first, at(due))
    assert not outbox._take(second, at(due))


def test_a_full_disk_is_tried_again(due: dt.date, monkeypatch: Clock, written: Written) -> None:
    def full(*_args: object, **_kwargs: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.open", full)
    send()
    message = OutboxMessage.objects.get()
    assert message.state == State.WAITING
    assert "No space left" in message.error


def test_a_preference_chooses_the_channel(cast: Cast, monkeypatch: Clock, written: Written) -> None:
    Preference.objects.create(person=cast["officer"], channel="zalo", address="84905123456")
    Preference.objects.create(person=cast["head"], channel="app", address="")
    cast["head"].email = "head@example.vn"
    cast["head"].save()
    morning(monkeypatch, cast.scene.assignment("east1", 2).due_on)
    send()
    assert [(line["channel"], line["address"]) for line in written] == [("zalo", "84905123456")]
