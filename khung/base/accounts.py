"""What allauth asks of us: nobody signs themselves up, and what accounts do is in the trail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from khung.base import actions, audit, clock


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by the operator; only signing in, out and a new password are people's."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the page a person lands on says enough."""

    def post_login(self, request: HttpRequest, user: audit.Actor, **kwargs: Any) -> HttpResponse:
        actions.signed_in(by=user, now=clock.now())
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            actions.signed_out(by=request.user, now=clock.now())
        super().logout(request)

    def set_password(self, user: audit.Actor, password: str) -> None:
        super().set_password(user, password)
        actions.password_changed(by=user, now=clock.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("password_changed")
