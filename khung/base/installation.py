"""What this installation is for, remembered in its data folder.

An installation made by `run.py init` is never filled with demonstration data by a later start,
even while its database is still empty.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings


class Kind(StrEnum):
    DEMONSTRATION = "demonstration"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Installation:
    """`complete` is false while demonstration data are being loaded, so that a cut load goes on."""

    kind: Kind
    complete: bool = True


def read() -> Installation | None:
    """What was remembered; None in a data folder that has seen no start yet."""
    try:
        data = json.loads(_path().read_text())
    except FileNotFoundError:
        return None
    return Installation(Kind(data["kind"]), data["complete"])


def remember(installation: Installation) -> None:
    fresh = _path().with_suffix(".new")
    fresh.write_text(json.dumps(asdict(installation)) + "\n")
    fresh.replace(_path())


def is_demonstration() -> bool:
    installation = read()
    return installation is not None and installation.kind is Kind.DEMONSTRATION


def _path() -> Path:
    return Path(settings.DATA_DIR) / "installation.json"
