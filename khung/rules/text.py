"""Vietnamese text: one normal form, comparing without marks, and the Vietnamese order."""

import re
import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_ORDER = {letter: position for position, letter in enumerate(_LETTERS, start=100)}
# Dictionary order: no mark, huyền, hỏi, ngã, sắc, nặng.
_TONE_ORDER = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_TONES = "".join(_TONE_ORDER)
# oa, oe, uy at the end of a syllable; the u of "qu" belongs to the consonant.
_NEW_STYLE = re.compile(
    rf"(?:(?<=[oO])([aAeE])|(?<=[uU])(?<![qQ][uU])([yY]))([{_TONES}])(?![\w\u0300-\u036f])"
)

# In the name of an office, what comes before the name of a place, and before that of a sector.
_BEFORE_A_PLACE = (
    " tỉnh", " thành phố", " huyện", " quận", " thị xã", " xã", " phường", " thị trấn", " đặc khu",
)  # fmt: skip
_BEFORE_A_SECTOR = frozenset({"bộ", "sở", "ban", "cục"})


def nfc(text: str) -> str:
    """Compose letters and marks, the only form that is stored."""
    return unicodedata.normalize("NFC", text)


def squeeze(text: str) -> str:
    """NFC with single spaces and none at the ends."""
    return " ".join(nfc(text).split())


def fold(text: str) -> str:
    """Lower case without marks, đ as d: what a person types who skips the marks.

    The eth (ð) that old Vietnamese fonts put in place of đ is read as đ.
    """
    decomposed = unicodedata.normalize("NFD", text.lower())
    bare = "".join(mark for mark in decomposed if unicodedata.category(mark) != "Mn")
    return bare.replace("đ", "d").replace("ð", "d")


def office_name(text: str) -> str:
    """An office as a sentence names it: "ỦY BAN NHÂN DÂN TỈNH PHÚ YÊN" has only its own name
    in capitals then. A text that is not all capitals stays as it is.
    """
    if not text.isupper():
        return text
    words = text.lower().split()
    is_name = False
    for n, word in enumerate(words):
        if n == 0 or is_name or (n == 1 and words[0].lower() in _BEFORE_A_SECTOR):
            words[n] = word.capitalize()
        is_name = is_name or " ".join(words[: n + 1]).lower().endswith(_BEFORE_A_PLACE)
    return " ".join(words)


def old_style_tones(text: str) -> str:
    """NFC with the tone mark where official documents put it: hoà → hòa, thuỷ → thủy."""

    def move(match: re.Match[str]) -> str:
        return match.group(3) + (match.group(1) or match.group(2))

    return nfc(_NEW_STYLE.sub(move, unicodedata.normalize("NFD", text)))


def vietnamese_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """A sort key: letters in the order of the Vietnamese alphabet, then tones, then the text.

    Letters of the whole text weigh before any tone, as in the CLDR order PostgreSQL uses.
    """
    letters: list[int] = []
    tones: list[int] = []
    for character in nfc(text):
        base = unicodedata.normalize("NFD", character.lower())
        tone = next((_TONE_ORDER[mark] for mark in base if mark in _TONE_ORDER), 0)
        letter = nfc("".join(mark for mark in base if mark not in _TONE_ORDER)) or character
        order = _LETTER_ORDER.get(letter)
        if order is None:
            # Blanks, then digits, before letters; anything else after them.
            order = ord(letter[0]) if letter[0] < "a" else 1000 + ord(letter[0])
        letters.append(order)
        tones.append(tone)
    return tuple(letters), tuple(tones), text
