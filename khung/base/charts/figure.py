"""What every chart is made of: escaped text, links, the key, the data table, the figure.

Drawings are laid out in parts of their width, so that letters keep their size on every screen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext

# Of Noto Sans at 13 px, a little more than the average letter, so that labels never touch.
LETTER_WIDTH = 6.6
# The width in print and in reports; pages stretch it.
WIDTH = 920


@dataclass(frozen=True, slots=True)
class Label:
    """A name on an axis, with the page it leads to."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, the key to its colours, and the same figures as a table."""

    title: str
    svg: SafeString
    table: SafeString
    key: str = ""

    def __html__(self) -> str:
        return SafeString(
            f'<figure class="chart"><figcaption>{escape(self.title)}</figcaption>{self.key}'
            f'<div class="canvas">{self.svg}</div>'
            f"<details><summary>{escape(gettext('Bảng số liệu'))}</summary>{self.table}</details>"
            "</figure>"
        )

    __str__ = __html__


def drawing(title: str, height: float, parts: Iterable[str], kind: str) -> SafeString:
    """The svg element."""
    return SafeString(
        f'<svg class="{kind}" width="{WIDTH}" height="{height:g}" role="group" '
        f'aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> SafeString:
    """A plain table; the first column holds names, the others figures."""
    # A heading without words is no heading for a screen reader.
    heading = "".join(
        f'<th scope="col"{_number(n)}>{escape(name)}</th>' if name else "<td></td>"
        for n, name in enumerate(head)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{escape(value)}</th>'
            if n == 0
            else f'<td class="number">{escape(value)}</td>'
            for n, value in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return SafeString(
        f'<div class="rows wide" tabindex="0" role="region" aria-label="{escape(title)}"><table>'
        f"<thead><tr>{heading}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def linked(href: str, inner: str) -> str:
    """`inner` as a link, or as it is."""
    return f'<a href="{escape(href)}">{inner}</a>' if href else inner


def clipped(text: str, width: float) -> str:
    """The text, cut with "…" where it would be wider than `width`."""
    room = int(width / LETTER_WIDTH)
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"


def wrapped(text: str, width: float, most: int) -> list[str]:
    """The words over at most `most` lines of a width; a word too long for one goes on below."""
    lines: list[str] = []
    room = int(width / LETTER_WIDTH)
    words = text.split()
    while words:
        word = words.pop(0)
        if len(word) > room > 1:
            words.insert(0, word[room - 1 :])
            word = f"{word[: room - 1]}-"
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and len(joined) * LETTER_WIDTH <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    if len(lines) > most:
        lines[most - 1] += "…"
    return [clipped(line, width) for line in lines[:most]]


def _number(column: int) -> str:
    return ' class="number"' if column else ""
