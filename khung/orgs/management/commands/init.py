"""`manage.py init`: an installation of one's own, without demonstration data."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from khung.base import clock, installation
from khung.base.installation import Installation, Kind
from khung.base.preparation import prepare
from khung.orgs.installation import create_first_administrator


class Command(BaseCommand):
    help = "Cài đặt mới, chưa có dữ liệu, và tạo tài khoản quản trị đầu tiên."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--province", help="tên tỉnh, thành phố, như trong văn bản")
        parser.add_argument("--province-code", help="mã đơn vị hành chính của tỉnh")
        parser.add_argument("--units", type=Path, help="thư mục dữ liệu đơn vị, nạp trước")
        parser.add_argument("--username", help="tên đăng nhập của người quản trị")
        parser.add_argument("--full-name", help="họ tên của người quản trị")
        parser.add_argument("--email", default="", help="thư điện tử, nếu có")
        parser.add_argument("--password-file", type=Path, help="tệp chứa mật khẩu ở dòng đầu")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare(self.stderr.write, demonstration=False)
        if installation.is_demonstration():
            raise CommandError(
                "Thư mục dữ liệu này đang chứa dữ liệu minh họa. Hãy đặt KHUNG_DATA (và "
                "DATABASE_URL nếu dùng PostgreSQL) sang nơi khác rồi chạy lại."
            )
        # From here on no start fills this installation, whatever becomes of the rest.
        installation.remember(Installation(Kind.OWN))
        if options["units"]:
            call_command("load_units", str(options["units"]), stdout=self.stderr)
        try:
            person = create_first_administrator(
                province=_asked(options["province"], "Tên tỉnh, thành phố"),
                province_code=_asked(options["province_code"], "Mã đơn vị hành chính"),
                username=_asked(options["username"], "Tên đăng nhập"),
                full_name=_asked(options["full_name"], "Họ tên"),
                email=options["email"],
                password=_password(options["password_file"]),
                by="system:init",
                now=clock.now(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Đã tạo tài khoản quản trị {person.username} ({person.full_name}).")
        self.stdout.write("Chạy Khung: python3 run.py")


def _asked(given: str | None, label: str) -> str:
    """The option, or what the person types; raises CommandError where nobody can be asked."""
    if given:
        return given
    if not sys.stdin.isatty():
        raise CommandError(f"Thiếu “{label}”: xem run.py init --help.")
    while not (typed := input(f"{label}: ").strip()):
        pass
    return typed


def _password(file: Path | None) -> str:
    if file is not None:
        try:
            return file.read_text().splitlines()[0]
        except (OSError, IndexError) as error:
            raise CommandError(f"Không đọc được mật khẩu trong {file}.") from error
    if not sys.stdin.isatty():
        raise CommandError("Thiếu mật khẩu: dùng --password-file TỆP.")
    password = getpass("Mật khẩu: ")
    if password != getpass("Nhập lại mật khẩu: "):
        raise CommandError("Hai lần nhập mật khẩu không giống nhau.")
    return password
