"""How the lists of occasions and of proposed exemptions read as files."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils.timezone import localtime
from django.utils.translation import gettext

from khung.assignments.calendar import working_calendar
from khung.assignments.models import Occasion
from khung.base import clock
from khung.base.wording import period_name
from khung.desk.rows import rows
from khung.reports.models import ExemptionProposal
from khung.rules.timing import OCCASIONS


def occasion_columns() -> list[str]:
    """The head of the list of occasions."""
    return [
        gettext("Sự kiện"),
        gettext("Loại"),
        gettext("Từ ngày"),
        gettext("Đến ngày"),
        gettext("Tình trạng"),
        gettext("Nhiệm vụ được giao"),
    ]


def occasion_cells(found: Sequence[Occasion]) -> Iterator[Sequence[object]]:
    """Occasions, counted as `made`, under `occasion_columns`."""
    today = clock.today()
    for one in found:
        yield (
            one.title,
            gettext(OCCASIONS.get(one.kind, one.kind)),
            one.starts_on,
            one.ends_on,
            _stands(one, today),
            one.made,  # type: ignore[attr-defined]
        )


def _stands(occasion: Occasion, today: dt.date) -> str:
    """Where an occasion stands, in the words of `coordination/occasion_status.html`."""
    if occasion.closed_at:
        return gettext("đã kết thúc")
    if occasion.ends_on < today:
        return gettext("đã qua, chưa đóng")
    return gettext("sắp diễn ra") if occasion.starts_on > today else gettext("đang diễn ra")


def proposal_columns() -> list[str]:
    """The head of the list of proposed exemptions."""
    return [
        gettext("Nhiệm vụ số"),
        gettext("Nhiệm vụ"),
        gettext("Kỳ"),
        gettext("Đơn vị được miễn"),
        gettext("Lý do"),
        gettext("Đơn vị đề nghị"),
        gettext("Người đề nghị"),
        gettext("Ngày đề nghị"),
        gettext("Trả lời"),
        gettext("Ý kiến trả lời"),
        gettext("Người trả lời"),
        gettext("Ngày trả lời"),
    ]


def proposal_cells(found: Sequence[ExemptionProposal]) -> Iterator[Sequence[object]]:
    """Proposals under `proposal_columns`."""
    words = rows([one.assignment for one in found], working_calendar(), clock.today())
    answers = {
        None: gettext("chờ trả lời"),
        True: gettext("Đã miễn"),
        False: gettext("Không đồng ý"),
    }
    for one, row in zip(found, words, strict=True):
        yield (
            row.assignment.task_version.no,
            row.task.title,
            period_name(row.assignment.counts_in.code),
            row.unit,
            one.reason,
            one.by_unit.name,
            one.proposed_by.full_name,
            localtime(one.proposed_at).date(),
            answers[one.is_granted],
            one.answer,
            one.answered_by.full_name if one.answered_by else "",
            localtime(one.answered_at).date() if one.answered_at else None,
        )
