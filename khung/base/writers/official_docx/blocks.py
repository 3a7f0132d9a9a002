"""What may stand in an official document."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the text.

    `issuer_parent` is the body above the issuing one, or "". `number_symbol` as "05/BC-UBND"; one
    that begins with "/" leaves room for the number. `day` None leaves room for the date. A letter
    (`is_letter`) has no kind title and says `about` as "V/v …" under its number; any other kind
    says `kind_title` ("BÁO CÁO") and `about` in the middle.
    """

    issuer_parent: str
    issuer: str
    number_symbol: str
    place: str
    day: dt.date | None
    kind_title: str
    about: str
    is_letter: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body; `centred` ones have no indent, "\\n" in the text breaks lines."""

    text: str
    bold: bool = False
    italic: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Addressees:
    """To whom a letter goes: one in the line of "Kính gửi:", several one below the other."""

    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table whose head is repeated on each page; a row is never cut in two.

    `widths_mm` are shares of the text's width: they need not sum to it. Columns in `centred`
    (numbers of rows, dates) stand in the middle.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths_mm: Sequence[float]
    landscape: bool = False
    centred: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Annex:
    """Begins an annex on a new page: "PHỤ LỤC", its title, and which document it belongs to."""

    title: str
    note: str = ""
    label: str = "PHỤ LỤC"
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: "TM. ỦY BAN NHÂN DÂN" or "KT. GIÁM ĐỐC" (or ""), the title, the name or ""."""

    authority: str
    title: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Recipients:
    """The list "Nơi nhận", ending in "Lưu: VT, …"; stands beside a `Signature` next to it."""

    lines: Sequence[str]


Block = Paragraph | Addressees | Table | Annex | Signature | Recipients
