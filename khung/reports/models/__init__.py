"""What units say they did, what proves it, and how it was judged."""

from khung.reports.models.figures import GuideFigures, SubtreeFigures
from khung.reports.models.judged import (
    CompulsoryMethod,
    JudgingCount,
    JudgingPlan,
    Remark,
    ReturnReason,
    Review,
    ReviewTurn,
)
from khung.reports.models.unit_side import (
    CoveringReport,
    ExemptionProposal,
    JointOffer,
    ReportingHabit,
    Share,
)
from khung.reports.models.villages import (
    VillageLink,
    VillageSending,
)
from khung.reports.models.written import (
    Evidence,
    EvidenceUse,
    Occurrence,
    Report,
)

__all__ = [
    "CompulsoryMethod",
    "CoveringReport",
    "Evidence",
    "EvidenceUse",
    "ExemptionProposal",
    "GuideFigures",
    "JointOffer",
    "JudgingCount",
    "JudgingPlan",
    "Occurrence",
    "Remark",
    "Report",
    "ReportingHabit",
    "ReturnReason",
    "Review",
    "ReviewTurn",
    "Share",
    "SubtreeFigures",
    "VillageLink",
    "VillageSending",
]
