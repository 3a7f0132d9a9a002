"""Bring the English catalogue up to the texts in use, keeping its translations."""

from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand

from khung.base import texts


class Command(BaseCommand):
    help = "Cập nhật khung/locale/en theo các câu chữ đang dùng; in ra những câu chưa dịch."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
        with path.open("rb") as file:
            renewed = texts.renewed(read_po(file, locale="en"))
        with path.open("wb") as file:
            write_po(file, renewed, sort_output=True, no_location=True, omit_header=False, width=98)
        missing = [one.id for one in renewed if one.id and not all(texts.translations(one))]
        for text in missing:
            self.stdout.write(str(text))
        self.stderr.write(f"{len(renewed)} câu, {len(missing)} chưa dịch.")
