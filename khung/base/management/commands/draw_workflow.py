"""`manage.py draw_workflow`: the states of assigned work and what leads from one to another."""

from typing import Any

from django.core.management.base import BaseCommand

from khung.rules.workflow import as_mermaid


class Command(BaseCommand):
    help = "In sơ đồ trạng thái của nhiệm vụ được giao (dạng Mermaid)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(as_mermaid(), ending="")
