"""What the parts of the board are called: dimensions, areas, levels, states, groups of states."""

from django.utils.translation import get_language, gettext, gettext_noop

from khung.base.wording import dimension_name
from khung.frameworks.tasks import subdimension_label
from khung.rules.workflow import NOTHING_AROSE, STATES

# Groups of states that one figure counts together (assignments.listing.GROUPS).
APART_LABELS = {
    "counted": gettext_noop("có tính"),
    "apart": gettext_noop("miễn và không phát sinh"),
}


def state_label(state: str) -> str:
    """How a state reads, also the one under which accepted "nothing arose" is counted."""
    return gettext("Không phát sinh") if state == NOTHING_AROSE else gettext(STATES[state])


def area_name(code: str, year: int) -> str:
    """The name of a dimension or of a sub-dimension of that year; "" for one nobody knows."""
    try:
        if "." not in code:
            return dimension_name(int(code))
        return subdimension_label(code, year, english=get_language() == "en")
    except (KeyError, ValueError):
        return ""


def area_label(code: str, year: int) -> str:
    """The code with its name: "1.1. Tri thức công dân"."""
    name = area_name(code, year)
    return f"{code}. {name}" if name else code


def level_label(level: str) -> str:
    """A level as a heading names it."""
    labels = {
        "province": gettext("Cấp tỉnh"),
        "district": gettext("Cấp huyện"),
        "commune": gettext("Cấp xã"),
        "village": gettext("Thôn, tổ dân phố"),
    }
    return labels.get(level, level)


def group_label(group: str) -> str:
    """A group of units that are ranked together (assignments.ranking.GROUPS)."""
    labels = {
        "commune": gettext("UBND cấp xã"),
        "commune-bodies": gettext("Cơ quan, đơn vị khác ở cấp xã"),
        "district": gettext("UBND cấp huyện"),
        "district-bodies": gettext("Cơ quan, đơn vị khác ở cấp huyện"),
        "province": gettext("UBND tỉnh"),
        "province-bodies": gettext("Sở, ngành, cơ quan cấp tỉnh"),
    }
    return labels.get(group, group)
