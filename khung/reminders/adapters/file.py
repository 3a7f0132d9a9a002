"""Writes what would be sent: where no gateway is connected, and on a machine for trying out."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from khung.base import clock
from khung.reminders.adapters.sent import NotSent, Outgoing


def folder() -> Path:
    """Where the files lie: one a day, one message a line."""
    return Path(settings.DATA_DIR) / "outbox"


def write(message: Outgoing) -> None:
    """Appends the message to the file of the day, readable by its owner only."""
    now = clock.now()
    line = json.dumps({"at": now.isoformat(), **asdict(message)}, ensure_ascii=False)
    try:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder() / f"{now:%Y-%m-%d}.jsonl"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as lines:
            lines.write(f"{line}\n")
    except OSError as error:
        said = gettext("Không ghi được tệp tin nhắn: %(why)s.")
        raise NotSent(said % {"why": error.strerror}) from error
