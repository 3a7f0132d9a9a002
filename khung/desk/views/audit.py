"""The audit trail, newest first, with the state of its chain; or what was asked of it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from khung.base import audit, sealer
from khung.base.models import AuditEvent
from khung.desk.exports import exported
from khung.desk.forms_versioned import DayInput
from khung.desk.permissions import DeskRequest, requires
from khung.orgs.models import Person
from khung.rules.permissions import Permission
from khung.rules.text import fold

PAGE_SIZES = (50, 100, 200)


class TrailFilter(forms.Form):
    """Who did what on which day; what is not understood asks for nothing."""

    who = forms.CharField(
        label=_("Ai (gõ không dấu cũng được)"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"class": "form-control", "type": "search"}),
    )
    verb = forms.ChoiceField(
        label=_("Đã làm gì"), required=False, widget=forms.Select({"class": "form-select"})
    )
    day = forms.DateField(label=_("Ngày"), required=False, widget=DayInput())
    size = forms.TypedChoiceField(
        label=_("Số dòng một trang"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(size, str(size)) for size in PAGE_SIZES],
        widget=forms.Select({"class": "form-select"}),
    )

    def __init__(self, *args: Any, by_verb: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = sorted((audit.in_general(words), verb) for verb, words in by_verb.items())
        choices = [("", gettext("tất cả")), *((verb, words) for words, verb in told)]
        self.fields["verb"].choices = choices  # type: ignore[attr-defined]
        self.fields["day"].widget.attrs["class"] = "form-control"

    def asked(self) -> Q:
        """The condition on events; an empty one where all are asked for."""
        self.is_valid()
        condition = Q()
        if verb := self.cleaned_data.get("verb"):
            condition &= Q(verb=verb)
        if day := self.cleaned_data.get("day"):
            begins = dt.datetime.combine(day, dt.time(), get_current_timezone())
            condition &= Q(at__gte=begins, at__lt=begins + dt.timedelta(days=1))
        if who := fold(self.cleaned_data.get("who", "")).strip():
            condition &= _done_by(who)
        return condition


def _done_by(who: str) -> Q:
    """Events of the people whose name or account holds these words, or of the system."""
    people = Person.objects.values_list("pk", "full_name", "username")
    found = [f"person:{pk}" for pk, *names in people if any(who in fold(it) for it in names)]
    condition = Q(actor__in=found)
    if who in fold(gettext("hệ thống")):
        condition |= Q(actor__startswith="system")
    return condition


@requires(Permission.VIEW_AUDIT)
@require_GET
def trail(request: DeskRequest) -> HttpResponse:
    """All events, the stretch of the chain verified; or those that the filter asks for.

    `?export=xlsx|csv` gives the same events as a file.
    """
    by_verb = audit.sentences()
    form = TrailFilter(request.GET, by_verb=by_verb)
    condition = form.asked()
    kept = AuditEvent.objects.exclude(position=None).filter(condition).order_by("-position")
    if file := exported(request, kept, "nhat-ky", _columns(), partial(_cells, by_verb=by_verb)):
        return file
    size, number = form.cleaned_data.get("size") or PAGE_SIZES[0], request.GET.get("page")
    head = sealer.head()
    broken = None
    if condition:
        page: Page[Any] = Paginator(kept, size).get_page(number)
        events = list(page.object_list)
    else:
        # Positions have no gaps, so that a page is a range of them and needs no counting.
        page = Paginator(range(head.position, 0, -1), size).get_page(number)
        stretch = AuditEvent.objects.filter(position__in=page.object_list).order_by("position")
        found = list(stretch)
        broken = _break_in(found, list(page.object_list))
        events = found[::-1]
    return render(
        request,
        "desk/audit/trail.html",
        {
            "form": form,
            "is_narrowed": bool(condition),
            "page": page,
            "rows": [(event, audit.sentence(event, by_verb)) for event in events],
            "head": head,
            "broken": broken,
            "unsealed": AuditEvent.objects.filter(position=None).count(),
            "exported": sealer.exported_heads()[-1:],
        },
    )


def _columns() -> list[str]:
    """The head of the trail as a file."""
    return [gettext("Vị trí"), gettext("Lúc"), gettext("Ai"), gettext("Đã làm gì")]


def _cells(
    found: Sequence[AuditEvent], *, by_verb: Mapping[str, str]
) -> Iterator[Sequence[object]]:
    """Events under `_columns`, told as on the page."""
    for event in found:
        told = audit.sentence(event, by_verb)
        at = f"{localtime(event.at):%d/%m/%Y %H:%M:%S}"
        yield event.position, at, audit.actor(event), told


def _break_in(events: Sequence[AuditEvent], expected: Sequence[int]) -> sealer.Break | None:
    """The first break of a page of the chain, oldest first."""
    broken = sealer.verify_stretch(events)
    if broken is None and len(events) != len(expected):
        found = {event.position for event in events}
        missing = min(position for position in expected if position not in found)
        broken = sealer.Break(missing, sealer.MISSING)
    return broken
