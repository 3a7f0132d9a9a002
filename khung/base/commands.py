"""The commands an operator types after `python3 run.py`, with help in Vietnamese."""

from argparse import SUPPRESS
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class OperatorCommand(BaseCommand):
    """Shows its own options only: those every command of Django takes stay out of the help."""

    requires_system_checks: list[str] = []
    suppressed_base_arguments = {
        "--version",
        "--verbosity",
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
    }

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(
            "run.py", subcommand, add_help=False, usage=SUPPRESS, **kwargs
        )
        parser.prog = f"python3 run.py {subcommand}"
        parser._positionals.title, parser._optionals.title = "tham số", "tùy chọn"
        parser.add_argument("-h", "--help", action="help", help="in hướng dẫn này")
        return parser
