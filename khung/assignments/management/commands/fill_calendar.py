"""`manage.py fill_calendar`: public holidays and worked Saturdays of this and the next year."""

from typing import Any

from django.core.management.base import BaseCommand

from khung.assignments import actions
from khung.assignments.calendar import library_days
from khung.base import clock


class Command(BaseCommand):
    help = "Nạp ngày nghỉ lễ, ngày làm bù của năm nay và năm sau; ngày đã có trong lịch giữ nguyên."

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        years = (now.year, now.year + 1)
        added = actions.fill_calendar(days=library_days(years), by="system:fill_calendar", now=now)
        self.stdout.write(
            f"Lịch làm việc: đã thêm {added} ngày nghỉ, làm bù của năm {years[0]} và {years[1]}."
        )
