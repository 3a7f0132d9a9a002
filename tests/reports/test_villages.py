"""Village links: what opens them, what comes in, and what becomes of it."""

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from khung.assignments.models import Assignment
from khung.base import files
from khung.base.models import AuditEvent, StoredFile
from khung.orgs.models import Unit
from khung.reports import uploads, village_address, village_refusals, villages
from khung.reports.actions import Written, remove_evidence, save_draft
from khung.reports.actions.taking_over import (
    AlreadyHandled,
    TooLong,
    refuse_sending,
    take_over,
)
from khung.reports.actions.villages import (
    LinkClosed,
    TooOften,
    Village,
    link_villages,
    note_try,
    revoke_village_link,
    send_from_village,
)
from khung.reports.drafting import Locked
from khung.reports.models import Evidence, Report, VillageLink, VillageSending
from tests.assignments.scene import person
from tests.cast import TODAY, Cast
from tests.reports.test_uploads import picture

HEAD = "Đường dẫn của Thôn 2"
DAY = dt.timedelta(days=1)


@pytest.fixture
def asked(cast: Cast) -> Assignment:
    return cast.scene.assignment("east1", 1)


@pytest.fixture
def link(cast: Cast, asked: Assignment) -> VillageLink:
    return linked(cast, asked)


def linked(cast: Cast, *asked: Assignment, name: str = "Thôn 2", **more: Any) -> VillageLink:
    made = link_villages(
        unit=asked[0].unit,
        named=[Village(name, "Nguyễn Văn An")],
        asked="Chụp bảng niêm yết",
        assignments=asked,
        **{"expires_on": dt.date(2025, 4, 1), "by": cast["officer"], "now": TODAY, **more},
    )
    return (made.made + made.renewed)[0]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def photo(stack: ExitStack, size: tuple[int, int] = (60, 40)) -> uploads.Prepared:
    file = BytesIO(picture(size=size, located=True))
    return stack.enter_context(uploads.prepared(file, "bang-tin.jpg"))


def sent(link: VillageLink, *photos: uploads.Prepared, **more: Any) -> VillageSending:
    said: dict[str, Any] = {
        "client_key": uuid.uuid4(),
        "assignment": None,
        "text": "Đã niêm yết",
        "now": TODAY,
    }
    return send_from_village(link=link, photos=photos, by=HEAD, **(said | more))


def taken(cast: Cast, sending: VillageSending, assignment: Assignment, **more: Any) -> None:
    said: dict[str, Any] = {
        "method": None,
        "pieces": list(sending.evidence.values_list("pk", flat=True)),
        "has_personal_data": False,
        "with_text": True,
        "answer": "Cảm ơn",
        "by": cast["officer"],
        "now": TODAY,
    }
    take_over(sending=sending, assignment=assignment, **(said | more))


def test_an_address_is_short_and_says_the_same_every_time(link: VillageLink) -> None:
    code = village_address.code_of(link.nonce)
    assert (len(code), code) == (25, village_address.code_of(link.nonce))
    assert village_address.nonce_of(code) == link.nonce
    assert villages.opened_by(code, TODAY.date()) == link
    assert village_address.qr_svg(f"https://khung.example.vn/thon/{code}/").startswith("<svg")


def test_a_copy_of_the_table_opens_nothing(link: VillageLink, settings: Any) -> None:
    code = village_address.code_of(link.nonce)
    for wrong in (link.nonce, f"{link.nonce}-", f"{link.nonce}-{'a' * 16}", "", f"{code}a", "ạ-ạ"):
        assert villages.opened_by(wrong, TODAY.date()) is None
    settings.SECRET_KEY = "another installation's key"
    assert villages.opened_by(code, TODAY.date()) is None


def test_a_wrong_address_costs_no_query(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert villages.opened_by(f"abcdefgh-{'a' * 16}", TODAY.date()) is None


def test_a_link_ends_on_its_day_and_when_it_is_revoked(cast: Cast, link: VillageLink) -> None:
    code = village_address.code_of(link.nonce)
    assert villages.opened_by(code, link.expires_on) == link
    assert villages.opened_by(code, link.expires_on + DAY) is None
    assert revoke_village_link(link=link, by=cast["officer"], now=TODAY)
    assert not revoke_village_link(link=link, by=cast["officer"], now=TODAY)
    assert villages.opened_by(code, TODAY.date()) is None
    with pytest.raises(LinkClosed):
        sent(link)


def test_a_village_keeps_its_address(cast: Cast, link: VillageLink, asked: Assignment) -> None:
    other = cast.scene.assignment("east1", 2)
    again = linked(cast, other, name="thôn  2", expires_on=dt.date(2025, 5, 1))
    assert (again.pk, again.nonce, again.expires_on) == (link.pk, link.nonce, dt.date(2025, 5, 1))
    assert list(again.assignments.all()) == [other]
    assert linked(cast, asked, name="Thơn 2").pk != link.pk
    revoke_village_link(link=link, by=cast["officer"], now=TODAY)
    assert linked(cast, asked).pk != link.pk


def test_only_the_unit_gives_and_takes_its_links(cast: Cast, asked: Assignment) -> None:
    stranger = person("officer", cast.scene.units["west1"])
    with pytest.raises(PermissionDenied):
        linked(cast, asked, by=stranger)
    link = linked(cast, asked)
    with pytest.raises(PermissionDenied):
        revoke_village_link(link=link, by=stranger, now=TODAY)
    sending = sent(link)
    with pytest.raises(PermissionDenied):
        taken(cast, sending, asked, by=stranger)
    with pytest.raises(PermissionDenied):
        refuse_sending(sending=sending, answer="Không", by=stranger, now=TODAY)
    with pytest.raises(ValueError, match="another unit"):
        linked(cast, asked, cast.scene.assignment("east2", 1))


def test_a_resend_is_the_same_sending(link: VillageLink, stack: ExitStack) -> None:
    key = uuid.uuid4()
    first = sent(link, photo(stack), client_key=key)
    assert sent(link, photo(stack), client_key=key) == first
    assert (VillageSending.objects.count(), Evidence.objects.count()) == (1, 1)


def test_a_photograph_comes_in_without_its_place_and_private(
    link: VillageLink, stack: ExitStack
) -> None:
    piece = sent(link, photo(stack)).evidence.get()
    assert piece.title == "Ảnh Thôn 2 gửi ngày 03/03/2025"
    assert (piece.unit, piece.added_by, piece.has_personal_data) == (link.unit, None, True)
    assert piece.file is not None
    assert b"GPS" not in files.read(piece.file)
    event = AuditEvent.objects.get(verb="village.sent")
    assert (event.actor_name, event.data) == (HEAD, {"village": "Thôn 2", "photos": 1})


def test_tries_are_counted_by_the_hour(link: VillageLink) -> None:
    for _ in range(villages.TRIES_AN_HOUR):
        note_try(link=link, by=HEAD, now=TODAY)
    with pytest.raises(TooOften) as refused:
        note_try(link=link, by=HEAD, now=TODAY + 59 * DAY / 1440)
    assert refused.value.again_at == TODAY + villages.HOUR
    note_try(link=link, by=HEAD, now=TODAY + villages.HOUR)
    assert VillageLink.objects.get().tries == 1


def test_no_more_waits_than_a_person_can_look_at(link: VillageLink) -> None:
    for _ in range(villages.MOST_WAITING):
        sent(link)
    with pytest.raises(TooOften) as refused:
        sent(link)
    assert refused.value.again_at is None


def test_work_that_was_not_asked_about_is_refused(cast: Cast, link: VillageLink) -> None:
    with pytest.raises(ValueError, match="not ask"):
        sent(link, assignment=cast.scene.assignment("east1", 2))


def test_what_came_in_is_taken_into_the_report(
    cast: Cast, link: VillageLink, asked: Assignment, stack: ExitStack
) -> None:
    method = asked.task_version.items.get(kind="posting")
    save_draft(
        assignment=asked,
        written=Written(text="Xã đã làm", methods_done=(method.pk,)),
        version=None,
        by=cast["officer"],
        now=TODAY,
    )
    sending = sent(link, photo(stack), photo(stack, (50, 50)))
    first, second = sending.evidence.order_by("id")
    taken(cast, sending, asked, pieces=[first.pk], method=method)
    draft = Report.objects.get(assignment=asked)
    assert draft.text == "Xã đã làm\nThôn 2: Đã niêm yết"
    assert draft.methods_done == [method.pk]
    use = draft.uses.get()
    assert (use.evidence, use.method, use.evidence.has_personal_data) == (first, method, False)
    second.refresh_from_db()
    assert second.has_personal_data
    sending.refresh_from_db()
    assert (sending.is_taken_over, sending.handled_by, sending.answer) == (
        True,
        cast["officer"],
        "Cảm ơn",
    )
    with pytest.raises(AlreadyHandled):
        refuse_sending(sending=sending, answer="Muộn", by=cast["officer"], now=TODAY)


def test_a_locked_period_takes_nothing_over_and_it_waits_on(
    cast: Cast, link: VillageLink, asked: Assignment, stack: ExitStack
) -> None:
    sending = sent(link, photo(stack))
    later = TODAY + (asked.locks_on - TODAY.date() + DAY)
    with pytest.raises(Locked):
        taken(cast, sending, asked, now=later)
    sending.refresh_from_db()
    assert sending.is_taken_over is None
    assert not Report.objects.exists()


def test_words_that_find_no_room_leave_the_draft_alone(
    cast: Cast, link: VillageLink, asked: Assignment
) -> None:
    written = Written(text="x" * 9_990)
    save_draft(assignment=asked, written=written, version=None, by=cast["officer"], now=TODAY)
    sending = sent(link)
    with pytest.raises(TooLong):
        taken(cast, sending, asked)
    assert len(Report.objects.get().text) == 9_990


def test_what_was_refused_is_deleted_after_a_month(
    cast: Cast, link: VillageLink, asked: Assignment, stack: ExitStack
) -> None:
    used, gone = sent(link, photo(stack)), sent(link, photo(stack, (50, 50)))
    taken(cast, used, asked)
    refuse_sending(sending=gone, answer="Ảnh mờ, chụp lại", by=cast["officer"], now=TODAY)
    assert village_refusals.clear_refused(now=TODAY + villages.KEEP_REFUSED - DAY) == 0
    assert village_refusals.clear_refused(now=TODAY + villages.KEEP_REFUSED) == 1
    gone.refresh_from_db()
    assert (gone.text, gone.answer, gone.evidence.count()) == ("", "Ảnh mờ, chụp lại", 0)
    assert Evidence.objects.get() == used.evidence.get()
    assert StoredFile.objects.filter(content_type="image/jpeg").count() == 1
    assert village_refusals.clear_refused(now=TODAY + 2 * villages.KEEP_REFUSED) == 0


def test_a_piece_taken_out_of_the_draft_stays_with_its_sending(
    cast: Cast, link: VillageLink, asked: Assignment, stack: ExitStack
) -> None:
    sending = sent(link, photo(stack))
    taken(cast, sending, asked)
    use = Report.objects.get().uses.get()
    assert not remove_evidence(use=use, by=cast["officer"], now=TODAY)
    assert sending.evidence.count() == 1


def test_which_villages_have_sent(cast: Cast, link: VillageLink, asked: Assignment) -> None:
    unit, other = asked.unit, cast.scene.assignment("east1", 2)
    second = linked(cast, asked, other, name="Thôn 3")
    linked(cast, asked, name="Thôn 4")
    ids = [asked.pk, other.pk]
    assert villages.waiting_from_villages(unit, ids) == {}
    sent(link, assignment=asked)
    sent(second)
    bad = sent(second, assignment=other)
    assert villages.waiting_from_villages(unit, ids) == {asked.pk: 2, other.pk: 2}
    refuse_sending(sending=bad, answer="Ảnh mờ", by=cast["officer"], now=TODAY)
    found = villages.standing_by_assignment(unit, ids)
    assert found[asked.pk] == villages.Standing(asked=3, sent=2, waiting=2)
    assert found[other.pk] == villages.Standing(asked=1, sent=1, waiting=1)
    period = cast.scene.period("2025-Q1")
    told = {one.link.village_name: one for one in villages.sent_by_village(unit, period)}
    assert [told[name].waiting for name in ("Thôn 2", "Thôn 3", "Thôn 4")] == [1, 1, 0]
    assert told["Thôn 4"].last_sent_at is None
    elsewhere = Unit.objects.get(code="east2")
    assert villages.standing_by_assignment(elsewhere, ids) == {}
