"""An installation of one's own begins with one operator and is never filled by a later start."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import (
    CommandError,
    call_command,
    get_commands,
    load_command_class,
)

from khung.assignments.models import CalendarDay
from khung.base import clock, installation
from khung.base.models import AuditEvent
from khung.base.preparation import prepare
from khung.orgs.models import Person, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text("một mật khẩu đủ dài\n")
    return file


def init(password: Path, **changes: str) -> str:
    options = {
        "province": "Tỉnh Thử Nghiệm",
        "province_code": "99",
        "username": "vanhanh",
        "full_name": "Lê Vận Hành",
        **changes,
    }
    out = StringIO()
    call_command("init", password_file=password, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_init_makes_one_operator_in_the_root_unit(password: Path) -> None:
    assert "vanhanh" in init(password)
    person = Person.objects.get()
    assert person.check_password("một mật khẩu đủ dài")
    held = person.roles.get()
    assert (held.role, held.unit.name, held.unit.level) == (
        "operator",
        "Tỉnh Thử Nghiệm",
        "province",
    )
    verbs = set(AuditEvent.objects.values_list("verb", flat=True))
    assert {"person.created", "role.granted"} <= verbs


def test_init_fills_the_calendar_and_says_what_comes_next(password: Path, tmp_path: Path) -> None:
    said = init(password)
    year = clock.today().year
    assert CalendarDay.objects.filter(day=dt.date(year, 9, 2), is_working=False).exists()
    assert CalendarDay.objects.filter(day__year=year + 1).exists()
    assert AuditEvent.objects.filter(verb="calendar.filled").count() == 1
    run = f"KHUNG_DATA={tmp_path} python3 run.py"
    assert f"Chạy Khung: {run}\n" in said
    assert f"{run} manage load_units" in said
    assert "/nguoi-dung/" in said


def test_in_the_usual_folder_the_next_command_is_short(
    password: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path / "data")
    monkeypatch.setattr("khung.orgs.management.commands.init.prepare", lambda *_, **__: None)
    assert "Chạy Khung: python3 run.py\n" in init(password)


@pytest.mark.parametrize("name", ["init", "backup", "restore"])
def test_help_is_vietnamese_and_holds_only_what_the_operator_needs(name: str) -> None:
    command = load_command_class(get_commands()[name], name)
    text = command.create_parser("manage.py", name).format_help()
    assert "tùy chọn:" in text
    for foreign in ("manage.py", "options:", "--traceback", "show this"):
        assert foreign not in text


def test_a_later_start_never_fills_it(password: Path) -> None:
    init(password)
    prepare(lambda text: None)
    assert Unit.objects.count() == 1
    assert not installation.is_demonstration()


def test_a_failed_init_is_not_filled_either_and_can_be_repeated(password: Path) -> None:
    password.write_text("ngắn\n")
    with pytest.raises(CommandError):
        init(password)
    prepare(lambda text: None)
    assert not Person.objects.exists()
    password.write_text("một mật khẩu đủ dài\n")
    init(password)
    assert Person.objects.count() == 1


def test_init_twice_is_refused(password: Path) -> None:
    init(password)
    with pytest.raises(CommandError, match="đã có tài khoản"):
        init(password, username="khac")


def test_a_demonstration_does_not_become_ones_own(password: Path) -> None:
    installation.remember(installation.Installation(installation.Kind.DEMONSTRATION))
    with pytest.raises(CommandError, match="minh họa"):
        init(password)


def test_without_a_terminal_what_is_missing_is_named(
    password: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(""))
    with pytest.raises(CommandError, match="Tên đăng nhập"):
        init(password, username="")
