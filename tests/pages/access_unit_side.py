"""What the pages of a unit's own order are about, for the table of who is served."""

from typing import Any

from khung.assignments.actions import grant_lock_exception
from khung.base import files
from khung.reports.actions.exemptions import answer_exemption, propose_exemption
from khung.reports.models import CoveringReport, ExemptionProposal
from tests.cast import TODAY, Cast


def a_proposal(cast: Cast) -> dict[str, Any]:
    proposal = propose_exemption(
        assignment=cast.scene.assignment("east1", 2), reason="Thử", by=cast["officer"], now=TODAY
    )
    return {"pk": proposal.pk}


def an_exempted(cast: Cast) -> dict[str, Any]:
    pk = a_proposal(cast)["pk"]
    proposal = answer_exemption(
        proposal=ExemptionProposal.objects.get(pk=pk),
        is_granted=True,
        answer="",
        version=1,
        by=cast["coordinator"],
        now=TODAY,
    )
    return {"pk": proposal.assignment_id}


def a_leave(cast: Cast) -> dict[str, Any]:
    leave = grant_lock_exception(
        unit=cast.scene.units["east1"],
        period=cast.scene.period("2025-Q1"),
        open_until=TODAY.date().replace(month=6),
        reason="Thử",
        document_number="1/SNV",
        by=cast["coordinator"],
        now=TODAY,
    )
    return {"pk": leave.pk}


def a_signed_paper(cast: Cast) -> dict[str, Any]:
    paper = CoveringReport.objects.create(
        unit=cast.scene.units["east1"],
        period=cast.scene.period("2025-Q1"),
        drafted_by=cast["officer"],
        drafted_at=TODAY,
        closed_by=cast["officer"],
        closed_at=TODAY,
        signed_file=files.store(b"%PDF-1.7", name="b.pdf", now=TODAY),
    )
    return {"pk": paper.pk}
