"""A Decision read, as plain JSON values: what `read_decision --json` prints."""

from typing import Any

from khung.rules.document.tree import Doubt, Head, Item, ReadDecision, ReadTask
from khung.rules.methods import method_kind
from khung.rules.timing import as_dict, parse_timing

Json = dict[str, Any]


def as_json(decision: ReadDecision) -> Json:
    """The whole tree with the kinds of methods and timings, and every doubt."""
    return {
        "decision": _head(decision.head),
        "tasks": [_task(task) for task in decision.tasks],
        "doubts": [_doubt(doubt) for doubt in decision.doubts],
    }


def _head(head: Head) -> Json:
    return {
        "number": head.number,
        "issued_on": head.issued_on.isoformat() if head.issued_on else None,
        "issuer": head.issuer,
        "signer": head.signer,
        "title": head.title,
        "addressees": list(head.addressees),
    }


def _task(task: ReadTask) -> Json:
    corrected = [item.corrected for item in task.content]
    return {
        "no": task.no,
        "dimension": task.dimension,
        "subdimension": task.subdimension,
        "content": [item.text for item in task.content],
        # Beside the content, item by item, because content items are plain strings.
        **({"content_corrected": corrected} if any(corrected) else {}),
        "methods": [_item(item) | {"kind": method_kind(_words(item))} for item in task.methods],
        "guiding": [_item(item) for item in task.guiding],
        "implementing": [_item(item) for item in task.implementing],
        "timing": [_timing(item) for item in task.timing],
        "source": [{"line": line} for line in task.source],
        "doubts": list(task.doubts),
    }


def _timing(item: Item) -> Json:
    timing = parse_timing(_words(item))
    return _item(item) | {"kind": timing.kind, "parts": [as_dict(part) for part in timing.parts]}


def _item(item: Item) -> Json:
    return {"text": item.text} | ({"corrected": item.corrected} if item.corrected else {})


def _words(item: Item) -> str:
    return item.corrected or item.text


def _doubt(doubt: Doubt) -> Json:
    return {
        "code": doubt.code,
        "message": doubt.message,
        "task": doubt.task,
        "line": doubt.line,
        "field": doubt.field,
        "raw": doubt.raw,
        "proposal": doubt.proposal,
        "key": doubt.key,
    }
