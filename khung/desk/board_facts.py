"""The smaller figures of the board, each with what it means and where it leads."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from khung.base.wording import number, percent
from khung.desk.board_links import asking, list_address
from khung.desk.board_scope import Scope
from khung.difficulties.figures import OpenCounts, open_counts
from khung.reminders.board_letters import figures_of as letter_figures
from khung.reminders.letters.reading import ISSUED
from khung.reports.board_figures import figures_of
from khung.reports.judging_times import JudgingTimes, times, together
from khung.reports.models import SubtreeFigures
from khung.rules.freshness import FRESHNESS


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure: what it is of, the figure, what to know beside it, and its page.

    `leads_to` names a page that lists something else than the figure counts.
    """

    name: str
    shown: str
    note: str
    href: str = ""
    is_late: bool = False
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Light:
    """How many continuing duties have one freshness, and their list."""

    code: str
    n: str
    href: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All of them; `counted_at` is when the hourly ones were counted."""

    facts: list[Fact]
    lights: list[Light]
    counted_at: str


def facts_of(found: Scope, unit_ids: Sequence[int], today: dt.date) -> Facts:
    """The figures of a unit's subtree; `unit_ids` are it and those directly below. Fixed queries.

    Judging is that of all guides where the whole province is shown, else that of the unit itself.
    """
    figures = figures_of(found.period, [found.unit.pk]).get(found.unit.pk)
    judging = times(found.period, None if found.is_whole else [found.unit.pk], today=today)
    difficulties = open_counts(None if found.is_whole else unit_ids, today=today)
    told = [
        *_of_figures(found, figures),
        *_of_judging(found, together(judging.values())),
        _of_difficulties(difficulties),
        *_of_letters(found),
    ]
    at = localtime(figures.computed_at) if figures else None
    return Facts(told, _lights(found, figures), f"{at:%H:%M %d/%m/%Y}" if at else "")


def _of_figures(found: Scope, figures: SubtreeFigures | None) -> list[Fact]:
    if figures is None or not figures.units:
        return []
    href = f"{reverse('board_ranking')}{asking(unit=found.unit.pk, period=found.period.code)}"
    note = gettext("%(n)s/%(all)s đơn vị đã gửi ít nhất một báo cáo từ trước đến nay") % {
        "n": number(figures.units - figures.silent),
        "all": number(figures.units),
    }
    share = figures.reported_share
    first = Fact(gettext("Đã từng báo cáo"), percent(share or 0), note, href, bool(figures.silent))
    rate = figures.return_rate
    if rate is None:
        return [first]
    note = gettext("%(n)s trong %(all)s lần công nhận hoặc trả lại báo cáo kỳ này") % {
        "n": number(figures.returned),
        "all": number(figures.judged),
    }
    returned = list_address(unit=found.unit.pk, period=found.period.code, state="returned")
    # Work corrected since is in the rate, and in no list of what is returned now.
    now = gettext("Xem việc đang bị trả lại")
    return [first, Fact(gettext("Bị trả lại"), percent(rate), note, returned, leads_to=now)]


def _of_judging(found: Scope, judging: JudgingTimes) -> list[Fact]:
    if not judging.judged and not judging.open:
        return []
    page = "board_guides" if found.is_whole else ""
    href = f"{reverse(page)}{asking(period=found.period.code)}" if page else ""
    median = judging.median_days
    note = gettext("%(open)s đang chờ, %(late)s quá hạn thẩm định") % {
        "open": number(judging.open),
        "late": number(judging.overdue),
    }
    shown = "–" if median is None else gettext("%(n)s ngày làm việc") % {"n": number(median)}
    name = gettext("Thẩm định một báo cáo (trung vị)")
    return [Fact(name, shown, note, href, bool(judging.overdue))]


def _of_difficulties(counts: OpenCounts) -> Fact:
    note = gettext("%(late)s đã quá hạn trả lời hoặc giải quyết") % {
        "late": number(counts.too_long)
    }
    name = gettext("Khó khăn chưa giải quyết")
    return Fact(name, number(counts.open), note, reverse("difficulties"), bool(counts.too_long))


def _of_letters(found: Scope) -> list[Fact]:
    """What followed the letters of urging; those of a province are told where it is shown whole."""
    counted = letter_figures(found.period) if found.is_whole else None
    if counted is None or not counted.letters:
        return []
    note = gettext(
        "%(soon)s/%(tasks)s nhiệm vụ được báo cáo trong 5 ngày làm việc, %(later)s trong 10 ngày; "
        "tính lúc %(at)s"
    ) % {
        "soon": number(counted.soon),
        "later": number(counted.later),
        "tasks": number(counted.tasks),
        "at": f"{localtime(counted.computed_at):%H:%M %d/%m/%Y}",
    }
    name = gettext("Công văn đôn đốc đã phát hành")
    href = f"{reverse('letters')}{asking(period=found.period.code, state=ISSUED)}"
    return [Fact(name, number(counted.letters), note, href)]


def _lights(found: Scope, figures: SubtreeFigures | None) -> list[Light]:
    if figures is None or not any(figures.lights.values()):
        return []
    return [
        Light(
            code,
            number(figures.lights[code]),
            list_address(unit=found.unit.pk, period=found.period.code, light=code),
        )
        for code in FRESHNESS
    ]
