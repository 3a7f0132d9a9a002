"""Which part of the province a page of the board shows, and the way up and between its pages."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext

from khung.assignments.models import Period
from khung.desk import asked
from khung.desk.board_links import asking
from khung.desk.permissions import DeskRequest
from khung.frameworks import queries as frameworks
from khung.orgs.acting import Acting
from khung.orgs.models import Unit
from khung.rules.permissions import Permission


@dataclass(frozen=True, slots=True)
class Scope:
    """The period and the unit of a page, and where the person's board begins."""

    period: Period
    unit: Unit
    top: Unit

    @property
    def is_whole(self) -> bool:
        """Whether all of the province is meant."""
        return self.unit.parent_id is None


def scope(request: DeskRequest) -> Scope | None:
    """What is asked for, within what the person may see; None where there is nothing to watch.

    Raises Http404 for a unit outside the person's board.
    """
    period = asked.period(request)
    top = top_unit(request, period) if period else None
    if period is None or top is None:
        return None
    return Scope(period, shown_unit(request, top, period), top)


def top_unit(request: DeskRequest, period: Period) -> Unit | None:
    """Where a person's board begins: the province of that day, or their own unit."""
    if not request.acting.may(Permission.VIEW_ALL_WORK):
        return request.acting.unit
    return frameworks.province_on(period.starts_on)


def shown_unit(request: DeskRequest, top: Unit, period: Period) -> Unit:
    """The unit asked for, else the top. Raises Http404 for one outside the person's board."""
    asked_id = asked.number(request, "unit")
    if asked_id is None or asked_id == top.pk:
        return top
    unit = Unit.objects.filter(pk=asked_id).first()
    if unit is None:
        raise Http404
    if request.acting.may(Permission.VIEW_ALL_WORK):
        # The province of another time, kept in the address when the period was changed.
        return top if unit.parent_id is None and unit.code == top.code else unit
    if not unit.path.startswith(top.path):
        raise Http404
    return unit


def path_to(unit: Unit, top: Unit) -> list[Unit]:
    """The units from the top down to the one above this."""
    if unit.pk == top.pk:
        return []
    ids = [int(pk) for pk in unit.path.strip("/").split("/")][:-1]
    above = [it for it in Unit.objects.filter(pk__in=ids) if it.path.startswith(top.path)]
    return sorted(above, key=lambda it: len(it.path))


def tabs(found: Scope, acting: Acting) -> list[tuple[str, str, str]]:
    """The pages of the board: name of the page, its words, its address for the same part."""
    words = {
        "board": gettext("Tổng quan"),
        "board_ranking": gettext("Nguy cơ và xếp hạng"),
        "board_trend": gettext("Diễn biến"),
        "board_map": gettext("Bản đồ"),
        "board_guides": gettext("Cơ quan hướng dẫn"),
    }
    if not acting.may(Permission.VIEW_ALL_WORK):
        del words["board_guides"]
    query = asking(unit=found.unit.pk, period=found.period.code)
    return [(name, said, f"{reverse(name)}{query}") for name, said in words.items()]
