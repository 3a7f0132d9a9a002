"""Rows of CSV files and tables of TOML files, whose faults are told by file, row and column."""

import csv
import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from khung.rules.text import old_style_tones, squeeze


class DataFileError(ValueError):
    """A data file cannot be used; the message says where and why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a CSV file or a table of a TOML file, whose fields are asked for by name."""

    where: str
    values: Mapping[str, Any]

    def fail(self, column: str, problem: str) -> DataFileError:
        return DataFileError(f"{self.where}, cột “{column}”: {problem}")

    def text(self, column: str, default: str | None = None) -> str:
        value = self.values.get(column)
        if value is None or value == "":
            if default is None:
                raise self.fail(column, "để trống")
            return default
        return old_style_tones(squeeze(str(value)))

    def day(self, column: str) -> dt.date | None:
        value = self.values.get(column)
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        if value is None or value == "":
            return None
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            raise self.fail(column, f"“{value}” không phải ngày dạng năm-tháng-ngày") from None

    def needed_day(self, column: str) -> dt.date:
        day = self.day(column)
        if day is None:
            raise self.fail(column, "để trống")
        return day

    def number(self, column: str) -> float | None:
        value = self.values.get(column)
        if value is None or value == "":
            return None
        try:
            return float(value)
        except ValueError:
            raise self.fail(column, f"“{value}” không phải số") from None

    def choice(self, column: str, choices: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(column, default)
        if value not in choices:
            raise self.fail(column, f"“{value}” không thuộc: {', '.join(choices)}")
        return value

    def texts(self, column: str) -> tuple[str, ...]:
        """A list, or one value standing for a list of one."""
        value = self.values.get(column, [])
        items = value if isinstance(value, list) else [value]
        return tuple(old_style_tones(squeeze(str(item))) for item in items)


def csv_records(path: Path, columns: tuple[str, ...]) -> Iterator[Record]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise DataFileError(f"{path.name}: thiếu cột {', '.join(missing)}")
        for row in reader:
            record = Record(f"{path.name}, dòng {reader.line_num}", row)
            if None in row:
                raise DataFileError(f"{record.where}: nhiều ô hơn số cột")
            yield record


def read_toml(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"{path.name}: sai cú pháp TOML: {error}") from None


def toml_tables(path: Path, data: Mapping[str, Any], name: str) -> Iterator[Record]:
    for number, table in enumerate(data.get(name, ()), start=1):
        yield Record(f"{path.name}, [[{name}]] thứ {number}", table)
