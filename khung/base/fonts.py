"""Noto Sans as a small web font, cut at first start from the wheel's full font.

Kept: the weights 400–700 at normal width, and the letters Vietnamese and English texts need.
"""

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

import fontpkg
from django.conf import settings
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FILE_NAME = "noto-sans.woff2"
# Latin and its Vietnamese letters, combining marks, typographic signs, the đồng sign.
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0xFF),
    (0x102, 0x103),
    (0x110, 0x111),
    (0x128, 0x129),
    (0x168, 0x169),
    (0x1A0, 0x1A1),
    (0x1AF, 0x1B0),
    (0x300, 0x301),
    (0x302, 0x303),
    (0x306, 0x306),
    (0x309, 0x309),
    (0x31B, 0x31B),
    (0x323, 0x323),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2022, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x20AB, 0x20AB),
    (0x2212, 0x2212),
    (0x2264, 0x2265),
)
FEATURES = ["ccmp", "kern", "locl", "mark", "mkmk", "tnum", "lnum"]


def folder() -> Path:
    """Where the cut font lies, made if it is not there; a new recipe makes a new folder."""
    recipe = repr((RANGES, FEATURES, version("fontpkg-noto-sans"), version("fonttools")))
    place = Path(settings.DATA_DIR) / "fonts" / hashlib.sha256(recipe.encode()).hexdigest()[:12]
    target = place / FILE_NAME
    if not target.exists():
        place.mkdir(parents=True, exist_ok=True)
        draft = place / f".{FILE_NAME}-{os.getpid()}"
        _cut(draft)
        draft.replace(target)
    return place


def _cut(target: Path) -> None:
    options = subset.Options(flavor="woff2", layout_features=FEATURES, hinting=False)
    options.name_IDs = [1, 2, 3, 4, 5, 6]
    font = TTFont(fontpkg.path("Noto Sans"))
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    cutter.subset(font)
    small = instancer.instantiateVariableFont(
        font, {"wdth": 100, "wght": (400, 700)}, optimize=True
    )
    subset.save_font(small, str(target), options)
