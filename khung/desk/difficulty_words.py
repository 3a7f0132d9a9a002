"""Difficulties as pages say them: whom one waits for, since when, and the stops of its way."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from khung.base.templatetags.khung import short_date
from khung.base.wording import days_left, number
from khung.desk.pressing import Pressing
from khung.difficulties.models import Difficulty, DifficultyStep
from khung.difficulties.routing import Ladder, later_stops
from khung.orgs.models import PEOPLE_COMMITTEE, Unit
from khung.rules import routing
from khung.rules.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Row(Pressing):
    """One difficulty of a list; `left` is None once it is settled."""

    it: Difficulty
    left: int | None
    days: int
    held_days: int

    @property
    def held(self) -> str:
        """How long whoever it waits for has had it."""
        return working_days(self.held_days)

    @property
    def waits_for(self) -> str:
        return waits_for(self.it)

    @property
    def since_raised(self) -> str:
        """How long ago it was raised, or how long it took."""
        return working_days(self.days)

    @property
    def advice(self) -> DifficultyStep | None:
        """What the last stop said that sent it on; read with its steps."""
        said = [step for step in self.it.steps.all() if step.action and step.text]
        return said[-1] if said else None


@dataclass(frozen=True, slots=True)
class Rung(Pressing):
    """A stop on the way as drawn: passed, where it waits now, or still above."""

    unit: str
    stage: str
    when: str
    days: int = 0
    left: int | None = None
    step: DifficultyStep | None = None

    @property
    def held(self) -> str:
        """How long the stop took, or has taken so far."""
        return working_days(self.days)


def office(unit: Unit) -> str:
    """A unit as somebody to be asked: a province is its People's Committee."""
    if unit.kind == PEOPLE_COMMITTEE and unit.level == "province":
        return gettext("UBND %(name)s") % {"name": f"{unit.name[:1].lower()}{unit.name[1:]}"}
    return unit.name


def waits_for(it: Difficulty) -> str:
    """Whom it waits for, and for what: "Sở Y tế trả lời"; "" once it is settled."""
    patterns = {
        routing.WAITING: gettext("%(unit)s trả lời"),
        routing.DECIDED: gettext("%(unit)s thực hiện"),
        routing.ANSWERED: gettext("%(unit)s xác nhận"),
    }
    pattern = patterns.get(it.state)
    return pattern % {"unit": office(it.holder)} if pattern else ""


def working_days(n: int) -> str:
    """A length of time: "trong ngày", "3 ngày làm việc"."""
    if n <= 0:
        return gettext("trong ngày")
    said = ngettext("%(n)s ngày làm việc", "%(n)s ngày làm việc", n)
    return said % {"n": number(n)}


def rows(found: Iterable[Difficulty], calendar: WorkingCalendar, today: dt.date) -> list[Row]:
    """Difficulties read with their units, ready to be shown."""
    return [
        Row(
            it,
            calendar.left(today, it.due_on) if it.is_open else None,
            calendar.left(_day(it.raised_at), today if it.is_open else _day(it.waits_since)),
            calendar.left(_day(it.waits_since), today),
        )
        for it in found
    ]


def finding(it: Difficulty, left: int | None) -> str:
    """The first thing to know of a difficulty, for the head of its page."""
    if it.state == routing.CONFIRMED:
        return gettext("Đã giải quyết, %(unit)s đã xác nhận") % {"unit": it.unit.name}
    if it.state == routing.WITHDRAWN:
        return gettext("%(unit)s đã rút lại") % {"unit": it.unit.name}
    said = gettext("Chờ %(who)s") % {"who": waits_for(it)}
    return said if left is None else f"{said}, {days_left(left)}"


def rungs(
    it: Difficulty, ladder: Ladder, calendar: WorkingCalendar, now: dt.datetime
) -> list[Rung]:
    """The way so far and, while somebody is still asked, the stops it may yet go to."""
    today = now.date()
    found = [_rung(it, step, calendar, today) for step in it.steps.all()]
    if it.state != routing.WAITING:
        return found
    return found + [
        Rung(
            office(ladder.unit(stop)),
            _beside(stop.stage),
            "next",
            days=routing.clock_on(stop.stage, today),
        )
        for stop in later_stops(it, ladder)
    ]


def _rung(it: Difficulty, step: DifficultyStep, calendar: WorkingCalendar, today: dt.date) -> Rung:
    left_on = _day(step.left_at) if step.left_at else today
    return Rung(
        office(step.unit),
        _beside(step.stage) if step.stage else _turn(it, step),
        "past" if step.left_at else "now",
        days=calendar.left(_day(step.arrived_at), left_on),
        left=None if step.left_at else calendar.left(today, step.due_on),
        step=step,
    )


def stop_words(stage: str, name: str, today: dt.date) -> str:
    """A stop to choose: its stage, who holds it, and its clock; the last names itself."""
    days = working_days(routing.clock_on(stage, today))
    who = name if stage == routing.PROVINCE else f"{stage_label(stage)}: {name}"
    return f"{who} ({days})"


def stage_label(stage: str) -> str:
    return gettext(Difficulty.Stage(stage).label)


def _beside(stage: str) -> str:
    """What stands beside the name of who holds a stop; the last stage names itself."""
    return "" if stage == routing.PROVINCE else stage_label(stage)


def _turn(it: Difficulty, step: DifficultyStep) -> str:
    """What is due from a unit that is not asked: to confirm, or to carry a decision out."""
    return gettext("xác nhận") if step.unit_id == it.unit_id else gettext("thực hiện quyết định")


def _day(at: dt.datetime) -> dt.date:
    return localtime(at).date()


def export_columns() -> Sequence[str]:
    """The head of an exported list of difficulties."""
    return (
        gettext("Đơn vị nêu"),
        gettext("Nhiệm vụ số"),
        gettext("Loại"),
        gettext("Khó khăn, vướng mắc"),
        gettext("Đề nghị"),
        gettext("Ngày nêu"),
        gettext("Cấp đang xử lý"),
        gettext("Đang chờ"),
        gettext("Chờ từ ngày"),
        gettext("Hạn"),
        gettext("Còn lại (ngày làm việc)"),
        gettext("Trạng thái"),
    )


def export_row(row: Row) -> Sequence[object]:
    """One difficulty under `export_columns`."""
    it = row.it
    return (
        it.unit.name,
        it.assignment.task_version.no if it.assignment else "",
        gettext(it.get_kind_display()),
        it.text,
        it.asked,
        short_date(_day(it.raised_at)),
        stage_label(it.stage),
        row.waits_for,
        short_date(_day(it.waits_since)) if it.is_open else "",
        short_date(it.due_on) if it.is_open else "",
        "" if row.left is None else row.left,
        gettext(it.get_state_display()),
    )
