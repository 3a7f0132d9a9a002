"""Every verb in the code has a sentence for the people who read the trail."""

import ast
from collections.abc import Iterator
from pathlib import Path

from khung.base import audit

ROOT = Path(__file__).resolve().parents[2]


def verbs() -> Iterator[tuple[str, str]]:
    """Each literal `verb=` given to a call of `record`, with the file it stands in."""
    for path in (ROOT / "khung").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) == "record":
                for keyword in node.keywords:
                    if keyword.arg == "verb" and isinstance(keyword.value, ast.Constant):
                        yield str(keyword.value.value), path.relative_to(ROOT).as_posix()


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def test_every_verb_has_a_sentence() -> None:
    told = audit.sentences()
    untold = sorted({(verb, path) for verb, path in verbs() if verb not in told})
    assert untold == []


def test_every_sentence_can_be_filled_in() -> None:
    for verb, pattern in audit.sentences().items():
        assert str(pattern).format_map(audit._Gaps()), verb
