"""`manage.py load_units FOLDER`: brings the units of a province's data files into the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from khung.base import clock
from khung.orgs import actions
from khung.orgs.datafile import DataFileError
from khung.orgs.importing import read_province
from khung.orgs.planning import plan_units


class Command(BaseCommand):
    help = "Nạp đơn vị, cơ quan và quan hệ kế thừa của một tỉnh; chạy lại chỉ thêm phần còn thiếu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="thư mục có units.csv và successions.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            plan = plan_units(read_province(folder))
        except (DataFileError, FileNotFoundError) as error:
            raise CommandError(str(error)) from None
        loaded = actions.load_units(plan=plan, by="system:load_units", now=clock.now())
        self.stdout.write(f"Đã thêm {loaded.units} đơn vị và {loaded.successions} quan hệ kế thừa.")
