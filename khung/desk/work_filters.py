"""What the filters above a list of assignments show, the same on every such list."""

from typing import Any

from django.utils.translation import gettext

from khung.assignments.models import Period
from khung.assignments.work import Wanted
from khung.base.wording import dimension_name, period_name
from khung.desk import asked
from khung.desk.permissions import DeskRequest
from khung.rules.taxonomy import DIMENSIONS
from khung.rules.workflow import STATES


def work_filters(request: DeskRequest, period: Period, wanted: Wanted) -> dict[str, Any]:
    """The choices, and the sentence of those in force, for desk/work_filters.html."""
    return {
        "period": period,
        "periods": asked.opened(request),
        "wanted": wanted,
        "narrowed_to": _narrowed_to(period, wanted),
        "dimensions": [(one.no, dimension_name(one.no)) for one in DIMENSIONS],
        "states": [(code, gettext(label)) for code, label in STATES.items()],
    }


def _narrowed_to(period: Period, wanted: Wanted) -> list[tuple[str, str]]:
    """The filters in force, read as one sentence."""
    everything = gettext("tất cả")
    parts = [
        (gettext("Kỳ"), period_name(period.code)),
        (gettext("Nội dung"), str(wanted.dimension or everything)),
        (gettext("Trạng thái"), gettext(STATES[wanted.state]) if wanted.state else everything),
    ]
    if wanted.is_overdue:
        parts.append((gettext("Thời hạn"), gettext("quá hạn")))
    if wanted.words:
        parts.append((gettext("Có chữ"), wanted.words))
    return parts
