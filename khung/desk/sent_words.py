"""What pages say of reports approved or sent together: how many, and why not the others."""

from django.contrib import messages
from django.utils.translation import gettext, ngettext

from khung.base.wording import number
from khung.desk.permissions import DeskRequest
from khung.reports.actions import Sending


def tell_sent(request: DeskRequest, result: Sending) -> None:
    """Says how many were sent, and groups the others by what holds them back."""
    n = len(result.sent)
    if n:
        said = ngettext("Đã gửi %(n)s báo cáo.", "Đã gửi %(n)s báo cáo.", n)
        messages.success(request, said % {"n": number(n)})
    tell_refused(request, result)


def tell_approved(request: DeskRequest, result: Sending) -> None:
    """Says how many were approved, and groups the others by what holds them back."""
    n = len(result.sent)
    if n:
        said = ngettext("Đã duyệt %(n)s báo cáo, chờ gửi.", "Đã duyệt %(n)s báo cáo, chờ gửi.", n)
        messages.success(request, said % {"n": number(n)})
    tell_refused(request, result)


def tell_refused(request: DeskRequest, result: Sending) -> None:
    """One message for each reason, with the numbers of the tasks it holds back."""
    tasks: dict[str, list[int]] = {}
    for report, reasons in result.refused:
        for reason in reasons:
            tasks.setdefault(reason, []).append(report.assignment.task_version.no)
    for reason, numbers in tasks.items():
        said = gettext("Chưa gửi nhiệm vụ %(tasks)s: %(reason)s")
        shown = ", ".join(map(str, sorted(numbers)))
        messages.warning(request, said % {"tasks": shown, "reason": gettext(reason)})
