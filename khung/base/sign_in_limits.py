"""How much guessing at passwords is allowed, and whose guesses they are (settings: axes)."""

import ipaddress

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_failure_limit
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

# Far above the mistakes of a whole office behind one address within the cool-off time.
FAILURES_OF_ONE_ADDRESS = 50


def client_address(request: HttpRequest) -> str | None:
    """The address a request came from; None where the server was told none.

    Behind the proxy that KHUNG_HTTPS declares, it is what that proxy wrote: the last entry of
    X-Forwarded-For. Entries before it, and the header without a proxy, are the client's to invent.
    """
    direct: str | None = request.META.get("REMOTE_ADDR") or None
    if not settings.HTTPS:
        return direct
    last = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
    try:
        return str(ipaddress.ip_address(last))
    except ValueError:
        return direct


class LimitByAddress(AxesDatabaseHandler):  # type: ignore[misc]  # axes ships no types
    """Beside a name tried from one address, counts one address trying many names."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, str] | None = None) -> int:
        """Failures so far; at least as many as lock out where the address has used up its own."""
        failures: int = super().get_failures(request, credentials)
        if _failures_of_address(request) < FAILURES_OF_ONE_ADDRESS:
            return failures
        limit: int = get_failure_limit(request, credentials)
        return max(failures, limit)


def _failures_of_address(request: HttpRequest) -> int:
    tried = AccessAttempt.objects.filter(
        ip_address=request.axes_ip_address,  # type: ignore[attr-defined]  # set by axes
        attempt_time__gte=get_cool_off_threshold(request),
    )
    return tried.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
