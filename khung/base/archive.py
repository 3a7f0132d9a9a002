"""The form of a backup: one zip with a manifest, a file of rows per table, and the uploads.

`manifest.json` names every other entry with its SHA-256 and, for tables, its rows and columns, so
that a damaged or cut archive is found before anything is changed.
"""

import datetime as dt
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from io import TextIOWrapper
from pathlib import Path, PurePosixPath
from typing import Any

FORMAT = 1
MANIFEST = "manifest.json"
UPLOADS = "uploads/"
CHUNK = 1 << 20


class BadArchive(ValueError):
    """The file is no backup, is damaged, or belongs to another version. Message in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its rows are in the entry `tables/<name>.jsonl`."""

    name: str
    columns: list[str]
    rows: int
    sha256: str

    @property
    def entry(self) -> str:
        return table_entry(self.name)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive holds. `migrations` are those of the code and database that wrote it."""

    created_at: str
    installation: str
    migrations: list[str]
    audit_head: dict[str, Any]
    tables: list[Table]
    uploads: dict[str, str]
    format: int = FORMAT

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    def made_at(self) -> str:
        """ "lúc 08:30 ngày 03/02/2026", by the clock of the installation that wrote it."""
        return f"{dt.datetime.fromisoformat(self.created_at):lúc %H:%M ngày %d/%m/%Y}"


def table_entry(name: str) -> str:
    return f"tables/{name}.jsonl"


def write_lines(archive: zipfile.ZipFile, entry: str, lines: Iterable[str]) -> tuple[int, str]:
    """Write an entry line by line; return the number of lines and the SHA-256."""
    digest, count = hashlib.sha256(), 0
    with archive.open(entry, "w", force_zip64=True) as file:
        for line in lines:
            data = line.encode() + b"\n"
            digest.update(data)
            file.write(data)
            count += 1
    return count, digest.hexdigest()


def write_file(archive: zipfile.ZipFile, entry: str, path: Path) -> str:
    """Copy a file in; return its SHA-256. Raises FileNotFoundError before anything is written."""
    digest = hashlib.sha256()
    with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def read_lines(archive: zipfile.ZipFile, entry: str) -> Iterator[str]:
    with archive.open(entry) as file, TextIOWrapper(file, encoding="utf-8", newline="\n") as text:
        for line in text:
            yield line.rstrip("\n")


def open_checked(path: Path) -> tuple[zipfile.ZipFile, Manifest]:
    """Open a backup whose every entry is whole. Raises BadArchive otherwise."""
    try:
        archive = zipfile.ZipFile(path)
        manifest = _manifest(archive)
        _check_entries(archive, manifest)
    except FileNotFoundError:
        raise BadArchive(f"Không có tệp {path}.") from None
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError) as error:
        if isinstance(error, BadArchive):
            raise
        raise BadArchive(f"{path} không phải bản sao lưu của Khung, hoặc đã hỏng.") from error
    return archive, manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    data = json.loads(archive.read(MANIFEST))
    if data["format"] != FORMAT:
        raise BadArchive(f"Bản sao lưu có định dạng {data['format']}; bản Khung này đọc {FORMAT}.")
    manifest = Manifest(**{**data, "tables": [Table(**table) for table in data["tables"]]})
    manifest.made_at()  # raises ValueError where no time is written
    return manifest


def _check_entries(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    expected = {table.entry: table.sha256 for table in manifest.tables}
    for name, sha256 in manifest.uploads.items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise BadArchive(f"Bản sao lưu chứa đường dẫn không hợp lệ: {name}.")
        expected[UPLOADS + name] = sha256
    if set(archive.namelist()) != {*expected, MANIFEST}:
        raise BadArchive("Bản sao lưu thiếu hoặc thừa tệp so với bản kê.")
    for entry, sha256 in expected.items():
        digest = hashlib.sha256()
        with archive.open(entry) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != sha256:
            raise BadArchive(f"Bản sao lưu đã hỏng: {entry} không đúng mã băm.")
