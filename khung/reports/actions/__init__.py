"""What people do to reports: write, approve, send, judge."""

from khung.reports.actions.drafts import Written, save_draft
from khung.reports.actions.judging import (
    AlreadyJudged,
    Point,
    accept_reports,
    assign_reviewer,
    pass_on,
    reopen_report,
    return_reports,
)
from khung.reports.actions.sending import (
    Sending,
    approve_reports,
    send_reports,
    withdraw_report,
)

__all__ = [
    "AlreadyJudged",
    "Point",
    "Sending",
    "Written",
    "accept_reports",
    "approve_reports",
    "assign_reviewer",
    "pass_on",
    "reopen_report",
    "return_reports",
    "save_draft",
    "send_reports",
    "withdraw_report",
]
