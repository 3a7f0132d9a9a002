"""What one period makes with the units of a day: shown (--dry-run) or put into work."""

import datetime as dt
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from khung.assignments import expanding
from khung.assignments.actions import NotInForce, WrongCycle, put_period_into_work
from khung.base import clock
from khung.frameworks import queries as frameworks
from khung.rules.calendar import period_dates, period_on


class Command(BaseCommand):
    help = "Giao việc một quý theo các đơn vị có trong một ngày."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", required=True, help="ngày, dạng 2023-02-15")
        parser.add_argument("--dry-run", action="store_true", help="chỉ cho xem, không ghi")
        parser.add_argument("--json", action="store_true", help="in ra JSON")

    def handle(self, *args: Any, as_of: str, dry_run: bool, json: bool, **options: Any) -> None:
        try:
            day = dt.date.fromisoformat(as_of)
        except ValueError as error:
            raise CommandError(
                f"“{as_of}” không phải là ngày; viết theo dạng năm-tháng-ngày, ví dụ 2023-02-15."
            ) from error
        framework = frameworks.shown_on(day)
        if framework is None:
            raise CommandError("Chưa có bộ khung nhiệm vụ nào; hãy đọc một Quyết định trước.")
        code = period_on(day, framework.cycle)
        if dry_run:
            outcome = expanding.preview(framework, period_dates(code), day)
        else:
            try:
                outcome = put_period_into_work(
                    framework=framework,
                    code=code,
                    as_of=day,
                    by="system:expand",
                    now=clock.now(),
                )
            except (NotInForce, WrongCycle) as error:
                raise CommandError(str(error)) from error
        self.stdout.write(_as_json(outcome) if json else _as_text(outcome, code))


def _as_json(outcome: expanding.Outcome) -> str:
    return json.dumps(
        {
            "as_of": outcome.as_of.isoformat(),
            "total": outcome.total,
            "made": outcome.made,
            "unmatched_addressees": list(outcome.unmatched_addressees),
            "tasks": [
                {
                    "no": task.no,
                    "timing": task.timing,
                    "waits_for_occasion": task.waits_for_occasion,
                    "implementing": task.implementing,
                    "unresolved": list(task.unresolved),
                }
                for task in outcome.tasks
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def _as_text(outcome: expanding.Outcome, code: str) -> str:
    lines = [f"Kỳ {code}, đơn vị tính đến {outcome.as_of:%d/%m/%Y}:"]
    for task in outcome.tasks:
        counts = ", ".join(f"{level} {n}" for level, n in task.implementing.items() if n)
        waits = " (chờ sự kiện)" if task.waits_for_occasion else ""
        missing = f"; chưa rõ: {'; '.join(task.unresolved)}" if task.unresolved else ""
        lines.append(f"  {task.no:>2}. {counts or 'không đơn vị nào'}{waits}{missing}")
    if outcome.unmatched_addressees:
        lines.append(f"Không có đơn vị này: {'; '.join(outcome.unmatched_addressees)}.")
    lines.append(f"Tổng: {outcome.total} nhiệm vụ được giao, tạo mới {outcome.made}.")
    return "\n".join(lines)
