"""The words after `python3 run.py`, and what each hands over to."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from bootstrap import checks, environment
from bootstrap.address import check_free
from bootstrap.failure import Failure
from bootstrap.places import MANAGE, PYTHON, check_writable, data_folder

USAGE = """\
python3 run.py [--host HOST] [--port PORT]   chạy Khung với dữ liệu minh họa (mặc định 127.0.0.1:8000)
python3 run.py init [...]                    cài đặt mới, chưa có dữ liệu; tạo người quản trị đầu tiên
python3 run.py manage LỆNH [...]             một lệnh quản trị (manage help: danh sách)
python3 run.py backup [--to TỆP]             sao lưu cơ sở dữ liệu và tệp đính kèm
python3 run.py restore TỆP [--replace]       khôi phục từ bản sao lưu
python3 run.py test [--only BƯỚC] [...]      mọi kiểm tra; phần còn lại chuyển cho pytest
python3 run.py bench [--json]                đo tốc độ
python3 run.py bundle                        tải sẵn thư viện cho nơi không có mạng
python3 run.py lock                          làm lại tệp khóa thư viện (cần uv)
"""  # noqa: E501


def main(arguments: list[str]) -> int:
    """Run one command; the exit code: 0, 1 a check failed, 2 a message was given, 130 Ctrl-C."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    # Set even where a shell started us in the background with SIGINT ignored.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    word, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    try:
        if word in COMMANDS:
            return COMMANDS[word](rest)
        if word in {"-h", "--help", "help"}:
            print(USAGE, end="")
            return 0
        return start(arguments)
    except Failure as failure:
        print(f"Khung: {failure.vi}\n{failure.en}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Khung: đã dừng theo yêu cầu. Stopped.", file=sys.stderr)
        return 130


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def start(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py", usage=USAGE)
    parser.add_argument("--host", default=os.environ.get("KHUNG_HOST") or "127.0.0.1")
    parser.add_argument("--port", type=_port, default=_port_of_environment())
    options = parser.parse_args(arguments)
    check_free(options.host, options.port)
    check_writable(data_folder())
    environment.ensure()
    os.environ["KHUNG_HOST"] = options.host
    os.environ["KHUNG_PORT"] = str(options.port)
    hand_over("up")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"cổng là số từ 1 đến 65535, không phải {text!r}")
    return int(text)


def _port_of_environment() -> int:
    raw = os.environ.get("KHUNG_PORT", "").strip() or "8000"
    try:
        return _port(raw)
    except argparse.ArgumentTypeError as error:
        raise Failure(
            f"Biến môi trường KHUNG_PORT sai: {error}.",
            f"KHUNG_PORT={raw!r} is no port: a number from 1 to 65535.",
        ) from error


def manage(arguments: list[str]) -> int:
    """Prepare as a start does, with all progress on standard error; then the command itself."""
    check_writable(data_folder())
    environment.ensure()
    prepared = subprocess.run(
        [PYTHON, MANAGE, "prepare"], env=_environment(), stdout=sys.stderr, check=False
    )
    if prepared.returncode:
        return prepared.returncode
    hand_over(*(arguments or ["help"]))


def direct(command: str) -> Callable[[list[str]], int]:
    """A command that prepares what it needs by itself."""

    def run(arguments: list[str]) -> int:
        check_writable(data_folder())
        environment.ensure()
        hand_over(command, *arguments)

    return run


def test(arguments: list[str]) -> int:
    environment.ensure(development=True)
    return checks.run(arguments)


def bench(arguments: list[str]) -> int:
    return manage(["bench", *arguments])


def bundle(_arguments: list[str]) -> int:
    environment.bundle()
    return 0


def lock(_arguments: list[str]) -> int:
    environment.lock()
    return 0


def hand_over(*arguments: str) -> NoReturn:
    """Become `manage.py`, so that a signal to this process reaches the right one."""
    command = [str(PYTHON), str(MANAGE), *arguments]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(PYTHON, command, _environment())  # noqa: S606


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUTF8": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "manage": manage,
    "init": direct("init"),
    "backup": direct("backup"),
    "restore": direct("restore"),
    "test": test,
    "bench": bench,
    "bundle": bundle,
    "lock": lock,
}
