"""Compiles translations with Babel, so that no system gettext is needed to run."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings


def compile_stale() -> list[Path]:
    """Write each missing or outdated `.mo` beside its `.po`; return those written.

    A file is replaced whole, so that processes starting at once never read half of one. Raises
    OSError where the folder cannot be written and the file is not there yet.
    """
    written = []
    for folder in settings.LOCALE_PATHS:
        for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
                continue
            with source.open("rb") as file:
                catalogue = read_po(file)
            fresh = target.with_suffix(f".{os.getpid()}.new")
            with fresh.open("wb") as file:
                write_mo(file, catalogue)
            fresh.replace(target)
            written.append(target)
    return written
