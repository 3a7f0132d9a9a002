"""What a letter's dates and number have to be."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext

from khung.assignments.calendar import working_calendar
from khung.base.wording import long_date
from khung.reminders.models import Letter
from khung.rules.text import fold


class Refused(ValueError):
    """What was asked for makes no letter; `field` is the one to change, the message says how."""

    def __init__(self, field: str, said: str) -> None:
        super().__init__(said)
        self.field = field


def check_new_date(new_date: dt.date, today: dt.date) -> None:
    """Raises Refused where a date has passed or is not worked, with the next one that would do."""
    calendar = working_calendar(min(today, new_date), new_date + dt.timedelta(days=40))
    if new_date < today:
        raise Refused(
            "new_date",
            gettext("Ngày %(day)s đã qua; chọn một ngày làm việc từ hôm nay trở đi.")
            % {"day": f"{new_date:%d/%m/%Y}"},
        )
    if not calendar.is_working(new_date):
        raise Refused(
            "new_date",
            gettext("%(day)s là ngày nghỉ; ngày làm việc kế tiếp là %(next)s.")
            % {
                "day": long_date(new_date).capitalize(),
                "next": long_date(calendar.on_or_after(new_date)),
            },
        )


def same_number(letter: Letter, number: str, issued_on: dt.date) -> Letter | None:
    """Another letter of the same issuing body that bears a number in the same year."""
    others = Letter.objects.filter(
        signed_by=letter.signed_by, issued_on__year=issued_on.year
    ).exclude(pk=letter.pk)
    if letter.signed_by == Letter.SignedBy.COORDINATOR:
        others = others.filter(from_unit__code=letter.from_unit.code)
    wanted = fold(number).replace(" ", "")
    rows = others.exclude(number="").values_list("pk", "number")
    found = next((pk for pk, text in rows if fold(text).replace(" ", "") == wanted), None)
    return others.filter(pk=found).first() if found else None


def check_issued_on(letter: Letter, issued_on: dt.date, today: dt.date) -> None:
    """Raises Refused for a day before the draft, after today, or after the new date it gives."""
    made = timezone.localdate(letter.made_at)
    if not made <= issued_on <= today:
        raise Refused(
            "issued_on",
            gettext("Ngày phát hành phải từ ngày soạn dự thảo (%(made)s) đến hôm nay (%(today)s).")
            % {"made": f"{made:%d/%m/%Y}", "today": f"{today:%d/%m/%Y}"},
        )
    if issued_on > letter.new_date:
        raise Refused(
            "issued_on",
            gettext(
                "Hạn mới trong công văn (%(day)s) đã qua trước ngày phát hành. Thu hồi dự thảo này "
                "rồi soạn lại với hạn khác."
            )
            % {"day": f"{letter.new_date:%d/%m/%Y}"},
        )
