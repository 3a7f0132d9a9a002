"""Text files: one line for each row of the table, its cells parted by tabs."""

import codecs

from khung.rules.document import SourceRow, SourceText, UnreadableDocument
from khung.rules.text import nfc

# A letterhead set in two columns has one tab; a row of the table has more.
_TABS_OF_A_ROW = 2
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(data: bytes, name: str) -> SourceText:
    """Number the lines of a text file and part its table from what stands above it.

    Raises UnreadableDocument for an empty file and for one that is not text; `name` is how the
    message calls the file.
    """
    lines = [line.rstrip("\r") for line in _decode(data, name).split("\n")]
    start = next((i for i, ln in enumerate(lines) if ln.count("\t") >= _TABS_OF_A_ROW), len(lines))
    return SourceText(
        head=tuple((no, line) for no, line in enumerate(lines[:start], start=1)),
        rows=tuple(
            SourceRow(no, tuple(line.split("\t")))
            for no, line in enumerate(lines[start:], start=start + 1)
            if line.strip()
        ),
    )


def _decode(data: bytes, name: str) -> str:
    if not data.strip():
        raise UnreadableDocument(f"Tệp {name} rỗng. Hãy chọn tệp Quyết định có kèm phụ lục.")
    encoding = next((coding for mark, coding in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_text(name, f"byte thứ {error.start + 1}") from None
    if "\0" in text:
        raise _not_text(name, f"ký tự thứ {text.index(chr(0)) + 1}")
    return nfc(text)


def _not_text(name: str, where: str) -> UnreadableDocument:
    return UnreadableDocument(
        f"Tệp {name} không phải văn bản UTF-8 (sai ở {where}). "
        "Hãy lưu lại thành tệp văn bản (.txt) mã UTF-8 rồi thử lại."
    )
