"""Leave to report after the lock: the list every official reads, granting, taking back."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from khung.assignments.actions import WrongException, grant_lock_exception
from khung.assignments.locks import exceptions, who_may_open
from khung.assignments.models import LockException
from khung.base import clock
from khung.base.versions import StaleRecord
from khung.base.wording import period_name
from khung.desk import asked
from khung.desk.exports import exported
from khung.desk.forms_unit_side import Again, GrantException, unit_named
from khung.desk.permissions import DeskRequest, requires
from khung.orgs.queries import units_on
from khung.reports.actions import revoke_leave
from khung.rules.permissions import Permission

PAGE_SIZE = 50
INVALID = 422
VILLAGE = "village"


@requires(Permission.VIEW_FRAMEWORK)
@require_safe
def lock_exceptions(request: DeskRequest) -> HttpResponse:
    """Every leave ever granted, with its document, who signed it in, and whether it still holds.

    `?export=xlsx|csv` gives them as a file.
    """
    found, today = exceptions(), clock.today()
    if file := exported(request, found, "bao-cao-sau-ngay-khoa", _columns(), _cells):
        return file
    in_force = found.filter(revoked_at__isnull=True, open_until__gte=today)
    return render(
        request,
        "desk/unit_side/lock_exceptions.html",
        {
            "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
            "in_force": in_force.count(),
            "today": today,
            "who": who_may_open(today),
            "may_grant": request.acting.may(Permission.GRANT_LOCK_EXCEPTION),
        },
    )


def _columns() -> list[str]:
    """The head of the list as a file."""
    return [
        gettext("Đơn vị"),
        gettext("Kỳ"),
        gettext("Đến hết ngày"),
        gettext("Văn bản"),
        gettext("Lý do"),
        gettext("Người ghi"),
        gettext("Ghi lúc"),
        gettext("Tình trạng"),
    ]


def _cells(found: Sequence[LockException]) -> Iterator[Sequence[object]]:
    """Leaves under `_columns`."""
    today = clock.today()
    for one in found:
        if one.revoked_at:
            stands = gettext("đã dừng %(at)s") % {"at": f"{localtime(one.revoked_at):%d/%m/%Y}"}
        elif one.open_until < today:
            stands = gettext("đã hết ngày")
        else:
            stands = gettext("đang có hiệu lực")
        yield (
            one.unit.name,
            period_name(one.period.code),
            one.open_until,
            one.document_number,
            one.reason,
            one.granted_by.full_name,
            one.granted_at,
            stands,
        )


@requires(Permission.GRANT_LOCK_EXCEPTION)
@require_http_methods(["GET", "HEAD", "POST"])
def grant(request: DeskRequest) -> HttpResponse:
    """Grants leave to one unit; `?unit=` and `?period=` fill the form in."""
    today = clock.today()
    found = units_on(today).exclude(level=VILLAGE).select_related("parent")
    units, wanted = list(found.order_by("sort_key", "id")), asked.number(request, "unit")
    period = asked.period(request)
    form = GrantException(
        request.POST or None,
        units=units,
        periods=asked.opened(request),
        initial={
            "unit": next((unit_named(one) for one in units if one.pk == wanted), ""),
            "period": str(period.pk) if period else "",
        },
    )
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid() and _granted(request, form):
            return redirect("lock_exceptions")
    return render(
        request, "desk/unit_side/grant_lock_exception.html", {"form": form}, status=status
    )


def _granted(request: DeskRequest, form: GrantException) -> bool:
    try:
        made = grant_lock_exception(**form.granted, by=request.user, now=clock.now())
    except WrongException as why:
        form.add_error(why.field, str(why))
        return False
    messages.success(
        request,
        gettext("%(unit)s được báo cáo đến hết %(day)s.")
        % {"unit": made.unit, "day": f"{made.open_until:%d/%m/%Y}"},
    )
    return True


@requires(Permission.GRANT_LOCK_EXCEPTION)
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: DeskRequest, pk: int) -> HttpResponse:
    """Asks once more, then takes a leave back."""
    found = get_object_or_404(exceptions(), pk=pk, revoked_at__isnull=True)
    form = Again(request.POST or None, initial={"version": found.version})
    if request.method != "POST" or not form.is_valid():
        return render(
            request, "desk/unit_side/revoke_lock_exception.html", {"it": found, "form": form}
        )
    try:
        revoke_leave(exception=found, **form.cleaned_data, by=request.user, now=clock.now())
    except StaleRecord:
        messages.error(request, gettext("Người khác vừa sửa mục này; hãy xem lại danh sách."))
    else:
        messages.success(request, gettext("Đã dừng cho phép báo cáo sau ngày khóa."))
    return redirect("lock_exceptions")
