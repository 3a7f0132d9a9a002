"""`manage.py read_decision FILE [--json]`: shows what the reader makes of a Decision."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from khung.frameworks.readers.text import read_text
from khung.rules import document
from khung.rules.taxonomy import dimension_name


class Command(BaseCommand):
    help = "Đọc một Quyết định và in ra các nhiệm vụ, nghi vấn; không ghi vào cơ sở dữ liệu."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="tệp Quyết định kèm phụ lục")
        parser.add_argument("--json", action="store_true", help="in cây nhiệm vụ dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            decision = document.read(read_text(file.read_bytes(), file.name))
        except FileNotFoundError:
            raise CommandError(f"Không có tệp {file}. Hãy kiểm tra lại đường dẫn.") from None
        except OSError:
            raise CommandError(
                f"Không mở được {file}. Hãy chọn một tệp mà tài khoản này được quyền đọc."
            ) from None
        except document.UnreadableDocument as error:
            raise CommandError(f"Không đọc được {file}. {error}") from None
        if options["json"]:
            tree = document.as_json(decision)
            self.stdout.write(json.dumps(tree, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_summary(decision)))


def _summary(decision: document.ReadDecision) -> list[str]:
    head = decision.head
    issued = f"{head.issued_on:%d/%m/%Y}" if head.issued_on else "không rõ ngày"
    counts = Counter(task.dimension for task in decision.tasks)
    lines = [
        f"Quyết định {head.number or 'không rõ số'} ngày {issued}, {head.issuer}",
        head.title,
        f"{len(decision.tasks)} nhiệm vụ, {len(decision.doubts)} nghi vấn",
        "",
    ]
    for dimension, count in counts.items():
        name = dimension_name(dimension) if dimension else "Không rõ nội dung"
        lines.append(f"{dimension or '?'}. {name}: {count} nhiệm vụ")
        for task in decision.tasks:
            if task.dimension == dimension:
                content = "; ".join(item.text for item in task.content) or "(trống)"
                lines.append(f"   {task.no:>3}  {task.subdimension or '   '}  {content[:100]}")
    lines += ["", "Nghi vấn:"]
    lines += [f"  dòng {doubt.line or '?':>4}  {doubt.message}" for doubt in decision.doubts]
    return lines
