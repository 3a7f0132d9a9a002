"""Walk the audit chain and say whether it is whole."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from khung.base import sealer


class Command(BaseCommand):
    help = "Kiểm tra chuỗi nhật ký: không sự kiện nào bị sửa, bỏ hay cắt."

    def handle(self, *args: Any, **options: Any) -> None:
        found = sealer.verify(sealer.exported_heads())
        if found.first_break:
            raise CommandError(
                f"Chuỗi nhật ký đứt ở vị trí {found.first_break.position}: "
                f"{found.first_break.reason}."
            )
        self.stdout.write(
            f"Chuỗi nhật ký nguyên vẹn: {found.head.position} sự kiện, "
            f"đầu chuỗi {found.head.hash or '(chưa có)'}; {found.unsealed} chưa niêm phong."
        )
