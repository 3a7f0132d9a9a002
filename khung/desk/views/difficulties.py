"""What waits for whom, and how long: the list of difficulties."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from khung.assignments.calendar import working_calendar
from khung.base import clock
from khung.base.wording import number
from khung.base.writers.xlsx_table import export_format, table_file
from khung.desk.difficulty_words import export_columns, export_row, office, rows
from khung.desk.forms_difficulties import DifficultyFilter
from khung.desk.permissions import DeskRequest, requires
from khung.difficulties import queries
from khung.difficulties.models import Difficulty
from khung.orgs.acting import Acting
from khung.orgs.models import Unit
from khung.rules.permissions import Permission
from khung.rules.routing import OPEN_STATES

# Read in full and acted on, one after another; or looked through as a table.
CARDS, ROWS = 20, 50
# Those who hold most, named above the list; the others are in the filter.
MOST_HOLDERS = 6
READERS = (
    Permission.RAISE_DIFFICULTY,
    Permission.ANSWER_DIFFICULTY,
    Permission.DECIDE_DIFFICULTY,
    Permission.VIEW_OWN_UNIT_WORK,
    Permission.VIEW_ALL_WORK,
)
WAITING, RAISED, ALL = "cho", "neu", "tat-ca"
_ACTS = {Permission.ANSWER_DIFFICULTY, Permission.DECIDE_DIFFICULTY}


@dataclass(frozen=True, slots=True)
class Tab:
    """One view of the list: what it is called, and whose difficulties it holds."""

    code: str
    label: str
    found: Callable[[QuerySet[Difficulty], Unit], QuerySet[Difficulty]]


@require_safe
@requires(*READERS)
def difficulties(request: DeskRequest) -> HttpResponse:
    """The difficulties a person may see, by tab, narrowed, most overdue first."""
    unit, today = request.acting.unit, clock.today()
    if unit is None:
        return render(request, "desk/difficulties/none.html")
    tabs = _tabs(request.acting)
    tab = next((one for one in tabs if one.code == request.GET.get("tab")), tabs[0])
    seen = tab.found(queries.visible_to(request.acting), unit)
    # Who waits for whom is asked where there may be many; elsewhere it is the unit itself.
    held = [] if tab.code == WAITING else queries.by_holder(seen, today)
    holders = [(str(one.unit.pk), office(one.unit)) for one in held]
    form = DifficultyFilter(request.GET, holders=holders)
    found = queries.for_list(queries.narrowed(seen, form.wanted, today))
    calendar = working_calendar()
    if chosen := export_format(request.GET):
        exported = rows(found, calendar, today)
        name = f"kho-khan-{unit.code}-{today:%Y%m%d}"
        return table_file(chosen, name, export_columns(), map(export_row, exported))
    is_cards = tab.code == WAITING
    shown = queries.with_steps(found) if is_cards else found
    page = Paginator(shown, CARDS if is_cards else ROWS).get_page(request.GET.get("page"))
    overdue = seen.filter(queries.overdue(today)).count()
    return render(
        request,
        "desk/difficulties/list.html",
        {
            "unit": unit,
            "tabs": tabs,
            "tab": tab.code,
            "form": form,
            "wanted": form.wanted,
            "held": held[:MOST_HOLDERS] if len(held) > 1 else [],
            "page": page,
            "rows": rows(page, calendar, today),
            "finding": _finding(tab.code, unit, seen, overdue),
            "may_raise": request.acting.may(Permission.RAISE_DIFFICULTY),
            "decides": request.acting.may(Permission.DECIDE_DIFFICULTY),
        },
    )


def _tabs(acting: Acting) -> list[Tab]:
    """The views a person has use for, what they must act on first."""
    waiting = Tab(WAITING, gettext("Chờ đơn vị tôi"), queries.waiting_for)
    raised = Tab(RAISED, gettext("Đơn vị tôi nêu"), queries.raised_by)
    everything = (
        gettext("Tất cả")
        if acting.may(Permission.VIEW_ALL_WORK)
        else gettext("Đơn vị tôi được xem")
    )
    whole = Tab(ALL, everything, lambda found, unit: found)
    if acting.permissions & _ACTS:
        raises = acting.may(Permission.RAISE_DIFFICULTY)
        return [waiting, raised, whole] if raises else [waiting, whole]
    if acting.may(Permission.VIEW_OWN_UNIT_WORK):
        return [raised, waiting, whole]
    return [whole]


def _finding(tab: str, unit: Unit, seen: QuerySet[Difficulty], overdue: int) -> str:
    """The first thing to know: "3 khó khăn chờ Sở Nội vụ, 1 quá hạn"."""
    n = seen.filter(state__in=OPEN_STATES).count()
    who = {"n": number(n), "unit": office(unit)}
    if not n:
        return {
            WAITING: gettext("Không khó khăn nào chờ %(unit)s"),
            RAISED: gettext("%(unit)s không còn khó khăn nào chưa xong"),
        }.get(tab, gettext("Không còn khó khăn nào chưa xong")) % who
    said = {
        WAITING: ngettext("%(n)s khó khăn chờ %(unit)s", "%(n)s khó khăn chờ %(unit)s", n),
        RAISED: ngettext(
            "%(n)s khó khăn của %(unit)s chưa xong", "%(n)s khó khăn của %(unit)s chưa xong", n
        ),
    }.get(tab, ngettext("%(n)s khó khăn chưa xong", "%(n)s khó khăn chưa xong", n)) % who
    if not overdue:
        return said
    return gettext("%(said)s, %(late)s quá hạn") % {"said": said, "late": number(overdue)}
