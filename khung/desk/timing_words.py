"""What a typed part of a timing phrase says, in words an official uses."""

from django.utils.translation import gettext, gettext_noop

from khung.rules.timing import CYCLES, OCCASIONS, PHASES, SEASON_LABELS, SEASONS, TimingPart


def timing_words(part: TimingPart) -> str:
    """One sentence: when the part makes work."""
    said = _SENTENCES.get(part.kind)
    if said is not None:
        return gettext(said)
    if part.kind == "seasonal":
        return _seasonal(part)
    if part.kind in ("counted", "recurring"):
        return _cyclic(part)
    if part.kind == "occasion":
        return _occasion(part)
    if part.kind == "dated":
        return _dated(part)
    return gettext("Chưa xác định; tạm tính theo từng kỳ báo cáo")


_SENTENCES = {
    "continuous": gettext_noop("Mỗi kỳ báo cáo một lần"),
    "on_request": gettext_noop("Mỗi kỳ báo cáo; kỳ không có yêu cầu thì báo “không phát sinh”"),
    "by_regulation": gettext_noop(
        "Theo thời hạn của quy định; nơi chưa rõ thì theo từng kỳ báo cáo"
    ),
    "planned": gettext_noop("Mỗi kỳ báo cáo, theo kế hoạch đã nêu trước"),
    "on_funding": gettext_noop("Mỗi kỳ báo cáo; được ghi là đang chờ vốn"),
}


def _seasonal(part: TimingPart) -> str:
    if part.season not in SEASONS:
        return gettext("Các kỳ báo cáo trong mùa")
    first_month, first_day, last_month, last_day = SEASONS[part.season]
    return gettext("Các kỳ báo cáo có ngày trong %(season)s (%(first)s đến %(last)s)") % {
        "season": gettext(SEASON_LABELS[part.season]).lower(),
        "first": f"{first_day:02d}/{first_month:02d}",
        "last": f"{last_day:02d}/{last_month:02d}",
    }


def _cyclic(part: TimingPart) -> str:
    cycle = gettext(CYCLES[part.per or "year"])
    if part.kind == "recurring":
        return gettext("Mỗi %(cycle)s một lần") % {"cycle": cycle}
    return gettext("Ít nhất %(count)s lần mỗi %(cycle)s") % {
        "count": part.count or 1,
        "cycle": cycle,
    }


def _occasion(part: TimingPart) -> str:
    what = gettext(OCCASIONS[part.occasion]) if part.occasion else gettext("sự kiện chưa rõ loại")
    said = gettext("Chỉ khi mở sự kiện “%(what)s”") % {"what": what}
    if not part.phases:
        return said
    phases = ", ".join(gettext(PHASES[phase]).lower() for phase in part.phases)
    return gettext("%(said)s; các giai đoạn: %(phases)s") % {"said": said, "phases": phases}


def _dated(part: TimingPart) -> str:
    if part.due_quarter is not None:
        due = gettext("quý %(quarter)s") % {"quarter": part.due_quarter}
    elif part.due_month is None:
        due = gettext("năm")
    elif part.due_day is None:
        due = gettext("tháng %(month)s") % {"month": part.due_month}
    else:
        due = f"{part.due_day:02d}/{part.due_month:02d}"
    if part.due_year is not None:
        due = f"{due}/{part.due_year}"
    said = gettext("Một lần, chậm nhất hết %(due)s") % {"due": due}
    return gettext("%(said)s hằng năm") % {"said": said} if part.yearly else said
