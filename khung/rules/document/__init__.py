"""Reading a Decision: `read` takes rows of strings from a reader, and gives a tree and doubts."""

from khung.rules.document.as_json import as_json
from khung.rules.document.reading import read
from khung.rules.document.tree import (
    FIELDS,
    LIST_FIELDS,
    Doubt,
    Head,
    Item,
    ReadDecision,
    ReadTask,
    SourceRow,
    SourceText,
    UnreadableDocument,
)

__all__ = [
    "FIELDS",
    "LIST_FIELDS",
    "Doubt",
    "Head",
    "Item",
    "ReadDecision",
    "ReadTask",
    "SourceRow",
    "SourceText",
    "UnreadableDocument",
    "as_json",
    "read",
]
