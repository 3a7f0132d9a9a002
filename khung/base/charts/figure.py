"""What every chart is made of: escaped text, links, the data table and the figure around them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext

# Noto Sans at 13 px: a little wider than its average letter, so that labels never touch.
LETTER_WIDTH = 7.2


@dataclass(frozen=True, slots=True)
class Label:
    """A name on an axis, with the page it leads to."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and the same figures as a table."""

    title: str
    svg: SafeString
    table: SafeString

    def __html__(self) -> str:
        return SafeString(
            f'<figure class="chart"><figcaption>{escape(self.title)}</figcaption>'
            f'<div class="canvas">{self.svg}</div>'
            f"<details><summary>{escape(gettext('Bảng số liệu'))}</summary>{self.table}</details>"
            "</figure>"
        )

    __str__ = __html__


def drawing(
    title: str, width: float, height: float, parts: Iterable[str], *, kind: str = ""
) -> SafeString:
    """The svg element. Wide drawings keep a legible size on a phone and scroll sideways."""
    classes = f"{kind} wide" if width > 400 else kind
    return SafeString(
        f'<svg class="{classes.strip()}" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="group" aria-label="{escape(title)}">{"".join(parts)}</svg>'
    )


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> SafeString:
    """A plain table; the first column holds names, the others figures."""
    heading = "".join(
        f'<th scope="col"{_number(n)}>{escape(name)}</th>' for n, name in enumerate(head)
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
        f'<div class="rows" tabindex="0" role="region" aria-label="{escape(title)}"><table>'
        f"<thead><tr>{heading}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def linked(href: str, inner: str) -> str:
    """`inner` as a link, or as it is."""
    return f'<a href="{escape(href)}">{inner}</a>' if href else inner


def clipped(text: str, width: float) -> str:
    """The text, cut with "…" where it would be wider than `width`."""
    room = int(width / LETTER_WIDTH)
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"


def _number(column: int) -> str:
    return ' class="number"' if column else ""
