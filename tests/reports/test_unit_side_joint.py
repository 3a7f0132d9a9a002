"""One result of several agencies, and the versions of a report."""

import pytest
from django.core.exceptions import PermissionDenied

from khung.orgs.acting import acting
from khung.reports import joint
from khung.reports.actions import (
    Said,
    Written,
    add_evidence,
    return_reports,
    reuse_evidence,
    save_draft,
    send_reports,
    withdraw_report,
)
from khung.reports.actions.joint import NotJoint, confirm_joint, offer_joint, withdraw_joint
from khung.reports.models import Evidence, JointOffer, Report, ReviewTurn
from khung.reports.reach import reports_visible
from khung.reports.versions import compared, versions_of
from tests.assignments.scene import person
from tests.cast import TODAY, Cast


def offered(cast: Cast) -> JointOffer:
    """The district's sent report of task 2, offered to its communes."""
    assignment = cast.scene.assignment("east", 2)
    boss = person("head", cast.scene.units["east"])
    draft = save_draft(
        assignment=assignment,
        written=Written(outcome="nothing_arose", reason="Không có trạm nào", text=""),
        version=None,
        by=boss,
        now=TODAY,
    )
    (sent,) = send_reports(drafts=[draft.pk], by=boss, now=TODAY).sent
    return offer_joint(report=sent, by=boss, now=TODAY)


def test_a_result_is_confirmed_by_each_agency_and_judged_by_its_own_turn(cast: Cast) -> None:
    offer = offered(cast)
    assignment = cast.scene.assignment("east1", 2)
    assert [one.pk for one in joint.offers_to(assignment)] == [offer.pk]
    draft = confirm_joint(
        assignment=assignment, offer=offer, version=None, by=cast["officer"], now=TODAY
    )
    assert (draft.joint_with, draft.reason) == (offer.report, "Không có trạm nào")
    refused = send_reports(drafts=[draft.pk], by=cast["officer"], now=TODAY).refused
    assert refused[0][1] == ["Chờ thủ trưởng hoặc cấp phó duyệt."]
    send_reports(drafts=[draft.pk], by=cast["head"], now=TODAY)
    turns = ReviewTurn.objects.filter(assignment__task=assignment.task_id)
    assert turns.count() == 2


def test_evidence_is_linked_and_quantities_are_counted_once(cast: Cast) -> None:
    lead = cast.scene.assignment("east1", 2)
    turn = cast.send(lead, "Đã làm chung")
    Report.objects.filter(pk=turn.report_id).update(quantity=12, quantity_of="trạm")
    offer = offer_joint(report=turn.report, by=cast["head"], now=TODAY)
    above = person("officer", cast.scene.units["east"])
    draft = confirm_joint(
        assignment=cast.scene.assignment("east", 2), offer=offer, version=None, by=above, now=TODAY
    )
    assert [use.evidence_id for use in draft.uses.all()] == [
        use.evidence_id for use in turn.report.uses.all()
    ]
    assert (draft.quantity, draft.text) == (None, "Đã làm chung")


def test_communes_side_by_side_owe_results_of_their_own(cast: Cast) -> None:
    units = cast.scene.units
    assert not joint.are_together(units["east1"], units["east2"])
    assert not joint.are_together(units["east1"], units["west"])
    assert joint.are_together(units["east"], units["east1"])
    assert joint.are_together(units["home"], units["health"])
    turn = cast.send(cast.scene.assignment("east1", 2))
    offer_joint(report=turn.report, by=cast["head"], now=TODAY)
    assert joint.offers_to(cast.scene.assignment("east2", 2)) == []


def test_an_offer_of_a_report_taken_back_is_void(cast: Cast) -> None:
    offer = offered(cast)
    withdraw_report(report=offer.report, by=offer.offered_by, now=TODAY)
    assignment = cast.scene.assignment("east1", 2)
    assert joint.offers_to(assignment) == []
    with pytest.raises(NotJoint, match="không còn hiệu lực"):
        confirm_joint(
            assignment=assignment, offer=offer, version=None, by=cast["officer"], now=TODAY
        )


def test_words_already_written_are_replaced_only_knowingly(cast: Cast) -> None:
    offer = offered(cast)
    assignment = cast.scene.assignment("east1", 2)
    draft = cast.draft(assignment, "Chữ của xã")
    with pytest.raises(NotJoint, match="vừa được sửa"):
        confirm_joint(
            assignment=assignment, offer=offer, version=None, by=cast["officer"], now=TODAY
        )
    again = confirm_joint(
        assignment=assignment, offer=offer, version=draft.version, by=cast["officer"], now=TODAY
    )
    assert (again.pk, again.text, again.uses.count()) == (draft.pk, "", 0)
    # The piece nothing stands on any more went with the words it proved.
    assert not Evidence.objects.filter(unit=assignment.unit).exists()


def test_evidence_another_draft_stands_on_outlives_a_confirmation(cast: Cast) -> None:
    offer = offered(cast)
    assignment = cast.scene.assignment("east1", 2)
    draft = cast.draft(assignment)
    piece = draft.uses.get().evidence
    other = cast.scene.assignment("east1", 1)
    reuse_evidence(
        assignment=other, method=None, evidence=[piece.pk], by=cast["officer"], now=TODAY
    )
    confirm_joint(
        assignment=assignment, offer=offer, version=draft.version, by=cast["officer"], now=TODAY
    )
    assert [use.report.assignment_id for use in piece.uses.all()] == [other.pk]


def test_evidence_of_its_own_ends_the_result_confirmed(cast: Cast) -> None:
    offer = offered(cast)
    assignment = cast.scene.assignment("east1", 2)
    confirm_joint(assignment=assignment, offer=offer, version=None, by=cast["officer"], now=TODAY)
    add_evidence(
        assignment=assignment,
        method=None,
        handed_in=[],
        said=Said(url="https://xa.example.vn/rieng"),
        by=cast["officer"],
        now=TODAY,
    )
    assert Report.objects.get(assignment=assignment).joint_with is None


def test_words_of_its_own_are_no_longer_the_result_confirmed(cast: Cast) -> None:
    offer = offered(cast)
    assignment = cast.scene.assignment("east1", 2)
    draft = confirm_joint(
        assignment=assignment, offer=offer, version=None, by=cast["officer"], now=TODAY
    )
    again = save_draft(
        assignment=assignment,
        written=Written(text="Riêng xã làm thêm"),
        version=draft.version,
        by=cast["officer"],
        now=TODAY,
    )
    assert again.joint_with is None


def test_who_offers_and_withdraws(cast: Cast) -> None:
    turn = cast.send(cast.scene.assignment("east1", 2))
    with pytest.raises(PermissionDenied):
        offer_joint(report=turn.report, by=person("officer", cast.scene.units["west1"]), now=TODAY)
    offer = offer_joint(report=turn.report, by=cast["officer"], now=TODAY)
    assert offer_joint(report=turn.report, by=cast["officer"], now=TODAY) == offer
    withdraw_joint(offer=offer, by=cast["officer"], now=TODAY)
    assert not JointOffer.objects.exists()


def test_every_version_stays_readable_with_what_changed(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    turn = cast.send(assignment, "Đã kiểm tra 3 trạm")
    return_reports(
        judged=[turn.pk], points=[], text="Thiếu ảnh", redo_by=None, by=cast["guide"], now=TODAY
    )
    cast.send(assignment, "Đã kiểm tra 4 trạm")
    who = acting(cast["guide"], TODAY.date())
    newest, first = versions_of(assignment, reports_visible(who))
    assert [(piece.kind, piece.text) for piece in newest.text] == [
        ("same", "Đã kiểm tra "),
        ("removed", "3"),
        ("added", "4"),
        ("same", " trạm"),
    ]
    assert first.report.sent_by == cast["head"]
    assert [review.text for review in first.reviews] == ["Thiếu ảnh"]
    assert (newest.is_changed, len(newest.evidence), newest.added) == (True, 1, frozenset())


def test_a_draft_is_not_shown_to_other_units(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    cast.draft(assignment)
    assert versions_of(assignment, reports_visible(acting(cast["guide"], TODAY.date()))) == []
    own = versions_of(assignment, reports_visible(acting(cast["officer"], TODAY.date())))
    assert [one.report.sent_at for one in own] == [None]


def test_very_long_texts_are_shown_whole() -> None:
    before, after = "a " * 5000, "b " * 5000
    assert [piece.kind for piece in compared(before, after)] == ["removed", "added"]
    assert compared("", "") == ()
