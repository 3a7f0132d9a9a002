"""Fills an empty database with the demonstration province, room by room from the lowest up.

Each room has its own `demonstration.load`; only the desk may know them all. A room that has
illustrative records to show is one more line here.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from khung.assignments import demonstration as assignments
from khung.base import clock
from khung.difficulties import demonstration as difficulties
from khung.frameworks import demonstration as frameworks
from khung.frameworks.models import Framework
from khung.orgs import demonstration as orgs
from khung.orgs.datafile import DataFileError
from khung.orgs.models import RoleHeld
from khung.reminders import demonstration as reminders
from khung.reports import demonstration as reports


class Command(BaseCommand):
    help = "Nạp tỉnh minh họa vào cơ sở dữ liệu trống; chạy lại thì không làm gì."

    def handle(self, *args: Any, **options: Any) -> None:
        if Framework.objects.exists():
            self.stderr.write("Đã có bộ khung nhiệm vụ; không nạp dữ liệu minh họa.")
            return
        folder, now = settings.DEMONSTRATION_FOLDER, clock.now()
        try:
            with transaction.atomic():
                self.stderr.write("Nạp đơn vị của tỉnh minh họa…")
                orgs.load(folder, now)
                by = RoleHeld.objects.filter(role="coordinator").order_by("id")[0].person
                self.stderr.write("Đọc Quyết định…")
                framework = frameworks.load(folder, by=by, now=now)
                self.stderr.write("Giao việc các kỳ, tạo tiến độ minh họa…")
                assignments.load(folder, framework, by=by, now=now)
                self.stderr.write("Viết báo cáo minh họa…")
                reports.load_desks(folder, now=now)
                reports.load(folder, now=now)
                self.stderr.write("Nêu khó khăn, vướng mắc minh họa…")
                difficulties.load(folder, now=now)
                self.stderr.write("Viết công văn đôn đốc minh họa…")
                reminders.load(now=now)
                self.stderr.write("Gộp bản nhắc việc hôm nay…")
                reminders.load_digests(now=now)
        except DataFileError as error:
            raise CommandError(str(error)) from error
