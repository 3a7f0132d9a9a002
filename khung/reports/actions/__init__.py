"""What people do to reports: write, approve, send, judge."""

from khung.reports.actions.copying import (
    AlreadyWritten,
    NothingToCopy,
    copy_last,
    copy_last_of_all,
)
from khung.reports.actions.drafts import (
    Written,
    begin_draft,
    mark_ready,
    save_and_send,
    save_draft,
)
from khung.reports.actions.evidence import (
    Added,
    Fixed,
    Said,
    TooMany,
    add_evidence,
    carry_over,
    change_evidence,
    remove_evidence,
    reuse_evidence,
)
from khung.reports.actions.figures import Brought, FiguresNotTaken, import_figures
from khung.reports.actions.judging import (
    AlreadyJudged,
    NotAlike,
    NotJudged,
    Point,
    accept_reports,
    pass_on,
    reopen_report,
    return_reports,
)
from khung.reports.actions.leave import revoke_leave
from khung.reports.actions.occurrences import (
    WrongOccurrence,
    record_occurrence,
    withdraw_occurrence,
)
from khung.reports.actions.plans import PlanChanged, set_judging_plan
from khung.reports.actions.reasons import (
    ReasonKnown,
    add_proposed_reasons,
    add_reason,
    order_reasons,
    retire_reason,
    reword_reason,
)
from khung.reports.actions.records import Attached, MadeRecord, attach_record, withdraw_record
from khung.reports.actions.reviewers import NoReviewer, assign_reviewer, mark_compulsory
from khung.reports.actions.sending import (
    NotTheirs,
    Sending,
    approve_reports,
    send_reports,
    withdraw_report,
)
from khung.reports.actions.spreadsheets import NotTaken, Taken, take_spreadsheet

__all__ = [
    "Added",
    "AlreadyJudged",
    "AlreadyWritten",
    "Attached",
    "Brought",
    "FiguresNotTaken",
    "Fixed",
    "MadeRecord",
    "NoReviewer",
    "NotAlike",
    "NotJudged",
    "NotTaken",
    "NotTheirs",
    "NothingToCopy",
    "PlanChanged",
    "Point",
    "ReasonKnown",
    "Said",
    "Sending",
    "Taken",
    "TooMany",
    "Written",
    "WrongOccurrence",
    "accept_reports",
    "add_evidence",
    "add_proposed_reasons",
    "add_reason",
    "approve_reports",
    "assign_reviewer",
    "attach_record",
    "begin_draft",
    "carry_over",
    "change_evidence",
    "copy_last",
    "copy_last_of_all",
    "import_figures",
    "mark_compulsory",
    "mark_ready",
    "order_reasons",
    "pass_on",
    "record_occurrence",
    "remove_evidence",
    "reopen_report",
    "retire_reason",
    "return_reports",
    "reuse_evidence",
    "revoke_leave",
    "reword_reason",
    "save_and_send",
    "save_draft",
    "send_reports",
    "set_judging_plan",
    "take_spreadsheet",
    "withdraw_occurrence",
    "withdraw_record",
    "withdraw_report",
]
