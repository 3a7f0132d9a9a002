"""The unit's own paper report of a period: drafted from what was sent, closed once signed."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.models import Period
from khung.base import files
from khung.base.audit import record
from khung.base.versions import StaleRecord, claim
from khung.orgs.acting import require_in
from khung.orgs.models import Person, Unit
from khung.reports.models import CoveringReport, Report
from khung.reports.uploads import Prepared
from khung.rules.permissions import Permission

PDF = "application/pdf"


class NotToCover(Exception):
    """There is nothing to cover yet, or the data can't be so; `field` is where, "" for the whole.

    The message is for the person who tried.
    """

    def __init__(self, said: str, field: str = "") -> None:
        self.field = field
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Issued:
    """What the clerk recorded when the paper report was issued."""

    number: str
    issued_on: dt.date
    signer: str
    signed: Prepared


@transaction.atomic
def draft_covering(*, unit: Unit, period: Period, by: Person, now: dt.datetime) -> CoveringReport:
    """Begins the paper report of a period, or begins its draft anew from what is sent by now.

    Raises NotToCover where nothing was sent, StaleRecord once it is closed, PermissionDenied for
    other units' people.
    """
    require_in(by, Permission.SUBMIT_REPORT, unit, timezone.localdate(now))
    sent = Report.objects.filter(
        assignment__unit=unit, assignment__counts_in=period, sent_at__isnull=False
    )
    if not sent.exists():
        raise NotToCover(gettext("Chưa gửi báo cáo nhiệm vụ nào của kỳ này."))
    found, made = CoveringReport.objects.select_for_update().get_or_create(
        unit=unit, period=period, defaults={"drafted_by": by, "drafted_at": now}
    )
    if found.closed_at is not None:
        raise StaleRecord(found)
    if not made:
        found.drafted_by, found.drafted_at = by, now
        found.save(update_fields=["drafted_by", "drafted_at"])
    record(
        by=by,
        now=now,
        verb="covering.drafted",
        subject=f"unit:{unit.pk}",
        data={"code": period.code},
    )
    return found


@transaction.atomic
def close_covering(
    *, covering: CoveringReport, issued: Issued, version: int, by: Person, now: dt.datetime
) -> CoveringReport:
    """Records the number, the date, the signer and the signed file; nothing changes after that.

    Raises StaleRecord where somebody closed it since, NotToCover for a date in the future or
    before the period's data begin, a file that is no PDF, or a number the unit's other report of
    the year bears, PermissionDenied.
    """
    today = timezone.localdate(now)
    require_in(by, Permission.SUBMIT_REPORT, covering.unit, today)
    current = claim(covering, version)
    if current.closed_at is not None:
        raise StaleRecord(current)
    _check(current, issued, today)
    current.number, current.issued_on, current.signer = (
        issued.number,
        issued.issued_on,
        issued.signer,
    )
    signed = issued.signed
    current.signed_file = files.keep(
        signed.written, name=signed.name, content_type=signed.content_type, now=now
    )
    current.closed_by, current.closed_at = by, now
    current.save(
        update_fields=["number", "issued_on", "signer", "signed_file", "closed_by", "closed_at"]
    )
    record(
        by=by,
        now=now,
        verb="covering.closed",
        subject=f"unit:{current.unit_id}",
        data={
            "code": current.period.code,
            "number": issued.number,
            "issued_on": issued.issued_on.isoformat(),
            "signer": issued.signer,
            "sha256": current.signed_file.sha256,
        },
    )
    return current


def _check(current: CoveringReport, issued: Issued, today: dt.date) -> None:
    if issued.signed.content_type != PDF:
        raise NotToCover(gettext("Văn bản đã ký phải là tệp PDF."), "signed_file")
    if issued.issued_on > today:
        raise NotToCover(gettext("Ngày ban hành không thể sau hôm nay."), "issued_on")
    if issued.issued_on < current.period.data_from:
        raise NotToCover(
            gettext("Ngày ban hành không thể trước ngày đầu của số liệu trong kỳ (%(day)s).")
            % {"day": f"{current.period.data_from:%d/%m/%Y}"},
            "issued_on",
        )
    same = CoveringReport.objects.filter(
        unit=current.unit_id, number=issued.number, issued_on__year=issued.issued_on.year
    ).exclude(pk=current.pk)
    if same.exists():
        raise NotToCover(
            gettext("Số này đã ghi cho báo cáo kỳ khác của đơn vị trong năm; xem lại số."), "number"
        )
