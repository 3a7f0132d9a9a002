"""What an adapter is given, and what it raises."""

from collections.abc import Mapping
from dataclasses import dataclass


class NotSent(Exception):
    """The message did not leave; says why, for the people who look after it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, ready to leave. `number` is its own: a gateway that gets it twice may know."""

    number: int
    channel: str
    address: str
    template: str
    parameters: Mapping[str, str]
    subject: str
    text: str
