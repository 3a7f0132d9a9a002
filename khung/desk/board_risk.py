"""The risk of missing as the board says it: from a unit's figures to points and words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from khung.assignments import rollup
from khung.assignments.board import Board, BoardRow, Tally
from khung.assignments.calendar import working_calendar
from khung.assignments.models import OPEN_STATES, Period, PeriodDeadline
from khung.assignments.ranking import Standing, before
from khung.base.wording import number, percent
from khung.desk.board_links import board_address
from khung.reports.board_figures import figures_of
from khung.reports.models import SubtreeFigures
from khung.rules.risk import REASONS, Facts, Reason, Risk, risk

# Reasons that are told; the others weigh little.
TOLD = 3
# How many of the riskiest a board names, and the level that is never ranked.
NAMED, VILLAGE = 5, "village"
# From so many points on a unit is worth a call today, or a look this week.
HIGH, SOME = 45, 20


@dataclass(frozen=True, slots=True)
class Told:
    """A risk as a page says it."""

    risk: Risk
    href: str

    @property
    def degree(self) -> str:
        return degree(self.risk)

    @property
    def degree_label(self) -> str:
        return degree_label(self.degree)

    @property
    def reasons(self) -> str:
        return reasons(self.risk)


def days_left(period: Period, level: str, today: dt.date) -> int:
    """Working days to the date a level's reports are timely; a period without one counts to its
    end. One query."""
    deadline = PeriodDeadline.objects.filter(period=period, level=level).first()
    due_on = deadline.timely_on if deadline else period.ends_on
    return working_calendar().left(today, due_on)


def risks(
    found: Sequence[Standing], left: int, figures: Mapping[int, SubtreeFigures]
) -> dict[int, Risk]:
    """The risk of each unit, by its id. `left` is in working days."""
    return {
        it.unit.pk: risk(facts(it.now, left, it.late_share, figures.get(it.unit.pk)))
        for it in found
    }


def riskiest(found: Board, today: dt.date) -> list[tuple[BoardRow, Told]]:
    """The rows of a board, those that risk most first; villages keep to the end, unranked."""
    rows = [row for row in found.rows if row.unit.level != VILLAGE]
    ids = [row.unit.pk for row in rows]
    standings = {row.unit.pk: Standing(row.unit, row.total) for row in rows}
    for one in rollup.counts_over(before(found.period), ids, by="whole"):
        standings[one.unit_id].past.add(one.state, one.is_late, one.n)
    figures = figures_of(found.period, ids)
    due = {it.level: it.timely_on for it in PeriodDeadline.objects.filter(period=found.period)}
    calendar = working_calendar()
    told = [
        (
            row,
            Told(
                risk(
                    facts(
                        row.total,
                        calendar.left(today, due.get(row.unit.level, found.period.ends_on)),
                        standings[row.unit.pk].late_share,
                        figures.get(row.unit.pk),
                    )
                ),
                board_address(unit=row.unit.pk, period=found.period.code),
            ),
        )
        for row in rows
    ]
    return sorted(told, key=lambda it: -it[1].risk.points)


def facts(
    tally: Tally, left: int, late_share: float | None, figures: SubtreeFigures | None
) -> Facts:
    """What the rule wants to know. Without hourly figures a unit is taken to have reported."""
    never = figures is not None and figures.units > 0 and figures.silent == figures.units
    return Facts(
        counted=tally.counted,
        open=sum(tally.state(state) for state in OPEN_STATES),
        overdue=tally.overdue,
        returned=tally.state("returned"),
        days_left=left,
        late_share=late_share,
        has_reported=not never or tally.reported > 0,
    )


def reasons(found: Risk) -> str:
    """The heaviest reasons as one sentence: "còn 80% chưa báo cáo, 3 ngày làm việc; …"."""
    return "; ".join(_told(one) for one in found.reasons[:TOLD])


def degree(found: Risk) -> str:
    """How pressing: "high", "some" or "low"."""
    return "high" if found.points >= HIGH else "some" if found.points >= SOME else "low"


def degree_label(name: str) -> str:
    """How a degree reads."""
    labels = {"high": gettext("cao"), "some": gettext("vừa"), "low": gettext("thấp")}
    return labels[name]


def _told(reason: Reason) -> str:
    return gettext(REASONS[reason.code]).format(
        n=number(reason.n), share=percent(reason.share), left=number(max(reason.left, 0))
    )
