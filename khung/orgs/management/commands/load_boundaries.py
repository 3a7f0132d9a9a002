"""`manage.py load_boundaries FILE`: outlines of territories for the map of the board."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from khung.base import clock
from khung.orgs import actions
from khung.orgs.boundaries import BoundaryFileError, match, read_outlines

# Enough to see what is wrong with a file.
MOST_TOLD = 20


class Command(BaseCommand):
    help = (
        "Nạp ranh giới vẽ bản đồ từ tệp GeoJSON (WGS 84); mỗi vùng khớp với đơn vị theo mã, không "
        "có thì theo tên. Chưa nạp thì bản đồ vẽ mỗi đơn vị một chấm."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="tệp .geojson")
        parser.add_argument(
            "--on",
            type=dt.date.fromisoformat,
            help="ngày mà ranh giới đúng (YYYY-MM-DD); bỏ trống là hôm nay",
        )
        parser.add_argument(
            "--level", default="", help="chỉ khớp đơn vị cấp này: commune, district, province"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            found = match(read_outlines(file), options["on"] or clock.today(), options["level"])
        except BoundaryFileError as error:
            raise CommandError(str(error)) from None
        if not found.rings:
            raise CommandError(
                "Không vùng nào khớp với đơn vị của ngày này, chưa nạp gì. Kiểm tra cột mã, tên "
                f"trong tệp và ngày --on. {'; '.join(found.unmatched[:MOST_TOLD])}"
            )
        loaded = actions.load_boundaries(
            rings=found.rings, source=file.name, by="system:load_boundaries", now=clock.now()
        )
        self.stdout.write(f"Đã nạp ranh giới của {loaded} đơn vị.")
        for said in found.unmatched[:MOST_TOLD]:
            self.stdout.write(f"Bỏ qua {said}.")
        if len(found.unmatched) > MOST_TOLD:
            self.stdout.write(f"… và {len(found.unmatched) - MOST_TOLD} đối tượng khác.")
