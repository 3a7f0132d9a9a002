"""`manage.py init`: an installation of one's own, without demonstration data."""

import shlex
import sys
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from khung.base import clock, installation
from khung.base.commands import OperatorCommand
from khung.base.installation import Installation, Kind
from khung.base.preparation import prepare
from khung.orgs.installation import create_first_administrator


class Command(OperatorCommand):
    help = "Cài đặt mới, chưa có dữ liệu, và tạo tài khoản quản trị đầu tiên."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--province", metavar="TÊN", help="tên tỉnh, thành phố, như trong văn bản"
        )
        parser.add_argument("--province-code", metavar="MÃ", help="mã đơn vị hành chính của tỉnh")
        parser.add_argument(
            "--units", type=Path, metavar="THƯ_MỤC", help="thư mục dữ liệu đơn vị, nạp trước"
        )
        parser.add_argument("--username", metavar="TÊN", help="tên đăng nhập của người quản trị")
        parser.add_argument("--full-name", metavar="HỌ_TÊN", help="họ tên của người quản trị")
        parser.add_argument("--email", metavar="ĐỊA_CHỈ", default="", help="thư điện tử, nếu có")
        parser.add_argument(
            "--password-file", type=Path, metavar="TỆP", help="tệp chứa mật khẩu ở dòng đầu"
        )

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
        call_command("fill_calendar", stdout=self.stdout)
        call_command("fill_return_reasons", stdout=self.stdout)
        self.stdout.write(_next_steps(with_units=options["units"] is not None))


def _next_steps(*, with_units: bool) -> str:
    """What the operator does now, in commands that reach this same installation."""
    run = "python3 run.py"
    if settings.DATA_DIR != settings.BASE_DIR / "data":
        run = f"KHUNG_DATA={shlex.quote(str(settings.DATA_DIR))} {run}"
    steps = [] if with_units else [f"Nạp đơn vị của tỉnh: {run} manage load_units THƯ_MỤC"]
    steps += [
        f"Chạy Khung: {run}",
        "Đăng nhập bằng tài khoản vừa tạo; tạo người dùng và giao vai trò ở trang /nguoi-dung/.",
        "Người có vai trò điều phối nạp Quyết định ở trang /quyet-dinh/doc/.",
    ]
    lines = ["Việc tiếp theo:", *(f"  {no}. {step}" for no, step in enumerate(steps, 1))]
    if connection.vendor != "sqlite":
        lines.append("Mọi lệnh trên cần DATABASE_URL như lần chạy này.")
    return "\n".join(lines)


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
