"""Exemptions: proposed by the unit or its guide, granted or refused by the coordinator."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from khung.assignments.models import Assignment, Exemption
from khung.base.versions import StaleRecord
from khung.reports.actions.exemptions import (
    NotProposed,
    answer_exemption,
    propose_exemption,
    restore_exempted,
    withdraw_proposal,
)
from khung.reports.models import ExemptionProposal
from khung.rules.workflow import NotAllowed
from tests.assignments.scene import person
from tests.cast import TODAY, Cast


def test_an_exemption_is_proposed_and_granted_with_who_when_and_why(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    proposal = propose_exemption(
        assignment=assignment, reason="Xã không có trạm y tế", by=cast["officer"], now=TODAY
    )
    with pytest.raises(NotProposed, match="đang chờ trả lời"):
        propose_exemption(assignment=assignment, reason="Nữa", by=cast["guide"], now=TODAY)
    with pytest.raises(PermissionDenied):
        answer_exemption(
            proposal=proposal,
            is_granted=True,
            answer="",
            version=proposal.version,
            by=cast["head"],
            now=TODAY,
        )
    answer_exemption(
        proposal=proposal,
        is_granted=True,
        answer="",
        version=proposal.version,
        by=cast["coordinator"],
        now=TODAY,
    )
    granted = Exemption.objects.get(assignment=assignment)
    assert (granted.granted_by, granted.granted_at) == (cast["coordinator"], TODAY)
    assert granted.reason == "Xã không có trạm y tế"
    assert Assignment.objects.get(pk=assignment.pk).state == "exempt"
    with pytest.raises(StaleRecord):
        answer_exemption(
            proposal=proposal,
            is_granted=False,
            answer="Không",
            version=proposal.version,
            by=cast["coordinator"],
            now=TODAY,
        )
    exempt = Assignment.objects.get(pk=assignment.pk)
    restored = restore_exempted(
        assignment=exempt, version=exempt.version, by=cast["coordinator"], now=TODAY
    )
    assert restored.state == "not_started"


def test_a_refusal_says_why_and_leaves_the_work_as_it_was(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    proposal = propose_exemption(assignment=assignment, reason="Bận", by=cast["guide"], now=TODAY)
    assert proposal.by_unit == cast.scene.units["health"]

    def refuse(answer: str) -> None:
        answer_exemption(
            proposal=proposal,
            is_granted=False,
            answer=answer,
            version=1,
            by=cast["coordinator"],
            now=TODAY,
        )

    with pytest.raises(ValueError, match="lý do"):
        refuse(" ")
    proposal.refresh_from_db()
    assert (proposal.version, proposal.answered_at) == (1, None)
    refuse("Không thuộc trường hợp miễn")
    assert Assignment.objects.get(pk=assignment.pk).state == "not_started"


def test_a_reason_that_would_be_cut_is_refused(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    with pytest.raises(NotProposed, match="Lý do miễn dài 501 ký tự, nhiều nhất là 500"):
        propose_exemption(assignment=assignment, reason="x" * 501, by=cast["officer"], now=TODAY)
    proposal = propose_exemption(
        assignment=assignment, reason="x" * 500, by=cast["officer"], now=TODAY
    )
    # One kept since longer ones were taken is answered, not granted in part.
    ExemptionProposal.objects.filter(pk=proposal.pk).update(reason="x" * 501)
    answer = {"answer": "Đề nghị lại", "version": 1, "by": cast["coordinator"], "now": TODAY}
    with pytest.raises(NotProposed):
        answer_exemption(proposal=proposal, is_granted=True, **answer)  # type: ignore[arg-type]
    address = reverse("answer_exemption", args=[proposal.pk])
    said = {"is_granted": "True", "answer": "", "version": 1}
    refused = cast.client("coordinator").post(address, said)
    assert refused.status_code == 409
    assert "Hãy rút gọn" in refused.content.decode()
    assert not Exemption.objects.exists()
    answer_exemption(proposal=proposal, is_granted=False, **answer)  # type: ignore[arg-type]
    assert Assignment.objects.get(pk=assignment.pk).state == "not_started"


def test_who_may_propose_and_withdraw(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    with pytest.raises(PermissionDenied):
        propose_exemption(
            assignment=assignment,
            reason="x",
            by=person("officer", cast.scene.units["west1"]),
            now=TODAY,
        )
    proposal = propose_exemption(assignment=assignment, reason="x", by=cast["officer"], now=TODAY)
    with pytest.raises(PermissionDenied):
        withdraw_proposal(proposal=proposal, version=1, by=cast["guide"], now=TODAY)
    withdraw_proposal(proposal=proposal, version=1, by=cast["head"], now=TODAY)
    assert not ExemptionProposal.objects.exists()


def test_nothing_is_exempted_once_its_report_is_in(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    proposal = propose_exemption(assignment=assignment, reason="x", by=cast["officer"], now=TODAY)
    cast.send(assignment)
    with pytest.raises(NotAllowed):
        answer_exemption(
            proposal=proposal,
            is_granted=True,
            answer="",
            version=1,
            by=cast["coordinator"],
            now=TODAY,
        )
    proposal.refresh_from_db()
    assert proposal.answered_at is None
    with pytest.raises(NotProposed, match="chưa thẩm định"):
        propose_exemption(assignment=assignment, reason="x", by=cast["officer"], now=TODAY)
