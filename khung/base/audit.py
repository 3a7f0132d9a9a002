"""What was done, by whom, committed together with the change itself.

Events are written unsealed, so that writers never queue behind each other; `khung.base.sealer`
places them in the chain afterwards. Each verb has a sentence in its room's `audit_sentences`
module, for the people who read the trail.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Protocol

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from khung.base.models import AuditEvent
from khung.base.wording import number, period_name
from khung.rules.actors import LEVELS
from khung.rules.permissions import ROLES


class NotInTransaction(RuntimeError):
    """An event must stand or fall with its change, so it is only written inside a transaction."""


class Actor(Protocol):
    """Whoever acts: a person with an account."""

    pk: Any
    full_name: str


def record(
    *,
    by: Actor | str | None,
    now: dt.datetime,
    verb: str,
    subject: str,
    data: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one event; bulk work is one event, with its counts in `data`.

    `by` is a person or the name of a part of the system ("system:tick"; None is "system");
    `subject` names a record as "unit:12". Raises NotInTransaction outside `transaction.atomic`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransaction(verb)
    if by is None or isinstance(by, str):
        actor = actor_name = by or "system"
    else:
        actor, actor_name = f"person:{by.pk}", by.full_name
    return AuditEvent.objects.create(
        at=now,
        actor=actor,
        actor_name=actor_name,
        verb=verb,
        subject=subject,
        data=dict(data or {}),
    )


class _Gaps(dict[str, Any]):
    """An old event may lack a value that today's sentence asks for."""

    def __missing__(self, key: str) -> str:
        return "…"


def sentences() -> dict[str, str]:
    """The sentence of every verb of every room, by verb."""
    return {verb: told for room in _rooms() for verb, told in room.SENTENCES.items()}


def _rooms() -> list[ModuleType]:
    """What each room says of its verbs."""
    names = [
        f"{room.name}.audit_sentences"
        for room in apps.get_app_configs()
        if room.name.startswith("khung.")
    ]
    return [import_module(name) for name in names if find_spec(name)]


def actor(event: AuditEvent) -> str:
    """Who did it: a person's name, or that the system did it by itself."""
    return gettext("hệ thống") if event.actor.startswith("system") else event.actor_name


def sentence(event: AuditEvent, by_verb: Mapping[str, str]) -> str:
    """What the event says to a reader, without the name of who did it."""
    pattern = by_verb.get(event.verb)
    if pattern is None:
        return f"{event.verb} {event.subject}"
    values = _Gaps({name: _readable(name, value) for name, value in event.data.items()})
    return str(pattern).format_map(values)


def in_general(pattern: str) -> str:
    """What a verb's sentence says without the values of any event: "đổi tên “…” thành “…”"."""
    return str(pattern).format_map(_Gaps())


def _readable(name: str, value: object) -> object:
    """A value of an event as an official writes it: dates, figures, and names instead of codes."""
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    if not isinstance(value, str):
        return value
    if name in _WORDS:
        return _WORDS[name](value)
    if _DAY.fullmatch(value):
        return f"{dt.date.fromisoformat(value):%d/%m/%Y}"
    return value


def _role(code: str) -> str:
    return gettext(ROLES[code].name) if code in ROLES else gettext(_ANSWERS.get(code, code))


def _level(code: str) -> str:
    return gettext(LEVELS.get(code, code)).lower()


def _doubt(key: str) -> str:
    """A doubt by the task it is about: its key is "kind:task:field"."""
    task = key.split(":")[1:2]
    if task and task[0].isdecimal():
        return gettext("ở nhiệm vụ %(no)s") % {"no": task[0]}
    return gettext("ở phần chung của Quyết định")


def _period(code: str) -> str:
    return period_name(code) if _PERIOD.fullmatch(code) else code


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_PERIOD = re.compile(r"\d{4}(-[QH]\d)?")
# Which question the meaning of a phrase answers.
_ANSWERS = {
    "guiding": gettext_noop("hướng dẫn, kiểm tra"),
    "implementing": gettext_noop("thực hiện"),
    "judging": gettext_noop("thẩm định"),
}
# The values that are codes, by their name in the event.
_WORDS: dict[str, Callable[[str], str]] = {
    "role": _role,
    "level": _level,
    "key": _doubt,
    "code": _period,
}
