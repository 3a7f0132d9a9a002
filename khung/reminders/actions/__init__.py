"""What people do about reminders."""

from khung.reminders.actions.reading import read_digest, set_preference
from khung.reminders.actions.resending import MOST, retry_messages
from khung.reminders.actions.ruling import (
    WrongRule,
    add_rule,
    keep_proposed_rules,
    switch_rule,
)

__all__ = [
    "MOST",
    "WrongRule",
    "add_rule",
    "keep_proposed_rules",
    "read_digest",
    "retry_messages",
    "set_preference",
    "switch_rule",
]
