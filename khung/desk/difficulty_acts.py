"""What a person may do about a difficulty now, each verb with its form."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.desk.difficulty_words import office, stop_words
from khung.desk.forms_difficulties import Decide, Say, SayIfWished, SendOn
from khung.difficulties.models import Difficulty
from khung.difficulties.routing import ladder_of, later_stops, stop_after_dispute
from khung.orgs.acting import Acting
from khung.orgs.models import PEOPLE_COMMITTEE, Unit
from khung.orgs.queries import units_on
from khung.rules.routing import PROVINCE

# What each verb asks to be written.
_TEXT: dict[str, str | Promise] = {
    "answer": _("Nội dung trả lời"),
    "decide": _("Nội dung quyết định"),
    "send_on": _("Vì sao chuyển, đề xuất gì"),
    "carry_out": _("Đã làm gì, ở đâu, ngày nào"),
    "confirm": _("Ý kiến thêm (nếu có)"),
    "dispute": _("Còn vướng gì"),
    "withdraw": _("Vì sao không cần nữa"),
}
_DONE: dict[str, str | Promise] = {
    "answer": _("Đã trả lời; chờ đơn vị nêu xác nhận."),
    "decide": _("Đã ghi quyết định."),
    "send_on": _("Đã chuyển tiếp."),
    "carry_out": _("Đã báo thực hiện xong; chờ đơn vị nêu xác nhận."),
    "confirm": _("Đã xác nhận. Khó khăn này đã xong."),
    "dispute": _("Đã báo chưa giải quyết và chuyển lên cấp xử lý tiếp theo."),
    "withdraw": _("Đã rút lại."),
}


def done(verb: str) -> str:
    """What is said once a verb is done."""
    return str(_DONE[verb])


def forms(
    it: Difficulty,
    verbs: Iterable[str],
    today: dt.date,
    data: Mapping[str, str] | None = None,
) -> dict[str, Say]:
    """A form for each of the verbs, filled with `data` where given; unknown verbs have none."""
    made: dict[str, Say] = {}
    # What reaches the last stage comes there to be decided.
    for verb in sorted(verbs, key=lambda verb: it.stage != PROVINCE or verb != "decide"):
        if verb not in _TEXT:
            continue
        shared: dict[str, Any] = {
            "data": data,
            "prefix": verb,
            "label": str(_TEXT[verb]),
            "initial": {"version": it.version},
        }
        if verb == "send_on":
            made[verb] = SendOn(stops=_stops(it, today), **shared)
        elif verb == "decide":
            made[verb] = Decide(units=responsible_units(it, today), today=today, **shared)
        elif verb == "confirm":
            made[verb] = SayIfWished(**shared)
        elif verb == "dispute":
            made[verb] = Say(help_text=_after_dispute(it, today), **shared)
        else:
            made[verb] = Say(**shared)
    return made


def _stops(it: Difficulty, today: dt.date) -> list[tuple[str, str]]:
    ladder = ladder_of(it, today)
    return [
        (stop.stage, stop_words(stop.stage, office(ladder.unit(stop)), today))
        for stop in later_stops(it, ladder)
    ]


def _after_dispute(it: Difficulty, today: dt.date) -> str:
    ladder = ladder_of(it, today)
    stop = stop_after_dispute(it, ladder)
    unit = ladder.units.get(stop.unit)
    if unit is None:
        unit = Unit.objects.get(pk=stop.unit)
    return gettext("Sẽ chuyển đến %(unit)s.") % {"unit": office(unit)}


def responsible_units(it: Difficulty, today: dt.date) -> list[Unit]:
    """Who may be made responsible: the province's bodies, and the raiser's own line below it."""
    root = int(it.unit.path.strip("/").split("/")[0])
    line = [int(pk) for pk in it.unit.path.strip("/").split("/")[1:]]
    units = units_on(today)
    bodies = units.filter(parent_id=root).exclude(kind=PEOPLE_COMMITTEE)
    return list((bodies | units.filter(pk__in=line)).order_by("sort_key", "id"))


def stands_in(acting: Acting, it: Difficulty) -> bool:
    """Whether what the person may do is another unit's to do, which cannot or does not."""
    own = {it.holder_id, it.unit_id}
    return acting.unit is not None and acting.unit.pk not in own
