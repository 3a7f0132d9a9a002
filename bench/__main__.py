"""`python -m bench [--json] [--quick] [--database …]`: every measure, on each database."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bench import submitting, web
from bench.databases import Database, NoServer, Place, databases
from bench.inside import STEPS
from bench.sizes import FULL, QUICK, TARGETS, Sizes, reaches

NAMES = ("sqlite", "postgresql")
LABELS = {
    "prepare": "chuẩn bị bảng và tệp",
    "load": "nạp đơn vị, Quyết định",
    "read": "đọc Quyết định",
    "expand": "giao việc một quý",
    "spread": "nhân ra các kỳ",
    "report": "ghi báo cáo, lượt thẩm định",
    "roll_up": "dựng bảng tổng hợp",
    "grow": "nhân đến tập lớn",
    "pages": "đo các trang",
    "submit": "gửi báo cáo",
    "submit_at_once": "nhiều người gửi cùng lúc",
}


def measure(
    database: Database, sizes: Sizes, begin: Callable[[str], None], advance: Callable[[], None]
) -> dict[str, Any]:
    """Every figure of one database. `begin` is told each step, `advance` each piece done."""
    figures = _inside("small", database.small, sizes, begin)
    sessions, senders = figures.pop("sessions"), figures.pop("senders")
    database.copy()
    figures |= _inside("large", database.large, sizes, begin)
    begin("pages")
    with (
        web.serving(database.small, sessions) as small,
        web.serving(database.large, sessions) as large,
    ):
        figures |= web.compare(small, large, sizes.rounds, advance)
        begin("submit")
        figures |= submitting.alone(small, senders[0])
        held = [small.peak_rss_mb(), large.peak_rss_mb()]
    begin("submit_at_once")
    # As an installation runs it: with as many workers as the settings say.
    with web.serving(database.small, {}, web.WORKERS) as server:
        figures |= submitting.at_once(server, database.small, senders[1:])
        figures["worker_rss_mb"] = max(*held, server.peak_rss_mb())
    return {name: _rounded(value) for name, value in figures.items()}


def _inside(which: str, place: Place, sizes: Sizes, begin: Callable[[str], None]) -> dict[str, Any]:
    """Runs the steps of one database in a process of their own; its figures."""
    command = [sys.executable, "-m", "bench.inside", which]
    command += ["--quick"] if sizes is QUICK else []
    figures: dict[str, Any] = {}
    place.folder.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(  # noqa: S603 - our own module
        command, env=place.environment(), cwd=web.BASE_DIR, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            told = json.loads(line)
            if "step" in told:
                begin(told["step"])
            else:
                figures |= told
    if process.returncode:
        raise SystemExit(f"Bước đo “{which}” dừng với mã {process.returncode}; xem lỗi ở trên.")
    return figures


def _rounded(value: float) -> float:
    return round(value, 3) if abs(value) < 100 else round(value)


def run(name: str, sizes: Sizes, progress: Progress) -> dict[str, Any] | None:
    """The figures of one database, or None where there is none of its kind."""
    steps = sum(len(each) for each in STEPS.values())
    task = progress.add_task(name, total=steps + 3 + web.WARM_UP + sizes.rounds, step="")

    def begin(step: str) -> None:
        progress.update(task, step=LABELS[step], advance=0 if step == "pages" else 1)

    with tempfile.TemporaryDirectory(prefix="khung-bench-") as folder:
        try:
            with databases(name, Path(folder)) as database:
                return measure(database, sizes, begin, lambda: progress.advance(task))
        except NoServer as error:
            progress.console.print(f"{name}: không đo. {error}")
            return None


def table(found: dict[str, dict[str, Any] | None]) -> str:
    """The figures for a reader, each with whether it reaches its target."""
    lines = []
    for name, figures in found.items():
        lines.append(name)
        for key, value in (figures or {}).items():
            label = TARGETS[key].label if key in TARGETS else key
            reached = reaches(key, name, value)
            mark = {True: "đạt", False: "CHƯA ĐẠT", None: ""}[reached]
            lines.append(f"  {label:<52} {value:>12} {mark}".rstrip())
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description="Đo tốc độ, bằng tỷ lệ.")
    parser.add_argument("--json", action="store_true", help="chỉ in JSON ra stdout")
    parser.add_argument("--quick", action="store_true", help="bản nhỏ, để thử chính bộ đo")
    parser.add_argument("--database", choices=NAMES, action="append", help="chỉ đo loại này")
    options = parser.parse_args()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[step]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        sizes = QUICK if options.quick else FULL
        found = {name: run(name, sizes, progress) for name in options.database or NAMES}
    sys.stdout.write(json.dumps(found, indent=1) + "\n" if options.json else table(found) + "\n")


if __name__ == "__main__":
    main()
