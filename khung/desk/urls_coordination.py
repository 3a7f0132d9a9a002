"""Addresses of the coordinator's pages."""

import datetime as dt

from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from khung.desk.views import calendar, coordination, deadlines, disclosures, occasions


class PeriodCode(StringConverter):
    """The code of a period: "2025-Q1", "2025-H1" or "2025"."""

    regex = r"\d{4}(?:-(?:Q[1-4]|H[12]))?"


class Day:
    """A day as "2025-09-02"; a day that does not exist is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date | str) -> str:
        return str(value)


register_converter(PeriodCode, "period")
register_converter(Day, "day")

urlpatterns: list[URLPattern] = [
    path("ky-bao-cao/", coordination.periods, name="periods"),
    path("ky-bao-cao/giao-viec/", coordination.put_into_work, name="put_into_work"),
    path("ky-bao-cao/<period:code>/", coordination.period, name="period"),
    path(
        "ky-bao-cao/<period:code>/mien-don-vi-ket-thuc/",
        coordination.exempt_ended,
        name="exempt_ended",
    ),
    path("ky-bao-cao/<period:code>/han/<slug:level>/", deadlines.deadline, name="deadline"),
    path("lich/", calendar.calendar, name="calendar"),
    path("lich/chon/", calendar.choose_day, name="choose_day"),
    path("lich/<int:year>/ngay-le/", calendar.fill_year, name="fill_year"),
    path("lich/<day:day>/", calendar.calendar_day, name="calendar_day"),
    path("lich/<day:day>/bo/", calendar.remove_day, name="remove_day"),
    path("su-kien/", occasions.occasions, name="occasions"),
    path("su-kien/mo/", occasions.open_occasion, name="open_occasion"),
    path("su-kien/<int:occasion_id>/", occasions.occasion, name="occasion"),
    path("su-kien/<int:occasion_id>/ket-thuc/", occasions.close_occasion, name="close_occasion"),
    path("su-kien/<int:occasion_id>/doi-ngay/", occasions.extend_occasion, name="extend_occasion"),
    path("cong-khai/", disclosures.disclosures, name="disclosures"),
    path(
        "cong-khai/<int:disclosure_id>/dung/",
        disclosures.withdraw_disclosure,
        name="withdraw_disclosure",
    ),
]
