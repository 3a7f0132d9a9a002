"""What the templates of letters of urging say with."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from khung.base import marks
from khung.reminders.letters import reading
from khung.rules.letters import URGE

register = template.Library()
# The marks of work, used the same way: under way, done, taken out.
_MARKS = {
    reading.DRAFT: "in_progress",
    reading.ISSUED: "accepted",
    reading.WITHDRAWN: "exempt",
}


@register.filter
def letter_state_name(state: str) -> str:
    """What a state of a letter is called; "" for an unknown one."""
    return {
        reading.DRAFT: gettext("chờ số"),
        reading.ISSUED: gettext("đã phát hành"),
        reading.WITHDRAWN: gettext("đã thu hồi"),
    }.get(state, "")


@register.simple_tag
def letter_state(state: str) -> SafeString:
    """The mark and the word of a letter's state."""
    code = _MARKS[state]
    name = letter_state_name(state)
    return format_html('<span class="state {}">{}{}</span>', code, marks.mark(code), name)


@register.filter
def letter_form(form: str) -> str:
    """The words a letter speaks in."""
    return gettext("Đôn đốc, yêu cầu") if form == URGE else gettext("Đề nghị")
