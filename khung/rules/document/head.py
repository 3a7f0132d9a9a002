"""What a Decision says before its table: number, dates, issuer, signer, title, addressees."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from khung.rules.document.items import Cell
from khung.rules.document.tree import Doubt, Head
from khung.rules.text import fold, squeeze

_NUMBER = r"(?P<number>\d+(?:/\d{4})?/[A-ZĐa-zđ0-9\-]+)"
_OWN_NUMBER = re.compile(rf"^Số\s*:\s*{_NUMBER}", re.IGNORECASE)
_LONG_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_PLACE_AND_DATE = re.compile(rf"^[^,;]{{2,40}},\s*{_LONG_DATE.pattern}", re.IGNORECASE)
_ANNEX = re.compile(
    rf"kèm theo Quyết định số\s*{_NUMBER}\s*,?\s*ngày\s+(\d{{1,2}})/(\d{{1,2}})/(\d{{4}})",
    re.IGNORECASE,
)
_ISSUER = re.compile(r"^(?:uy ban nhan dan|hoi dong nhan dan|bo |so |ban )")
_SIGNING_POST = re.compile(r"\b(?:chu tich|bo truong|thu truong|giam doc)$")
_NAME = re.compile(r"^[^\W\d_]+(?: [^\W\d_]+){1,5}$")
_ADDRESSEES = re.compile(
    r"^Điều\s+\d+\s*\.\s*(?P<who>.+?)(?:\s+có trách nhiệm|\s+chịu trách nhiệm)\s+thi hành",
    re.IGNORECASE,
)
_POSTS = re.compile(
    r"^(?:các\s+)?(?:ông, bà\s*:?\s*|chánh(?! thanh tra)|thủ trưởng|chủ tịch|giám đốc|trưởng ban"
    r"|tổng biên tập|người đứng đầu)\s+",
    re.IGNORECASE,
)
_DECISION = ("quyet dinh", "ke hoach")
# Anything longer is text that ran into its neighbour, not what a Decision says of itself.
LONGEST = {"number": 60, "issuer": 255, "signer": 120, "title": 500}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Consecutive lines; a blank line ends a paragraph, and so does a change to capitals."""

    lines: Cell

    @property
    def line(self) -> int:
        return self.lines.pieces[0][0]

    @property
    def text(self) -> str:
        return self.lines.text.replace("\n", " ")


def paragraphs(head: Sequence[tuple[int, str]]) -> list[Paragraph]:
    """The head's lines as paragraphs, without the stars of bold and italic type."""
    found: list[list[tuple[int, str]]] = []
    for line, raw in head:
        text = squeeze(raw.replace("*", ""))
        if not text:
            continue
        last = found[-1][-1] if found else None
        if last and last[0] == line - 1 and last[1].isupper() == text.isupper():
            found[-1].append((line, text))
        else:
            found.append([(line, text)])
    return [Paragraph(Cell(tuple(lines))) for lines in found]


def read_head(texts: Sequence[Paragraph]) -> tuple[Head, list[Doubt]]:
    """The head as written, and where it contradicts itself or leaves something out."""
    lines = [Paragraph(Cell((piece,))) for text in texts for piece in text.lines.pieces]
    own_number = _first(_OWN_NUMBER, lines)
    annex = _first(_ANNEX, texts)
    signed = _first(_PLACE_AND_DATE, lines)
    doubts: list[Doubt] = []
    issued_on = _date(*signed[1].groups()) if signed else None
    annex_date = _date(*annex[1].groups()[1:]) if annex else None
    if issued_on and annex_date and issued_on != annex_date:
        doubts.append(_dates_differ(issued_on, annex_date, annex[0] if annex else None))
    number = own_number or annex
    if annex and not own_number:
        doubts.append(_number_from_annex(annex[0], annex[1]["number"]))
    head = Head(
        _short("number", number[1]["number"] if number else ""),
        issued_on or annex_date,
        _short("issuer", _issuer(texts)),
        _short("signer", _signer(lines)),
        _short("title", _title(texts)),
        _addressees(texts),
    )
    return head, [*doubts, *_missing(head)]


def _first(
    pattern: re.Pattern[str], texts: Sequence[Paragraph]
) -> tuple[Paragraph, re.Match[str]] | None:
    matches = ((paragraph, pattern.search(paragraph.text)) for paragraph in texts)
    return next(((paragraph, match) for paragraph, match in matches if match), None)


def _date(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _short(name: str, text: str) -> str:
    return text if len(text) <= LONGEST[name] else ""


def _issuer(texts: Sequence[Paragraph]) -> str:
    upper = (text.text for text in texts if text.text.isupper())
    return next((text for text in upper if _ISSUER.match(fold(text))), "")


def _title(texts: Sequence[Paragraph]) -> str:
    """The paragraph below the word that names the kind of document."""
    for kind, title in pairwise(texts):
        if fold(kind.text) in _DECISION:
            return title.text
    return ""


def _signer(lines: Sequence[Paragraph]) -> str:
    """The first name within a few lines below the post that signs."""
    posts = [bool(line.text.isupper() and _SIGNING_POST.search(fold(line.text))) for line in lines]
    for place, is_post in enumerate(posts):
        if is_post:
            below = range(place + 1, min(place + 5, len(lines)))
            names = (lines[at].text for at in below if not posts[at])
            return next((name for name in names if _NAME.match(name)), "")
    return ""


def _addressees(texts: Sequence[Paragraph]) -> tuple[str, ...]:
    """The bodies named by the article that says who carries the Decision out.

    A comma parts two bodies only where a capital follows; "… có liên quan" names none.
    """
    found = _first(_ADDRESSEES, texts)
    phrases: list[str] = []
    for group in found[1]["who"].split(";") if found else ():
        for place, part in enumerate(re.split(r",\s+", group.strip())):
            if place and not part[:1].isupper():
                phrases[-1] += f", {part}"
            else:
                phrases.append(_POSTS.sub("", part))
    return tuple(phrase for phrase in phrases if phrase and not phrase.endswith("có liên quan"))


def _dates_differ(body: date, annex: date, where: Paragraph | None) -> Doubt:
    return Doubt(
        "dates_differ",
        f"Ngày ban hành ghi ở phần đầu là {body:%d/%m/%Y}, ở phụ lục là {annex:%d/%m/%Y}.",
        None,
        where.line if where else None,
        "issued_on",
        f"{annex:%d/%m/%Y}",
        f"{body:%d/%m/%Y}",
    )


def _number_from_annex(where: Paragraph, number: str) -> Doubt:
    return Doubt(
        "number_from_annex",
        f"Phần đầu Quyết định không ghi số; số {number} lấy từ phụ lục.",
        None,
        where.line,
        "number",
        number,
        number,
    )


def _missing(head: Head) -> list[Doubt]:
    labels = {
        "number": "số",
        "issued_on": "ngày ban hành",
        "issuer": "cơ quan ban hành",
        "signer": "người ký",
        "title": "trích yếu",
    }
    return [
        Doubt("head_missing", f"Không tìm thấy {label} của Quyết định.", None, None, name, "")
        for name, label in labels.items()
        if not getattr(head, name)
    ]
