"""`manage.py fill_return_reasons`: the proposed reasons, where the list is still empty."""

from typing import Any

from django.core.management.base import BaseCommand

from khung.base import clock
from khung.reports import actions


class Command(BaseCommand):
    help = "Lập danh mục lý do trả lại gợi ý nếu chưa có lý do nào."

    def handle(self, *args: Any, **options: Any) -> None:
        added = actions.add_proposed_reasons(by="system:init", now=clock.now())
        self.stdout.write(f"Lý do trả lại báo cáo: đã thêm {added} lý do gợi ý.")
