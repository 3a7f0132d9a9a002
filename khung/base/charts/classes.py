"""The four official classes in the colours that every screen gives them."""

from django.utils.translation import gettext

from khung.base.charts.bars import Part
from khung.rules.workflow import OFFICIAL_CLASSES

# The tone of each class, and whether white figures stand on it.
_TONES = {
    "done_on_time": ("accepted", True),
    "done_late": ("late-done", False),
    "doing_on_time": ("not_started", False),
    "doing_late": ("late", True),
}


def class_parts() -> list[Part]:
    """The official classes as parts of a stacked bar, in their order."""
    return [Part(gettext(label), *_TONES[code]) for code, label in OFFICIAL_CLASSES.items()]
