"""Pages where a unit asks and others answer: exemptions, leave after the lock, joint results,
entering for a unit, versions."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.urls import reverse

from khung.assignments.models import Assignment, LockException, PeriodDeadline
from khung.reports.actions import return_reports
from khung.reports.models import ExemptionProposal, JointOffer, Report
from tests.assignments.scene import person
from tests.cast import TODAY, Cast


def pk(cast: Cast, no: int, unit: str = "east1") -> int:
    return cast.scene.assignment(unit, no).pk


def propose(cast: Cast, role: str = "officer", reason: str = "Xã không có trạm y tế"):  # type: ignore[no-untyped-def]
    address = reverse("propose_exemption", args=[pk(cast, 2)])
    return cast.client(role).post(address, {"reason": reason})


def test_an_exemption_from_proposal_to_grant_and_back(cast: Cast) -> None:
    assert propose(cast).status_code == 302
    listed = cast.page("coordinator", reverse("exemptions"))
    assert "1 đề nghị miễn chờ trả lời" in listed
    assert "Xã không có trạm y tế" in listed
    proposal = ExemptionProposal.objects.get()
    client = cast.client("coordinator")
    address = reverse("answer_exemption", args=[proposal.pk])
    refused = client.post(address, {"is_granted": "False", "answer": "", "version": 1})
    assert refused.status_code == 422
    assert "Ghi lý do không đồng ý." in refused.content.decode()
    granted = client.post(address, {"is_granted": "True", "answer": "", "version": 1})
    assert granted.status_code == 302
    assert cast.scene.assignment("east1", 2).state == "exempt"
    late = client.post(address, {"is_granted": "False", "answer": "x", "version": 1})
    assert late.status_code == 409
    assert "vừa trả lời đề nghị này" in late.content.decode()
    one = cast.scene.assignment("east1", 2)
    client.post(reverse("restore_exempted", args=[one.pk]), {"version": one.version})
    assert cast.scene.assignment("east1", 2).state == "not_started"


def test_a_second_proposal_says_who_asked_before_and_keeps_the_words(cast: Cast) -> None:
    propose(cast)
    again = propose(cast, "guide", "Lý do của Sở")
    assert again.status_code == 409
    page = again.content.decode()
    assert "Xã east 1 đã đề nghị miễn nhiệm vụ này ngày 03/03/2025" in page
    assert "Lý do của Sở" in page


def test_what_cannot_be_let_off_says_so_before_anything_is_typed(cast: Cast) -> None:
    address = reverse("propose_exemption", args=[pk(cast, 2)])
    assert 'name="reason"' in cast.page("officer", address)
    cast.send(cast.scene.assignment("east1", 2))
    page = cast.page("officer", address)
    assert "Không đề nghị miễn được khi nhiệm vụ đang ở trạng thái" in page
    assert 'name="reason"' not in page
    assert "Chưa có gì được gửi" not in page


def test_units_see_their_own_proposals_only_and_withdraw_them(cast: Cast) -> None:
    propose(cast)
    cast.people["stranger"] = person("officer", cast.scene.units["west1"])
    assert "Xã không có trạm y tế" not in cast.page("stranger", reverse("exemptions"))
    proposal = ExemptionProposal.objects.get()
    address = reverse("withdraw_proposal", args=[proposal.pk])
    assert cast.client("stranger").post(address, {"version": 1}).status_code == 404
    cast.client("head").post(address, {"version": 1})
    assert not ExemptionProposal.objects.exists()


def test_leave_after_the_lock_is_granted_listed_and_taken_back(cast: Cast) -> None:
    client = cast.client("coordinator")
    unit, period = cast.scene.units["east1"], cast.scene.period("2025-Q1")
    locks_on = PeriodDeadline.objects.get(period=period, level="commune").locks_on
    data = {
        "unit": unit.name,
        "period": period.pk,
        "open_until": locks_on.isoformat(),
        "document_number": "15/SNV",
        "reason": "Mất điện do bão",
    }
    address = reverse("grant_lock_exception")
    wrong = client.post(address, data)
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert f"còn báo cáo được đến hết {locks_on:%d/%m/%Y}" in page
    assert "Mất điện do bão" in page
    until = locks_on + dt.timedelta(days=7)
    assert client.post(address, data | {"open_until": until.isoformat()}).status_code == 302
    assert cast.scene.assignment("east1", 2).locks_on == until
    listed = cast.page("observer", reverse("lock_exceptions"))
    for said in ("15/SNV", f"{until:%d/%m/%Y}", "Người thử coordinator", "đang có hiệu lực"):
        assert said in listed
    leave = LockException.objects.get()
    revoke = reverse("revoke_lock_exception", args=[leave.pk])
    assert client.post(revoke, {"version": leave.version}).status_code == 302
    assert cast.scene.assignment("east1", 2).locks_on == locks_on
    assert client.post(revoke, {"version": leave.version}).status_code == 404


def test_the_unit_of_a_leave_is_typed_and_one_with_nothing_left_is_asked_about(
    cast: Cast,
) -> None:
    client, address = cast.client("coordinator"), reverse("grant_lock_exception")
    unit, period = cast.scene.units["east1"], cast.scene.period("2025-Q1")
    shown = cast.page("coordinator", f"{address}?unit={unit.pk}")
    assert '<datalist id="units">' in shown
    assert f'value="{unit.name} ({unit.parent})"' in shown
    data = {
        "unit": "xa khong co",
        "period": period.pk,
        "open_until": "2025-06-01",
        "document_number": "15/SNV",
        "reason": "Mất điện do bão",
    }
    assert "Không có đơn vị nào mang tên này." in client.post(address, data).content.decode()
    several = client.post(address, data | {"unit": "xa east"}).content.decode()
    assert "Nhiều đơn vị khớp với tên này, hãy ghi đủ: Xã east 1 (" in several
    Assignment.objects.filter(unit=unit).update(state="submitted")
    asked = client.post(address, data | {"unit": "xa east 1"})
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "Xã east 1 không còn nhiệm vụ nào phải báo cáo trong Quý I/2025." in page
    assert 'name="anyway"' in page
    assert not LockException.objects.exists()
    assert client.post(address, data | {"unit": "xa east 1", "anyway": "on"}).status_code == 302
    assert LockException.objects.get().unit == unit


def test_a_locked_report_says_the_rule_and_who_opens_it(cast: Cast) -> None:
    Assignment.objects.filter(pk=pk(cast, 2)).update(locks_on=TODAY.date() - dt.timedelta(days=1))
    page = cast.page("officer", reverse("report_line", args=[pk(cast, 2)]))
    assert "ngày khóa của Quý I/2025 là 02/03/2025" in page
    assert "Sở Nội vụ (cơ quan điều phối) có thể cho phép" in page


def test_a_joint_result_is_offered_and_confirmed_in_the_browser(cast: Cast) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2), "Xã và huyện cùng làm")
    client = cast.client("officer")
    own = reverse("joint_result", args=[pk(cast, 2)])
    assert "Đưa báo cáo đã gửi ra dùng chung" in cast.page("officer", own)
    client.post(own, {"do": "offer"})
    offer = JointOffer.objects.get(report=turn.report)
    cast.people["district"] = person("head", cast.scene.units["east"])
    theirs = reverse("joint_result", args=[pk(cast, 2, "east")])
    assert "Xã và huyện cùng làm" in cast.page("district", theirs)
    told = cast.client("district").post(theirs, {"do": "confirm", "offer": offer.pk}, follow=True)
    assert "Đã gửi 1 báo cáo." in told.content.decode()
    confirmed = Report.objects.get(assignment=pk(cast, 2, "east"))
    assert (confirmed.joint_with, confirmed.text) == (turn.report, "Xã và huyện cùng làm")
    assert "đã xác nhận, gửi 03/03/2025" in cast.page("officer", own)
    again = cast.client("district").post(theirs, {"do": "confirm", "offer": offer.pk})
    assert again.status_code == 409


def test_a_district_enters_for_its_commune_and_it_is_marked(cast: Cast) -> None:
    district = person("head", cast.scene.units["east"])
    cast.people["district"] = district
    listed = cast.page("district", reverse("enter_for"))
    assert "Xã east 1" in listed
    assert "Xã west 1" not in listed
    assert "Xã west 1" in cast.page("coordinator", reverse("enter_for"))
    unit = cast.scene.units["east1"]
    address = reverse("enter_for_unit", args=[unit.pk])
    cast.client("district").post(
        reverse("save_report", args=[pk(cast, 2)]),
        {"outcome": "nothing_arose", "reason": "Không có trạm", "version": 0},
    )
    page = cast.page("district", address)
    assert "Gửi thay 1 báo cáo đã đủ" in page
    assert "Huyện east nhập thay" in page
    cast.client("district").post(address)
    sent = Report.objects.get(assignment=pk(cast, 2))
    assert (sent.entered_by_unit, sent.sent_by) == (cast.scene.units["east"], district)
    shown = cast.page("officer", reverse("report_versions", args=[pk(cast, 2)]))
    assert "Huyện east nhập thay" in shown


def test_nobody_enters_for_a_unit_beside_them(cast: Cast) -> None:
    cast.people["district"] = person("head", cast.scene.units["east"])
    other = reverse("enter_for_unit", args=[cast.scene.units["west1"].pk])
    cast.page("district", other, 403)
    cast.page("head", reverse("enter_for_unit", args=[cast.scene.units["east1"].pk]), 403)


def test_versions_show_who_when_what_changed_and_the_verdicts(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    turn = cast.send(assignment, "Đã kiểm tra 3 trạm")
    return_reports(
        judged=[turn.pk], points=[], text="Thiếu ảnh", redo_by=None, by=cast["guide"], now=TODAY
    )
    cast.send(assignment, "Đã kiểm tra 4 trạm")
    page = cast.page("guide", reverse("report_versions", args=[assignment.pk]))
    assert "2 lần báo cáo" in page
    assert "<del>3</del><ins>4</ins>" in page
    assert "Thiếu ảnh" in page
    assert page.count("gửi 09:30 03/03/2025") == 2
    cast.people["stranger"] = person("officer", cast.scene.units["west1"])
    cast.page("stranger", reverse("report_versions", args=[assignment.pk]), 404)


@pytest.mark.parametrize(
    ("name", "queries"), [("exemptions", 13), ("lock_exceptions", 12), ("enter_for", 10)]
)
def test_lists_ask_a_fixed_number_of_queries(
    cast: Cast,
    name: str,
    queries: int,
    django_assert_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    client = cast.client("coordinator")
    for n, no in enumerate((1, 2, 3)):
        ExemptionProposal.objects.create(
            assignment=cast.scene.assignment("east1", no),
            reason="x",
            by_unit=cast.scene.units["east1"],
            proposed_by=cast["officer"],
            proposed_at=TODAY,
        )
        LockException.objects.create(
            unit=cast.scene.units["east1"],
            period=cast.scene.period("2025-Q1"),
            open_until=TODAY.date(),
            reason="x",
            document_number=f"{n}/SNV",
            granted_by=cast["coordinator"],
            granted_at=TODAY,
        )
        with django_assert_num_queries(queries):
            client.get(reverse(name))
