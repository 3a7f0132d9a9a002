"""Signing in and out, a new password, and the one-click accounts of the demonstration."""

import ipaddress
from typing import Any

from allauth.account.views import LoginView, LogoutView, PasswordChangeView
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_POST

from khung.base import actions, clock
from khung.desk.permissions import DeskRequest, requires
from khung.orgs import queries
from khung.orgs.models import Person
from khung.rules.permissions import ROLES

BACKEND = "django.contrib.auth.backends.ModelBackend"


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):  # type: ignore[misc]  # allauth ships no types
    """Name and password; axes locks out who guesses."""

    template_name = "desk/signin/sign_in.html"

    def get_form(self, form_class: Any = None) -> Any:
        return without_placeholders(super().get_form(form_class))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        shown = offers_demonstration(self.request)
        held = queries.demonstration_accounts(clock.today()) if shown else []
        context["accounts"] = [(one.person, ROLES[one.role], one.unit) for one in held]
        return context


class SignOut(LogoutView):  # type: ignore[misc]
    """A link asks, the button does it."""

    template_name = "desk/signin/sign_out.html"
    required = ()


class ChangePassword(PasswordChangeView):  # type: ignore[misc]
    """A new password for the person signed in."""

    template_name = "desk/signin/change_password.html"
    required = ()

    def get_form(self, form_class: Any = None) -> Any:
        return without_placeholders(super().get_form(form_class))

    def dispatch(self, request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_usable_password():
            raise Http404
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


@requires()
@require_GET
def password_changed(request: DeskRequest) -> HttpResponse:
    """What a person sees after their password was changed."""
    return render(request, "desk/signin/password_changed.html")


@login_not_required
@require_POST
def demonstrate(request: HttpRequest, person_id: int) -> HttpResponse:
    """Sign in as an account of the demonstration, without a password.

    Only in demonstration mode, on a server bound to this machine, asked from this machine, with
    no proxy between; for everybody else the page does not exist.
    """
    if not offers_demonstration(request):
        raise Http404
    person = get_object_or_404(Person, pk=person_id, is_demonstration=True, is_active=True)
    login(request, person, backend=BACKEND)
    actions.signed_in(by=person, now=clock.now(), is_demonstration=True)
    return redirect(settings.LOGIN_REDIRECT_URL)


def without_placeholders(form: Any) -> Any:
    """The form without allauth's placeholders: they repeat the label and vanish while typing."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


def offers_demonstration(request: HttpRequest) -> bool:
    """Whether this request may use the one-click accounts."""
    forwarded = {"HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_VIA"}
    return bool(
        settings.DEMONSTRATION
        and _is_loopback(settings.BIND_HOST)
        and _is_loopback(request.META.get("REMOTE_ADDR", ""))
        and not forwarded & request.META.keys()
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
