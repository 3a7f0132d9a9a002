"""Every text of the project has its English, and nothing translated is out of use.

Texts are Vietnamese in the code (DEVELOPERS.md); `khung/locale/vi` holds only what third-party
libraries bring in English.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from khung.base import texts

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


def catalogue(language: str) -> Catalog:
    with (ROOT / f"khung/locale/{language}/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale=language)


def used() -> Iterator[tuple[str, str, str | None]]:
    """Where, msgid and context of each text in code, templates and the labels of the rules."""
    for where, text, context in texts.used():
        yield where, text if isinstance(text, str) else text[0], context


def entries(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def test_every_text_has_its_english() -> None:
    english = catalogue("en")
    missing = []
    for where, msgid, context in used():
        message = english.get(msgid, context)
        if message is None or message.fuzzy or not all(texts.translations(message)):
            missing.append(f"{where}: {msgid}")
    assert missing == []


def test_no_translation_is_out_of_use() -> None:
    known = {(msgid, context) for _, msgid, context in used()}
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
        for text in texts.translations(message):
            assert text, message.id
            assert unicodedata.is_normalized("NFC", text), message.id
            assert set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(singular)), message.id


def test_texts_in_code_are_vietnamese_and_composed() -> None:
    for where, msgid, _ in used():
        assert unicodedata.is_normalized("NFC", msgid), where
