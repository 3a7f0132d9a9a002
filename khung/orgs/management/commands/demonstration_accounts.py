"""`manage.py demonstration_accounts`: who one can be in the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand

from khung.base import clock
from khung.orgs.queries import demonstration_accounts
from khung.rules.permissions import ROLES


class Command(BaseCommand):
    help = "Các tài khoản minh họa; đăng nhập bằng một lần bấm ở trang đăng nhập."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Tài khoản minh họa (đăng nhập bằng một lần bấm):")
        for held in demonstration_accounts(clock.today()):
            self.stdout.write(
                f"  {held.person.full_name} — {ROLES[held.role].name}, {held.unit.name}"
            )
