"""What templates say with: states, dates, numbers, icons, sentences of filters."""

import datetime as dt
from collections.abc import Iterable

import heroicons
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from khung.base import audit, marks, wording
from khung.rules.actors import holds_villages
from khung.rules.text import office_name
from khung.rules.workflow import STATES

register = template.Library()
register.filter(wording.long_date)
register.filter(wording.number)
register.filter(wording.percent)
register.filter(wording.period_name)
register.filter(audit.actor)
register.filter(office_name)
register.filter(holds_villages)

# Fewer working days than this are worth a warning.
NEAR = 5


@register.filter
def short_date(day: dt.date) -> str:
    """15/10/2025."""
    return f"{day:%d/%m/%Y}"


@register.filter
def cut_at_a_word(text: str, most: int) -> str:
    """The text, cut after a whole word with "…" where it is longer than `most` characters."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:-–") + "…"


@register.simple_tag
def state(code: str, is_late: bool = False) -> SafeString:
    """The shape and the word of a state of work; a late one says so in words too."""
    shown = format_html(
        '<span class="state {}">{}{}</span>', code, marks.mark(code), gettext(STATES[code])
    )
    if not is_late:
        return shown
    return format_html('{} <span class="late-word">{}</span>', shown, gettext("quá hạn"))


@register.simple_tag
def due(day: dt.date | None, working_days: int | None = None) -> SafeString:
    """A deadline as "thứ Tư, 15/10/2025 · còn 6 ngày làm việc"; nothing for no date."""
    if day is None:
        return SafeString("")
    said = format_html('<span class="nowrap">{}</span>', wording.long_date(day))
    if working_days is None:
        return said
    tone = "late-word" if working_days < 0 else "near-word" if working_days < NEAR else "far-word"
    left = wording.days_left(working_days)
    return format_html('{} · <span class="{}">{}</span>', said, tone, left)


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """An outline icon of heroicons; the word beside it is what readers hear."""
    drawn = heroicons._render_icon(
        "outline", str(name), size, {"class": "icon", "aria-hidden": "true"}
    )
    return SafeString(drawn)


@register.simple_tag
def filter_sentence(parts: Iterable[tuple[str, object]]) -> SafeString:
    """The filters in force: "Kỳ: Quý II/2025 · Trạng thái: quá hạn"."""
    said = format_html_join(" · ", "{}: <b>{}</b>", parts)
    return format_html('<p class="sentence">{}</p>', said)
