"""What stands around every page of an official: places, the unit acted for, the period."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from khung.assignments import calendar
from khung.assignments.models import Period
from khung.base import clock
from khung.base.wording import period_name
from khung.desk.asked import current_period
from khung.desk.places import Place, places_of
from khung.orgs import queries as orgs
from khung.orgs.acting import Acting
from khung.orgs.models import Unit
from khung.reminders.queries import unread
from khung.rules.permissions import ROLES

# Where an official's day begins: only these pages spend a query on what is unread.
_BEGINS_THE_DAY = frozenset({"my_work", "board", "approve", "judging"})


@dataclass(frozen=True, slots=True)
class Frame:
    """The furniture of one page."""

    places: list[Place] = field(default_factory=list)
    roles: str = ""
    unit: str = ""
    unit_id: int | None = None
    # To choose from, for a person with several.
    units: tuple[Unit, ...] = ()
    period: str = ""
    due_on: date | None = None
    days_left: int | None = None
    # Digests of today not seen yet; asked where an official's day begins, 0 elsewhere.
    unread: int = 0


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame` and `installation_name`, read only where a template asks."""
    return {
        "frame": SimpleLazyObject(lambda: _frame(request)),
        "installation_name": SimpleLazyObject(_installation_name),
    }


def _installation_name() -> str:
    root = orgs.roots_on(clock.today()).first()
    return root.name if root else ""


def _frame(request: HttpRequest) -> Frame:
    acting: Acting | None = getattr(request, "acting", None)
    if acting is None or acting.person is None:
        return Frame()
    found = Frame(
        places=places_of(acting.permissions, request.path),
        roles=", ".join(gettext(ROLES[code].name) for code in acting.roles),
        unread=_unread(request, acting),
    )
    if acting.unit is None:
        return found
    units = acting.units if len(acting.units) > 1 else ()
    found = replace(found, unit=acting.unit.name, unit_id=acting.unit.pk, units=units)
    period = current_period(request)
    if period is None:
        return found
    due_on, days_left = _due(period, acting.unit.level, clock.today())
    return replace(found, period=period_name(period.code), due_on=due_on, days_left=days_left)


def _unread(request: HttpRequest, acting: Acting) -> int:
    page = request.resolver_match.url_name if request.resolver_match else None
    if page not in _BEGINS_THE_DAY or acting.person is None:
        return 0
    return unread(acting.person, clock.today())


def _due(period: Period, level: str, today: date) -> tuple[date | None, int | None]:
    """The date a level's reports are timely, and the working days left to it."""
    deadline = period.deadlines.filter(level=level).first()
    if deadline is None:
        return None, None
    due_on = deadline.timely_on
    return due_on, calendar.working_calendar(today, due_on).left(today, due_on)
