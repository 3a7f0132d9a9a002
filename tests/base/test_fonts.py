"""The web font holds every letter Vietnamese needs, and little else."""

import unicodedata
from itertools import product
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from khung.base import assets, fonts

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


def vietnamese_letters() -> set[str]:
    """All 67 vowels with their tones, the consonants, in both cases."""
    vowels = {unicodedata.normalize("NFC", a + b) for a, b in product(VOWELS, TONES)}
    lower = vowels | set("bcdđghklmnpqrstvxfjwz")
    return lower | {letter.upper() for letter in lower}


@pytest.fixture(scope="module")
def font_path() -> Path:
    return fonts.folder() / fonts.FILE_NAME


def test_the_font_holds_every_vietnamese_letter(font_path: Path) -> None:
    letters = vietnamese_letters()
    assert len(letters) == 2 * (72 + 21)
    held = {chr(code) for code in TTFont(font_path).getBestCmap()}
    assert letters - held == set()
    assert set("0123456789 .,;:!?()[]/%+-–—“”‘’…·•₫") - held == set()


def test_the_font_is_light_and_has_both_weights(font_path: Path) -> None:
    assert font_path.stat().st_size <= 110_000
    (weight,) = TTFont(font_path)["fvar"].axes
    assert (weight.axisTag, weight.minValue, weight.maxValue) == ("wght", 400, 700)


def test_the_font_is_cut_once(font_path: Path) -> None:
    before = font_path.stat().st_mtime_ns
    assert fonts.folder() / fonts.FILE_NAME == font_path
    assert font_path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "name",
    ["vendor/noto-sans.woff2", "vendor/bootstrap.min.css", "base/khung.css", "base/mark.svg"],
)
def test_pages_find_their_files(name: str) -> None:
    found = finders.find(name)
    assert isinstance(found, str)
    assert Path(found).stat().st_size > 100


def test_nothing_but_what_pages_use_is_taken_from_the_wheels() -> None:
    taken = sorted(f"{storage.prefix}/{name}" for name, storage in assets.WheelFinder().list([]))
    assert taken == [
        "vendor/bootstrap.min.css",
        "vendor/bootstrap.min.css.map",
        "vendor/noto-sans.woff2",
    ]
    assert not finders.find("vendor/other.css")
