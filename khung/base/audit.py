"""What was done, by whom, committed together with the change itself.

Events are written unsealed, so that writers never queue behind each other; `khung.base.sealer`
places them in the chain afterwards. Each verb has a sentence in its room's `audit_sentences`
module, for the people who read the trail.
"""

import datetime as dt
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from django.apps import apps
from django.db import transaction

from khung.base.models import AuditEvent


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
    found: dict[str, str] = {}
    for room in apps.get_app_configs():
        name = f"{room.name}.audit_sentences"
        if room.name.startswith("khung.") and find_spec(name):
            found |= import_module(name).SENTENCES
    return found


def sentence(event: AuditEvent, by_verb: Mapping[str, str]) -> str:
    """What the event says to a reader, without the name of who did it."""
    pattern = by_verb.get(event.verb)
    if pattern is None:
        return f"{event.verb} {event.subject}"
    return str(pattern).format_map(_Gaps(event.data, subject=event.subject))
