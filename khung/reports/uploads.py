"""Files people hand in: what they really are, made fit to keep, and written to the disk.

All of it happens before a transaction opens: a large photograph must not keep others waiting.
"""

import datetime as dt
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO

import puremagic
from django.conf import settings
from django.utils.translation import gettext

from khung.base import files
from khung.base.wording import number
from khung.orgs.models import Person, Unit
from khung.reports import images, scanning
from khung.reports.models import Evidence
from khung.rules.text import squeeze

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "docx": DOCX,
    "xlsx": XLSX,
}
IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
# What a browser shows by itself; everything else is only ever downloaded.
SHOWN = IMAGES | {"application/pdf"}
ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx"
NAME_LENGTH = 150
# An office file is a zip; more than this unpacked is not a document of an office.
MOST_ENTRIES, MOST_UNPACKED = 5000, 500 * 1024 * 1024
_MAIN_PART = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}
_MACROS = re.compile(r"vbaProject|vbaData|/activeX/|/macrosheets/", re.IGNORECASE)
# Control characters, and marks that turn the order of letters around ("gpj.exe" for "exe.jpg").
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class Refused(ValueError):
    """A file that is not taken; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file on the disk, ready to be kept: its name, what it is, and its bytes."""

    name: str
    content_type: str
    written: files.Written


def file_name(name: str) -> str:
    """The name without its folders and unseen characters, its extension kept; never empty."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    clean = squeeze(_UNSEEN.sub("", last)).strip(". ")
    stem, dot, extension = clean.rpartition(".")
    if not dot:
        stem, extension = clean, ""
    return f"{(stem or 'tep')[:NAME_LENGTH]}{dot}{extension[:10]}"


@contextmanager
def prepared(file: IO[bytes], name: str, *, keep_origin: bool = False) -> Iterator[Prepared]:
    """Checks a file handed in and writes it to the disk, to be kept by `keep`.

    Pictures are made smaller and lose their place unless `keep_origin`. Open it around the
    transaction. Raises Refused, and files.NoRoom where the disk is full: nothing of it stays.
    """
    name = file_name(name)
    data = _read(file, name)
    content_type = content_type_of(data, name)
    _scan(data, name)
    if content_type in IMAGES:
        data = _picture(data, name, keep_origin=keep_origin)
    with files.written(iter([data])) as new:
        yield Prepared(name, content_type, new)


def _read(file: IO[bytes], name: str) -> bytes:
    limit: int = settings.UPLOAD_LIMIT_MB * 1024 * 1024
    file.seek(0)
    data = file.read(limit + 1)
    if len(data) > limit:
        raise too_large(name)
    if not data:
        raise Refused(
            gettext("Tệp “%(name)s” rỗng, không có nội dung. Kiểm tra rồi chọn lại tệp.")
            % {"name": name}
        )
    return data


def too_large(name: str) -> Refused:
    """What to raise for a file beyond the limit."""
    return Refused(
        gettext(
            "Tệp “%(name)s” lớn hơn %(limit)s MB. Chụp lại ở cỡ nhỏ hơn, nén hoặc tách tệp, hay "
            "đưa lên cổng của đơn vị rồi dán đường dẫn."
        )
        % {"name": name, "limit": number(settings.UPLOAD_LIMIT_MB)}
    )


def content_type_of(data: bytes, name: str) -> str:
    """What a file is, where its extension and its content agree. Raises Refused."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    expected = TYPES.get(extension)
    if expected is None:
        raise Refused(_unknown(extension, name))
    is_it = _is_office(data, name, expected) if expected in _MAIN_PART else _is(data, expected)
    if not is_it:
        raise Refused(
            gettext(
                "Tệp “%(name)s” không phải là tệp .%(extension)s như tên của nó, hoặc đã hỏng. "
                "Mở tệp bằng phần mềm đã tạo ra nó, lưu lại rồi chọn lại."
            )
            % {"name": name, "extension": extension}
        )
    return expected


def _unknown(extension: str, name: str) -> str:
    """Why an extension is not taken, and what to do instead."""
    if extension in {"doc", "xls", "docm", "xlsm", "dot", "xlt"}:
        why = gettext(
            "Tệp “%(name)s” thuộc dạng cũ hoặc có thể chứa macro nên không nhận. Mở tệp, chọn "
            "Lưu thành (Save As) dạng .docx, .xlsx hoặc .pdf rồi chọn lại."
        )
    elif extension in {"heic", "heif"}:
        why = gettext(
            "Ảnh “%(name)s” ở dạng HEIC của iPhone. Vào Cài đặt > Camera > Định dạng, chọn "
            "Tương thích nhất rồi chụp lại, hoặc gửi ảnh dạng JPG."
        )
    else:
        why = gettext(
            "Không nhận tệp “%(name)s”. Chỉ nhận ảnh JPG, PNG, WebP và tệp PDF, DOCX, XLSX."
        )
    return why % {"name": name}


def _is(data: bytes, expected: str) -> bool:
    """Whether the first bytes are those of the type; a PDF also has to have an end."""
    try:
        found = {match.mime_type for match in puremagic.magic_string(data[:4096])}
    except (puremagic.PureError, ValueError):
        return False
    if expected == "application/pdf":
        return data.startswith(b"%PDF-") and b"%%EOF" in data[-4096:]
    return expected in found


def _is_office(data: bytes, name: str, expected: str) -> bool:
    """Whether a zip is the office file it says; one that carries macros is refused by name."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as opened:
            entries = opened.infolist()
            names = [entry.filename for entry in entries]
            unpacked = sum(entry.file_size for entry in entries)
            if len(names) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
                return False
            parts = opened.open("[Content_Types].xml").read(1 << 20).decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, ValueError):
        return False
    if "macroEnabled" in parts or any(_MACROS.search(f"/{entry}") for entry in names):
        raise Refused(
            gettext(
                "Tệp “%(name)s” có chứa macro nên không nhận. Lưu lại dạng .docx, .xlsx "
                "không macro hoặc .pdf rồi chọn lại."
            )
            % {"name": name}
        )
    return _MAIN_PART[expected] in names


def _scan(data: bytes, name: str) -> None:
    try:
        scanning.scan(BytesIO(data))
    except scanning.Infected as found:
        raise Refused(
            gettext(
                "Tệp “%(name)s” có mã độc (%(virus)s) nên không nhận. Báo cán bộ công nghệ thông "
                "tin của đơn vị kiểm tra máy đang dùng."
            )
            % {"name": name, "virus": found}
        ) from found
    except scanning.NoScanner as silent:
        raise Refused(
            gettext(
                "Chưa quét được vi-rút nên chưa nhận tệp “%(name)s”; những gì đã lưu vẫn còn. "
                "Thử lại sau ít phút; nếu vẫn vậy, báo người vận hành hệ thống."
            )
            % {"name": name}
        ) from silent


def _picture(data: bytes, name: str, *, keep_origin: bool) -> bytes:
    try:
        return images.prepared(data, keep_origin=keep_origin)
    except images.BadImage as bad:
        if bad.code == "too_many_pixels":
            why = gettext("Ảnh “%(name)s” quá nhiều điểm ảnh. Thu nhỏ ảnh rồi chọn lại.")
        else:
            why = gettext("Ảnh “%(name)s” hỏng, không mở được. Chụp hoặc lưu lại rồi chọn lại.")
        raise Refused(why % {"name": name}) from bad


def keep(
    new: Prepared,
    *,
    unit: Unit,
    by: Person | None,
    now: dt.datetime,
    title: str = "",
    has_personal_data: bool = False,
) -> Evidence:
    """Makes a prepared file a piece of evidence of a unit; nobody (None) is a village head.

    Call it in a transaction, inside `prepared`.
    """
    stored = files.keep(new.written, name=new.name, content_type=new.content_type, now=now)
    return Evidence.objects.create(
        unit=unit,
        kind=Evidence.Kind.FILE,
        title=title or new.name,
        file=stored,
        content_type=new.content_type,
        has_personal_data=has_personal_data,
        added_by=by,
        added_at=now,
    )


def no_room() -> str:
    """What to tell a person when the disk is full."""
    return gettext(
        "Máy chủ đã hết chỗ chứa nên chưa nhận tệp. Những gì đã lưu trước đó vẫn an toàn. Báo "
        "người vận hành hệ thống dọn chỗ, rồi gửi lại tệp."
    )
