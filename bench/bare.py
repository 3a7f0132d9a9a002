"""The page others are compared with: signed in, the frame of the desk, one query of 50 rows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from khung.orgs.models import Unit

ROWS = 50


def bare(request: HttpRequest) -> HttpResponse:
    """Fifty units in a table."""
    rows = Unit.objects.order_by("id")[:ROWS]
    return render(request, "bench/bare.html", {"rows": rows})
