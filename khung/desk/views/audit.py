"""The audit trail, newest first, with the state of its chain."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from khung.base import audit, sealer
from khung.base.models import AuditEvent
from khung.desk.permissions import DeskRequest, requires
from khung.rules.permissions import Permission

PAGE_SIZE = 50


@requires(Permission.VIEW_AUDIT)
@require_GET
def trail(request: DeskRequest) -> HttpResponse:
    """Positions have no gaps, so that a page is a range of them and needs no counting."""
    head = sealer.head()
    page = Paginator(range(head.position, 0, -1), PAGE_SIZE).get_page(request.GET.get("page"))
    events = list(AuditEvent.objects.filter(position__in=page.object_list).order_by("position"))
    expected = list(page.object_list)
    broken = sealer.verify_stretch(events)
    if broken is None and len(events) != len(expected):
        found = {event.position for event in events}
        missing = min(position for position in expected if position not in found)
        broken = sealer.Break(missing, sealer.MISSING)
    by_verb = audit.sentences()
    return render(
        request,
        "desk/audit/trail.html",
        {
            "page": page,
            "rows": [(event, audit.sentence(event, by_verb)) for event in reversed(events)],
            "head": head,
            "broken": broken,
            "unsealed": AuditEvent.objects.filter(position=None).count(),
            "exported": sealer.exported_heads()[-1:],
        },
    )
