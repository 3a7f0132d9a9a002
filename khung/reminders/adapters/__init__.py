"""How a message leaves: an adapter for each channel, chosen by the settings."""

from collections.abc import Callable

from django.conf import settings

from khung.reminders.adapters import email, file, gateway
from khung.reminders.adapters.sent import NotSent, Outgoing
from khung.reminders.models import Preference

__all__ = ["Adapter", "NotSent", "Outgoing", "adapter_of", "is_connected"]

Adapter = Callable[[Outgoing], None]


def is_connected(channel: str) -> bool:
    """Whether messages of a channel really leave; else they are only written to a file."""
    if channel == Preference.Channel.EMAIL:
        return bool(settings.SMTP_HOST)
    return channel in settings.GATEWAYS and settings.GATEWAYS[channel]["adapter"] == "http"


def adapter_of(channel: str) -> Adapter:
    """What sends a message of a channel. It raises NotSent with the reason, in Vietnamese."""
    if not is_connected(channel):
        return file.write
    if channel == Preference.Channel.EMAIL:
        return email.send
    return gateway.Gateway(**settings.GATEWAYS[channel]).send
