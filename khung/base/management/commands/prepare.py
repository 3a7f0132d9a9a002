"""`manage.py prepare`: what `run.py` does before it starts, and before every `run.py manage`."""

from typing import Any

from django.core.management.base import BaseCommand

from khung.base.preparation import prepare


class Command(BaseCommand):
    help = "Chuẩn bị bảng dữ liệu, dữ liệu minh họa (nếu trống), bản dịch và tệp giao diện."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        prepare(self.stderr.write)
