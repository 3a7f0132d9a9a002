"""Every verb in the code has a sentence for the people who read the trail."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from khung.base import audit
from khung.base.models import AuditEvent

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


@pytest.mark.parametrize(
    ("verb", "data", "said"),
    [
        ("period.made", {"code": "2026-Q4"}, "Quý IV/2026"),
        (
            "period.put_into_work",
            {"code": "2025", "made": 3679, "total": 6491},
            "3.679 trong 6.491",
        ),
        ("framework.put_in_force", {"from": "2022-11-07"}, "07/11/2022"),
        ("role.granted", {"role": "officer", "unit": "Xã A"}, "“Công chức thực hiện” tại Xã A"),
        ("phrase.withdrawn", {"phrase": "…", "role": "guiding"}, "(hướng dẫn, kiểm tra)"),
        ("period.deadline_set", {"level": "commune", "timely_on": "2025-03-17"}, "cấp xã"),
        ("doubt.settled", {"key": "ocr_slip:16:method:x", "settlement": "y"}, "ở nhiệm vụ 16: y"),
        ("doubt.settled", {"key": "dates_differ:decision:x", "settlement": "y"}, "phần chung"),
    ],
)
def test_a_sentence_holds_an_officials_words(verb: str, data: dict[str, object], said: str) -> None:
    event = AuditEvent(verb=verb, subject="x:1", data=data)
    assert said in audit.sentence(event, audit.sentences())


def test_what_the_system_does_is_told_as_the_systems() -> None:
    assert audit.actor(AuditEvent(actor="system:schedule", actor_name="x")) == "hệ thống"
    assert audit.actor(AuditEvent(actor="person:1", actor_name="Đặng Vận")) == "Đặng Vận"


def test_every_sentence_can_be_filled_in() -> None:
    for verb, pattern in audit.sentences().items():
        assert str(pattern).format_map(audit._Gaps()), verb
