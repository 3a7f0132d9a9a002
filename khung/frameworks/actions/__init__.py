"""What people do to a framework: draft it from a file, settle its doubts, put it in force."""

from khung.frameworks.actions.doubts import reuse_settlements, settle_doubt
from khung.frameworks.actions.drafts import (
    AlreadyRead,
    NotADraft,
    discard_draft,
    draft_framework,
    place_task,
)
from khung.frameworks.actions.force import NotReady, put_in_force
from khung.frameworks.actions.meanings import record_meaning, withdraw_meaning

__all__ = [
    "AlreadyRead",
    "NotADraft",
    "NotReady",
    "discard_draft",
    "draft_framework",
    "place_task",
    "put_in_force",
    "record_meaning",
    "reuse_settlements",
    "settle_doubt",
    "withdraw_meaning",
]
