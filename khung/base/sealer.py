"""The chain of audit events: one sealer gives each committed event a position and a hash.

A hash covers the event and the hash before it, so that a change or a removal shows. What the
chain alone cannot show is a cut tail; for that its head is exported daily and in every backup
(`export_head`), and `verify` compares the chain with those heads.
"""

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop

from khung.base.locks import named_lock
from khung.base.models import AuditEvent

LOCK = "audit-seal"
BATCH = 500
MISSING = gettext_noop("thiếu sự kiện ở vị trí này")
UNLINKED = gettext_noop("không nối với sự kiện trước")
CHANGED = gettext_noop("nội dung đã bị sửa")
UNLIKE_HEAD = gettext_noop("khác với bản đầu chuỗi đã lưu")
CUT = gettext_noop("chuỗi bị cắt: bản đầu chuỗi đã lưu dài hơn")


@dataclass(frozen=True, slots=True)
class Head:
    """The newest sealed event: its position (also how many are sealed) and its hash."""

    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain is not what it was."""

    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk along the chain found."""

    head: Head
    unsealed: int
    first_break: Break | None


def seal() -> int:
    """Place every committed event that has no position yet; return how many were placed.

    Events of transactions still open are not seen and come later: position, not id, is the order.
    """
    sealed = 0
    while AuditEvent.objects.filter(position=None).exists():
        with named_lock(LOCK):
            batch = list(AuditEvent.objects.filter(position=None).order_by("id")[:BATCH])
            last = head()
            position, previous = last.position, last.hash
            for event in batch:
                position += 1
                event.position, event.previous_hash = position, previous
                event.hash = previous = _hash(event)
            AuditEvent.objects.bulk_update(batch, ["position", "previous_hash", "hash"])
        sealed += len(batch)
    return sealed


def head() -> Head:
    """The newest sealed event; position 0 and an empty hash before the first."""
    last = (
        AuditEvent.objects.exclude(position=None)
        .order_by("-position")
        .values_list("position", "hash")
        .first()
    )
    return Head(last[0] or 0, last[1]) if last else Head(0, "")


def verify(exported: Iterable[Head] = ()) -> Verification:
    """Walk the whole chain, and compare it with heads exported earlier."""
    expected = {one.position: one.hash for one in exported if one.position}
    position, previous, broken = 0, "", None  # type: int, str, Break | None
    chain = AuditEvent.objects.exclude(position=None).order_by("position")
    for event in chain.iterator(chunk_size=2000):
        position += 1
        fault = _fault(event, position, previous)
        if not fault and expected.pop(position, event.hash) != event.hash:
            fault = UNLIKE_HEAD
        if fault:
            broken = Break(position, fault)
            break
        previous = event.hash
    if broken is None and expected:
        broken = Break(min(expected), CUT)
    return Verification(
        head=Head(position, previous) if broken is None else head(),
        unsealed=AuditEvent.objects.filter(position=None).count(),
        first_break=broken,
    )


def verify_stretch(events: Sequence[AuditEvent]) -> Break | None:
    """The first break within events that should follow one another, oldest first."""
    for before, event in pairwise(events):
        position = (before.position or 0) + 1
        fault = _fault(event, position, before.hash)
        if fault:
            return Break(position, fault)
    if events and events[0].hash != _hash(events[0]):
        return Break(events[0].position or 0, CHANGED)
    return None


def _fault(event: AuditEvent, position: int, previous: str) -> str:
    """What is wrong with the event that should stand at a position; empty if nothing is."""
    if event.position != position:
        return MISSING
    if event.previous_hash != previous:
        return UNLINKED
    return "" if event.hash == _hash(event) else CHANGED


def export_head(now: dt.datetime) -> Path:
    """Write today's head to the data folder, once a day; return the file."""
    folder = heads_folder()
    path = folder / f"{now:%Y-%m-%d}.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        last = head()
        draft = folder / f".{path.name}-{os.getpid()}"
        draft.write_text(
            json.dumps({"position": last.position, "hash": last.hash, "at": now.isoformat()}) + "\n"
        )
        draft.replace(path)
    return path


def exported_heads() -> list[Head]:
    """The heads exported so far, oldest first."""
    return [
        Head(kept["position"], kept["hash"])
        for path in sorted(heads_folder().glob("*.json"))
        for kept in [json.loads(path.read_text())]
    ]


def set_heads_aside(now: dt.datetime) -> None:
    """Keep the heads exported so far apart: a restored chain isn't the one they were taken from."""
    folder = heads_folder()
    if folder.exists():
        folder.rename(folder.with_name(f"{folder.name}-before-{now:%Y%m%d-%H%M%S}"))


def heads_folder() -> Path:
    return Path(settings.DATA_DIR) / "audit-heads"


def _hash(event: AuditEvent) -> str:
    content = {
        "position": event.position,
        "previous": event.previous_hash,
        "uuid": str(event.uuid),
        "at": event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "actor_name": event.actor_name,
        "verb": event.verb,
        "subject": event.subject,
        "data": _canonical(event.data),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """Numbers as both databases return them: PostgreSQL gives 1e3 back as 1000."""
    if isinstance(value, dict):
        return {key: _canonical(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_canonical(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
