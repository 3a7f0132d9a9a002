"""Settings an installation may change, each one typed, documented and read in one place.

`docs/settings.md` lists them; `tests/test_settings_docs.py` compares the two.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: its name, type, default as text, and what it is for."""

    name: str
    type: str
    default: str
    purpose: str


VARIABLES: dict[str, Variable] = {}


class BadSetting(ValueError):
    """A variable holds something its type does not allow. The message is for the operator."""


def _read(name: str, type_: str, default: T, purpose: str, convert: Callable[[str], T]) -> T:
    VARIABLES[name] = Variable(name, type_, str(default), purpose)
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        return convert(raw)
    except ValueError as error:
        raise BadSetting(f"{name}={raw!r}: cần kiểu {type_} ({purpose}).") from error


def text(name: str, default: str, purpose: str) -> str:
    """A string."""
    return _read(name, "text", default, purpose, str)


def integer(name: str, default: int, purpose: str) -> int:
    """A whole number."""
    return _read(name, "integer", default, purpose, int)


def boolean(name: str, default: bool, purpose: str) -> bool:
    """1/0, true/false, yes/no, on/off."""

    def convert(raw: str) -> bool:
        word = raw.lower()
        if word in {"1", "true", "yes", "on"}:
            return True
        if word in {"0", "false", "no", "off"}:
            return False
        raise ValueError(raw)

    return _read(name, "boolean", default, purpose, convert)


def choice(name: str, default: str, allowed: tuple[str, ...], purpose: str) -> str:
    """One of the words allowed."""

    def convert(raw: str) -> str:
        word = raw.lower()
        if word not in allowed:
            raise ValueError(raw)
        return word

    return _read(name, "choice", default, f"{purpose}: {', '.join(allowed)}", convert)


def words(name: str, default: tuple[str, ...], purpose: str) -> tuple[str, ...]:
    """A list separated by commas."""
    return _read(
        name,
        "list",
        default,
        purpose,
        lambda raw: tuple(part.strip() for part in raw.split(",") if part.strip()),
    )
