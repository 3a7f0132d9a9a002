"""Every text of the project has its English, and nothing translated is out of use.

Texts are Vietnamese in the code (DESIGN.md part 5); `khung/locale/vi` holds only what third-party
libraries bring in English.
"""

import ast
import re
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


def catalogue(language: str) -> Catalog:
    with (ROOT / f"khung/locale/{language}/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale=language)


def used() -> Iterator[tuple[str, str, str | None]]:
    """Where, msgid and context of each text in code and templates."""
    for path in sorted((ROOT / "khung").rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts:
            continue
        source = path.read_text()
        if path.suffix != ".py":
            source = templatize(source)
        for line, message, _, context in extract("python", BytesIO(source.encode()), KEYWORDS):
            msgid = message if isinstance(message, str) else message[0]
            yield f"{path.relative_to(ROOT)}:{line}", msgid, context


def texts(message: Message) -> list[str]:
    """The translations of a message, one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def entries(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def test_every_text_has_its_english() -> None:
    english = catalogue("en")
    missing = []
    for where, msgid, context in used():
        message = english.get(msgid, context)
        if message is None or message.fuzzy or not all(texts(message)):
            missing.append(f"{where}: {msgid}")
    assert missing == []


def words_of_the_rules() -> set[str]:
    """`khung.rules` knows no gettext: pages translate the labels it gives."""
    return {
        node.value
        for path in (ROOT / "khung/rules").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_no_translation_is_out_of_use() -> None:
    known = {(msgid, context) for _, msgid, context in used()}
    known |= {(label, None) for label in words_of_the_rules()}
    unused = []
    for message in entries("en"):
        msgid = message.id if isinstance(message.id, str) else message.id[0]
        if (msgid, message.context) not in known:
            unused.append(msgid)
    assert unused == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_translations_are_whole(language: str) -> None:
    """None empty or unsure, all composed letters, and with the places for values of the source."""
    for message in entries(language):
        assert not message.fuzzy, message.id
        singular = message.id if isinstance(message.id, str) else message.id[-1]
        for text in texts(message):
            assert text, message.id
            assert unicodedata.is_normalized("NFC", text), message.id
            assert set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(singular)), message.id


def test_texts_in_code_are_vietnamese_and_composed() -> None:
    for where, msgid, _ in used():
        assert unicodedata.is_normalized("NFC", msgid), where
