"""Where a person's day begins, and the unit they act for."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from khung.desk.permissions import DeskRequest, requires
from khung.desk.places import places_of
from khung.desk.views.my_work import waiting_count
from khung.orgs.middleware import UNIT_KEY
from khung.rules.permissions import Permission


@require_GET
@requires()
def start(request: DeskRequest) -> HttpResponse:
    """The page a role works on: the board for those who watch all work, the reports that wait
    for those who judge them, else the first place.
    """
    if request.acting.may(Permission.VIEW_ALL_WORK):
        return redirect("board")
    if _reports_wait(request):
        return redirect("judging")
    places = places_of(request.acting.permissions, request.path)
    return HttpResponseRedirect(places[0].url if places else "/")


def _reports_wait(request: DeskRequest) -> bool:
    unit = request.acting.unit
    return unit is not None and bool(waiting_count(request, unit))


@require_POST
@requires()
def choose_unit(request: DeskRequest) -> HttpResponse:
    """Acts for another of the person's units from now on, in this session."""
    chosen = request.POST.get("unit", "")
    if chosen in {str(unit.pk) for unit in request.acting.units}:
        request.session[UNIT_KEY] = int(chosen)
    return redirect("start")
