"""What the templates of the framework's and the coordinator's pages say with."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from khung.assignments.models import Period
from khung.base.wording import number
from khung.desk.doubt_labels import doubt_label
from khung.frameworks.models import Framework, PhraseMeaning, TaskItem
from khung.reports.drafting import gap_words
from khung.rules.actors import LEVELS
from khung.rules.freshness import FRESHNESS
from khung.rules.permissions import ROLES
from khung.rules.timing import OCCASIONS

register = template.Library()
register.filter(doubt_label)
register.filter(gap_words)


@register.simple_tag
def freshness_light(code: str) -> SafeString:
    """The freshness of a continuing duty: as many bars as it is fresh, and the word."""
    lit = len(FRESHNESS) - 1 - list(FRESHNESS).index(code)
    bars = "".join(
        f'<rect class="{"lit" if n < lit else "unlit"}" x="{n * 4}" y="{8 - n * 3}" '
        f'width="3" height="{4 + n * 3}"/>'
        for n in range(len(FRESHNESS) - 1)
    )
    drawn = SafeString(
        f'<svg class="bars-mark" viewBox="0 0 11 12" aria-hidden="true">{bars}</svg>'
    )
    return format_html('<span class="fresh {}">{}{}</span>', code, drawn, gettext(FRESHNESS[code]))


@register.filter
def words(items: Iterable[TaskItem]) -> str:
    """The items of a cell in one line, "; " between them."""
    return "; ".join(item.words for item in items)


@register.filter
def at(mapping: Mapping[Any, Any], key: Any) -> Any:
    """The value of a key, or None."""
    return mapping.get(key)


@register.filter
def level_name(level: str) -> str:
    """A level of government in lower case: "xã"."""
    return gettext(LEVELS.get(level, level)).lower()


@register.filter
def status_name(status: str) -> str:
    """Where a version of the framework stands: "đang có hiệu lực"."""
    names = {
        Framework.Status.DRAFT: gettext("dự thảo"),
        Framework.Status.IN_FORCE: gettext("đang có hiệu lực"),
        Framework.Status.SUPERSEDED: gettext("đã được thay thế"),
    }
    return names[Framework.Status(status)]


@register.filter
def role_name(role: str) -> str:
    """Which question a settled phrase answers: "thực hiện"."""
    names = {
        PhraseMeaning.Role.GUIDING: gettext("hướng dẫn, kiểm tra"),
        PhraseMeaning.Role.IMPLEMENTING: gettext("thực hiện"),
        PhraseMeaning.Role.JUDGING: gettext("thẩm định"),
    }
    return names[PhraseMeaning.Role(role)]


@register.filter
def held_role(code: str) -> str:
    """What a role a person holds is called: "Công chức thực hiện"."""
    return gettext(ROLES[code].name) if code in ROLES else code


@register.filter
def occasion_kind(kind: str) -> str:
    """What a kind of occasion is called."""
    return gettext(OCCASIONS.get(kind, kind))


@register.filter
def by_level(levels: Mapping[str, int]) -> str:
    """Units counted by level: "139 cấp xã, 9 cấp huyện"."""
    return ", ".join(
        gettext("%(n)s cấp %(level)s") % {"n": number(n), "level": level_name(level)}
        for level, n in levels.items()
    )


@register.filter
def sum_of(levels: Mapping[str, int]) -> int:
    """The units of all levels together."""
    return sum(levels.values())


@register.filter(expects_localtime=True)
def moment(at: dt.datetime) -> str:
    """A moment in the installation's time zone: "14:02 ngày 15/10/2025"."""
    return gettext("%(time)s ngày %(day)s") % {"time": f"{at:%H:%M}", "day": f"{at:%d/%m/%Y}"}


@register.filter
def span_of(period: Period, edge: str) -> str:
    """The first and the last of a period's deadlines of one kind, as they differ by level."""
    days = [getattr(deadline, edge) for deadline in period.deadlines.all()]
    if not days:
        return ""
    first, last = min(days), max(days)
    return f"{first:%d/%m/%Y}" if first == last else f"{first:%d/%m} – {last:%d/%m/%Y}"


@register.filter
def iso_day(text: str) -> str:
    """A day as the audit trail keeps it, as readers want it: "01/10/2025"."""
    return f"{dt.date.fromisoformat(text):%d/%m/%Y}"
