"""The first real input, read once."""

from functools import cache
from pathlib import Path

from khung.frameworks.readers.text import read_text
from khung.rules.document import ReadDecision, SourceText, read

PATH = Path(__file__).parents[2] / "demonstration" / "khanh-hoa" / "decision.txt"


@cache
def source() -> SourceText:
    return read_text(PATH.read_bytes(), PATH.name)


@cache
def decision() -> ReadDecision:
    return read(source())
