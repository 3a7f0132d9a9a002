"""What people do to reports: write, approve, send, judge."""

from khung.reports.actions.copying import (
    AlreadyWritten,
    NothingToCopy,
    copy_last,
    copy_last_of_all,
)
from khung.reports.actions.drafts import Written, begin_draft, mark_ready, save_draft
from khung.reports.actions.judging import (
    AlreadyJudged,
    Point,
    accept_reports,
    assign_reviewer,
    pass_on,
    reopen_report,
    return_reports,
)
from khung.reports.actions.occurrences import (
    WrongOccurrence,
    record_occurrence,
    withdraw_occurrence,
)
from khung.reports.actions.sending import (
    Sending,
    approve_reports,
    send_reports,
    withdraw_report,
)

__all__ = [
    "AlreadyJudged",
    "AlreadyWritten",
    "NothingToCopy",
    "Point",
    "Sending",
    "Written",
    "WrongOccurrence",
    "accept_reports",
    "approve_reports",
    "assign_reviewer",
    "begin_draft",
    "copy_last",
    "copy_last_of_all",
    "mark_ready",
    "pass_on",
    "record_occurrence",
    "reopen_report",
    "return_reports",
    "save_draft",
    "send_reports",
    "withdraw_occurrence",
    "withdraw_report",
]
