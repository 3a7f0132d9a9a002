"""`manage.py backup`: one archive of the database and the uploads."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DatabaseError

from khung.base import backup, clock
from khung.base.commands import OperatorCommand


class Command(OperatorCommand):
    help = "Sao lưu cơ sở dữ liệu và tệp đính kèm vào một tệp. Không cần dừng Khung."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, metavar="TỆP", help="mặc định: thư mục backups")

    def handle(self, *args: Any, to: Path | None, **options: Any) -> None:
        now = clock.now()
        target = to or settings.DATA_DIR / "backups" / f"khung-{now:%Y%m%d-%H%M%S}.zip"
        if target.exists():
            raise CommandError(f"Đã có tệp {target}; hãy chọn tên khác.")
        try:
            manifest = backup.write(target, now)
        except (DatabaseError, OSError) as error:
            raise CommandError(f"Không sao lưu được: {error}") from error
        count = sum(table.rows for table in manifest.tables)
        self.stdout.write(
            f"Đã sao lưu {count} dòng của {len(manifest.tables)} bảng và "
            f"{len(manifest.uploads)} tệp đính kèm vào {target}"
        )
