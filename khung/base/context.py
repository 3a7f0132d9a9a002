"""What every template may say about the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Whether data are illustrative; a view that shows none of them sets `illustrative` False."""
    return {"illustrative": settings.DEMONSTRATION}
