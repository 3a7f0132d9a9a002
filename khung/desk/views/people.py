"""Accounts and the roles they hold: the list, a new account, one person."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khung.base import clock
from khung.desk.exports import exported
from khung.desk.forms_people import AddPerson, EndRole, GrantRole, PeopleFilter
from khung.desk.permissions import DeskRequest, requires
from khung.desk.templatetags.desk import held_role
from khung.orgs import actions, queries
from khung.orgs.models import Person, RoleHeld
from khung.rules.permissions import Permission

PAGE_SIZE = 50
INVALID = 422


@requires(Permission.MANAGE_PEOPLE)
@require_safe
def people(request: DeskRequest) -> HttpResponse:
    """Everybody with an account, by given name, with the roles they hold today.

    `?export=xlsx|csv` gives them as a file.
    """
    form = PeopleFilter(request.GET)
    form.is_valid()
    asked = form.cleaned_data
    found = queries.find_people(
        queries.people_visible_to(request.acting),
        clock.today(),
        words=asked.get("q", ""),
        unit_words=asked.get("unit", ""),
        role=asked.get("role", ""),
    )
    if asked.get("state"):
        found = found.filter(is_active=asked["state"] == PeopleFilter.ACTIVE)
    if file := exported(request, found, "nguoi-dung", _columns(), _cells):
        return file
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/people/list.html",
        {"form": form, "page": page, "is_narrowed": any(asked.values())},
    )


def _columns() -> list[str]:
    """The head of the list as a file."""
    return [
        gettext("Họ và tên"),
        gettext("Tên đăng nhập"),
        gettext("Vai trò hôm nay"),
        gettext("Tài khoản"),
    ]


def _cells(found: Sequence[Person]) -> Iterator[Sequence[object]]:
    """People under `_columns`."""
    for one in found:
        roles = [
            f"{held_role(held.role)}, {held.unit.name}"
            for held in one.roles_now  # type: ignore[attr-defined]
        ]
        yield (
            one.full_name,
            one.username,
            "; ".join(roles) or gettext("chưa có vai trò"),
            gettext("đang dùng") if one.is_active else gettext("đã khóa"),
        )


@never_cache
@requires(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_person(request: DeskRequest) -> HttpResponse:
    """Opens an account; the answer shows its first password, which is kept nowhere."""
    today = clock.today()
    initial = {"valid_from": today, "unit_name": request.GET.get("unit", "")}
    form = AddPerson(request.POST or None, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made, password = actions.open_account(
                username=said["username"],
                full_name=said["full_name"],
                email=said["email"],
                **form.grant,
                by=request.user,
                now=clock.now(),
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return _show_password(request, made, password, is_new=True)
    status = INVALID if request.method == "POST" else 200
    return render(request, "desk/people/add.html", {"form": form}, status=status)


def _show_password(
    request: DeskRequest, person: Person, password: str, *, is_new: bool
) -> HttpResponse:
    """The one page a password is read on: no redirect, so that no session has to carry it."""
    return render(
        request,
        "desk/people/password.html",
        {"person": person, "password": password, "is_new": is_new},
    )


def _person(request: DeskRequest, pk: int) -> Person:
    return get_object_or_404(queries.people_visible_to(request.acting), pk=pk)


@requires(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: DeskRequest, pk: int) -> HttpResponse:
    """A person, every role they held, and a form to give another."""
    found = _person(request, pk)
    today = clock.today()
    form = GrantRole(request.POST or None, today=today, initial={"valid_from": today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.grant_role(person=found, **form.grant, by=request.user, now=clock.now())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, gettext("Đã giao vai trò."))
            return redirect("person", pk)
    roles = found.roles.select_related("unit").order_by("-valid_from", "-id")
    return render(
        request,
        "desk/people/person.html",
        {
            "person": found,
            "form": form,
            "today": today,
            "roles": [(held, _may_end(held), _end_form(held)) for held in roles],
            "is_oneself": found.pk == request.user.pk,
        },
        status=INVALID if request.method == "POST" else 200,
    )


def _may_end(held: RoleHeld) -> bool:
    return held.valid_to is None or held.valid_to >= clock.today()


def _end_form(held: RoleHeld) -> EndRole:
    return EndRole(initial={"last_day": clock.today()}, auto_id=f"thoi-{held.pk}-%s")


@requires(Permission.MANAGE_PEOPLE)
@require_POST
def end_role(request: DeskRequest, held_id: int) -> HttpResponse:
    """Ends a role after a day, or takes one back that would not have begun by then."""
    reached = RoleHeld.objects.filter(person__in=queries.people_visible_to(request.acting))
    held = get_object_or_404(reached.select_related("person", "unit"), pk=held_id)
    form = EndRole(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Hãy chọn một ngày có thật."))
        return redirect("person", held.person_id)
    try:
        actions.end_role(
            held=held, last_day=form.cleaned_data["last_day"], by=request.user, now=clock.now()
        )
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, gettext("Đã ghi ngày thôi vai trò."))
    return redirect("person", held.person_id)


@requires(Permission.MANAGE_PEOPLE)
@require_POST
def deactivate(request: DeskRequest, pk: int) -> HttpResponse:
    """Shuts an account, at once."""
    try:
        actions.deactivate_person(person=_person(request, pk), by=request.user, now=clock.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, gettext("Đã khóa tài khoản; người này không vào được nữa."))
    return redirect("person", pk)


@requires(Permission.MANAGE_PEOPLE)
@require_POST
def reactivate(request: DeskRequest, pk: int) -> HttpResponse:
    """Opens an account that was shut."""
    actions.reactivate_person(person=_person(request, pk), by=request.user, now=clock.now())
    messages.success(request, gettext("Đã mở lại tài khoản."))
    return redirect("person", pk)


@never_cache
@requires(Permission.MANAGE_PEOPLE)
@require_POST
def new_password(request: DeskRequest, pk: int) -> HttpResponse:
    """Gives a person a new password and shows it."""
    found = _person(request, pk)
    try:
        password = actions.reset_password(person=found, by=request.user, now=clock.now())
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("person", pk)
    return _show_password(request, found, password, is_new=False)
