"""`manage.py restore`: puts a backup back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError

from khung.base import backup, clock, folder_lock, sealer
from khung.base.archive import BadArchive
from khung.base.commands import OperatorCommand
from khung.base.preparation import prepare


class Command(OperatorCommand):
    help = "Khôi phục cơ sở dữ liệu và tệp đính kèm từ một bản sao lưu. Dừng Khung trước."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="TỆP", help="bản sao lưu")
        parser.add_argument(
            "--replace", action="store_true", help="thay toàn bộ dữ liệu đang có bằng bản sao lưu"
        )

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        prepare(self.stderr.write, demonstration=False)
        try:
            manifest = backup.restore(file, replace=replace)
        except BadArchive as error:
            raise CommandError(str(error)) from error
        except backup.NotEmpty:
            raise CommandError(
                "Cơ sở dữ liệu đang có dữ liệu. Hãy sao lưu trước, rồi thêm --replace để thay "
                "toàn bộ bằng bản sao lưu."
            ) from None
        except folder_lock.Held:
            raise CommandError("Khung đang chạy. Hãy dừng Khung rồi khôi phục.") from None
        except (DatabaseError, OSError) as error:
            raise CommandError(f"Không khôi phục được, dữ liệu cũ còn nguyên: {error}") from error
        sealer.set_heads_aside(clock.now())
        count = sum(table.rows for table in manifest.tables)
        self.stdout.write(
            f"Đã khôi phục {count} dòng của {len(manifest.tables)} bảng và "
            f"{len(manifest.uploads)} tệp đính kèm, lập {manifest.made_at()}."
        )
