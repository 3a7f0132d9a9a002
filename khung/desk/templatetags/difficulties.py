"""What the templates of difficulties say with."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from khung.base import marks
from khung.desk.difficulty_words import office, stage_label
from khung.difficulties.models import Difficulty
from khung.rules import routing

register = template.Library()
register.filter(office)
register.filter(stage_label)

# The shapes of the states of work that mean the same: handed over, under way, done, let off.
_SHAPES = {
    routing.WAITING: "submitted",
    routing.ANSWERED: "returned",
    routing.DECIDED: "in_progress",
    routing.CONFIRMED: "accepted",
    routing.WITHDRAWN: "exempt",
}


@register.simple_tag
def difficulty_state(code: str) -> SafeString:
    """The shape and the word of a difficulty's state."""
    shape = _SHAPES[code]
    label = gettext(Difficulty.State(code).label)
    return format_html('<span class="state {}">{}{}</span>', shape, marks.mark(shape), label)
