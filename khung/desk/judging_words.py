"""What a way of judging means, in words."""

from django.utils.translation import gettext, ngettext

from khung.base.wording import number
from khung.reports.models import JudgingPlan
from khung.reports.turns import WORKING_DAYS
from khung.rules import sampling
from khung.rules.sampling import Plan


def plan_of(found: JudgingPlan | None) -> Plan:
    """The plan in force, else what holds without one: the judge reads everything."""
    if found is None:
        return Plan(working_days=WORKING_DAYS)
    return Plan(
        way=found.way,
        share=found.share,
        seed=found.seed,
        superior_first=found.superior_first,
        working_days=found.working_days,
    )


def effect(plan: Plan) -> str:
    """What becomes of the reports, in a sentence or two."""
    said = [_way(plan)]
    if plan.superior_first:
        said.append(gettext("Cấp trên trực tiếp xem xét bước đầu, khi cấp ấy còn hoạt động."))
    days = ngettext(
        "Mỗi lượt có %(n)s ngày làm việc.", "Mỗi lượt có %(n)s ngày làm việc.", plan.working_days
    )
    return " ".join([*said, days % {"n": plan.working_days}])


def _way(plan: Plan) -> str:
    if plan.way == sampling.CONSOLIDATED:
        return gettext(
            "Báo cáo của các đơn vị được đọc cạnh nhau theo từng nhiệm vụ, một ý kiến cho các báo "
            "cáo giống nhau."
        )
    if plan.way == sampling.SAMPLED:
        return gettext(
            "%(part)s báo cáo được đọc; báo cáo lần đầu, quá hạn, sửa lại luôn được đọc. Báo cáo "
            "không được đọc giữ “đã báo cáo, chưa thẩm định”, không tính là công nhận."
        ) % {"part": _part(plan.share)}
    return gettext("Mọi báo cáo được đọc từng cái.")


def _part(share: int) -> str:
    parts = sampling.one_in(share)
    if parts is None:
        return gettext("Khoảng %(n)s%%") % {"n": number(share)}
    return gettext("Khoảng 1 phần %(n)s") % {"n": parts}


def short(plan: Plan) -> str:
    """The same for a cell of a table: "mẫu 20%, 10 ngày"."""
    ways = {
        sampling.FULL: gettext("tất cả"),
        sampling.SAMPLED: gettext("mẫu %(n)s%%") % {"n": plan.share},
        sampling.CONSOLIDATED: gettext("gộp"),
    }
    said = gettext("%(way)s, %(n)s ngày") % {"way": ways[plan.way], "n": plan.working_days}
    return gettext("%(said)s, cấp trên xem trước") % {"said": said} if plan.superior_first else said
