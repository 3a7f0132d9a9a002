"""What a file handed in really is, and what becomes of it on the disk."""

import errno
import os
import socket
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, transaction
from PIL import Image

from khung.base import files
from khung.base.models import StoredFile
from khung.reports import images, uploads
from khung.reports.uploads import Refused, content_type_of, file_name
from tests.cast import TODAY

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
LATITUDE = 2


def picture(
    form: str = "JPEG", size: tuple[int, int] = (60, 40), *, located: bool = False
) -> bytes:
    image = Image.new("RGB", size, "teal")
    exif = image.getexif()
    if located:
        exif.get_ifd(images.LOCATION)[LATITUDE] = (12.0, 15.0, 3.0)
        exif[images.ORIENTATION] = 6
    out = BytesIO()
    image.save(out, form, exif=exif)
    return out.getvalue()


def office(main: str = "word/document.xml", *more: str, types: str = "") -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", f"<Types>{types}</Types>")
        for name in (main, *more):
            made.writestr(name, "<w/>")
    return out.getvalue()


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path / "uploads"


class Broken(RuntimeError):
    """Something else of the transaction went wrong."""


def keep_in_vain(data: bytes) -> None:
    """Keeps bytes in a transaction that fails."""
    with files.written(iter([data])) as new, transaction.atomic():
        files.keep(new, name="a", content_type="text/plain", now=TODAY)
        raise Broken


@transaction.atomic
def release_in_vain(stored: StoredFile) -> None:
    files.release(stored)
    raise Broken


def kept(folder: Path) -> list[str]:
    """The names of all bytes on the disk, with those half-written."""
    return sorted(
        path.name for path in folder.rglob("*") if path.is_file() and path.name != ".lock"
    )


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("ảnh.JPG", picture(), "image/jpeg"),
        ("a.png", picture("PNG"), "image/png"),
        ("a.webp", picture("WEBP"), "image/webp"),
        ("bien-ban.pdf", PDF, "application/pdf"),
        ("bc.docx", office(), uploads.DOCX),
        ("so.xlsx", office("xl/workbook.xml"), uploads.XLSX),
    ],
)
def test_a_file_is_what_it_says(name: str, data: bytes, content_type: str) -> None:
    assert content_type_of(data, name) == content_type


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("trang.jpg", b"<html><script>alert(1)</script>", "không phải là tệp .jpg"),
        ("anh.png", picture(), "không phải là tệp .png"),
        ("a.pdf", b"<html>%PDF-1.4 %%EOF", "không phải là tệp .pdf"),
        ("nua.pdf", PDF[:20], "không phải là tệp .pdf"),
        ("a.docx", office("xl/workbook.xml"), "không phải là tệp .docx"),
        ("a.docx", b"PK\x03\x04 not a zip", "không phải là tệp .docx"),
        ("a.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin"), "có chứa macro"),
        ("a.docx", office(types="application/vnd.ms-word.document.macroEnabled"), "có chứa macro"),
        ("cu.doc", b"\xd0\xcf\x11\xe0", "dạng cũ hoặc có thể chứa macro"),
        ("macro.xlsm", office("xl/workbook.xml"), "dạng cũ hoặc có thể chứa macro"),
        ("IMG_1.HEIC", b"....ftypheic", "HEIC của iPhone"),
        ("chay.exe", b"MZ", "Chỉ nhận ảnh JPG"),
        ("hinh.svg", b"<svg onload='x()'/>", "Chỉ nhận ảnh JPG"),
        ("khong-duoi", PDF, "Chỉ nhận ảnh JPG"),
    ],
)
def test_what_is_not_taken_says_why(name: str, data: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        content_type_of(data, name)
    assert name in str(refused.value)


@pytest.mark.parametrize(
    ("given", "clean"),
    [
        ("C:\\Users\\An\\Ảnh 1.jpg", "Ảnh 1.jpg"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("ho\u202egpj.exe", "hogpj.exe"),
        ("a" * 400 + ".pdf", "a" * 150 + ".pdf"),
        ("", "tep"),
        (".pdf", "pdf"),
    ],
)
def test_a_name_loses_what_could_mislead(given: str, clean: str) -> None:
    assert file_name(given) == clean


def test_a_photograph_loses_its_place_and_its_size() -> None:
    before = picture(size=(3000, 1000), located=True)
    assert images.has_location(before)
    after = images.prepared(before)
    assert not images.has_location(after)
    with Image.open(BytesIO(after)) as shown:
        # Turned upright: what lay on its side is tall now.
        assert shown.size == (667, 2000)
        assert dict(shown.getexif()) == {}


def test_a_person_may_keep_the_place() -> None:
    after = images.prepared(picture(located=True), keep_origin=True)
    assert images.has_location(after)
    with Image.open(BytesIO(after)) as shown:
        assert (shown.size, shown.getexif().get(images.ORIENTATION)) == ((40, 60), None)


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_pictures_lose_their_notes_too(form: str) -> None:
    before = picture(form, (2600, 1300), located=True)
    assert images.has_location(before)
    after = images.prepared(before)
    assert not images.has_location(after)
    with Image.open(BytesIO(after)) as shown:
        assert (shown.format, max(shown.size)) == (form, 2000)


def test_a_picture_of_too_many_points_is_never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(images.MOST_PIXELS, "PNG", 1000)
    with pytest.raises(images.BadImage, match="too_many_pixels"):
        images.prepared(picture("PNG"))


def test_a_broken_picture_is_refused(folder: Path) -> None:
    with pytest.raises(Refused, match="hỏng, không mở được"):
        with uploads.prepared(BytesIO(picture(size=(300, 300))[:400]), "a.jpg"):
            pass
    assert kept(folder) == []


def test_too_large_and_empty_files_say_so(settings: LazySettings, folder: Path) -> None:
    settings.UPLOAD_LIMIT_MB = 1
    with pytest.raises(Refused, match="lớn hơn 1 MB"):
        with uploads.prepared(BytesIO(PDF + b" " * 1024 * 1024), "a.pdf"):
            pass
    with pytest.raises(Refused, match="rỗng"):
        with uploads.prepared(BytesIO(b""), "a.pdf"):
            pass


@pytest.mark.django_db
def test_what_nobody_keeps_leaves_nothing(folder: Path) -> None:
    with uploads.prepared(BytesIO(PDF), "a.pdf") as ready:
        assert ready.written.path.read_bytes() == PDF
    assert kept(folder) == []


@pytest.mark.django_db(transaction=True)
def test_what_a_failed_transaction_kept_leaves_nothing(folder: Path) -> None:
    with pytest.raises(Broken):
        keep_in_vain(b"abc")
    assert (kept(folder), StoredFile.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_a_failed_transaction_leaves_the_bytes_of_others(folder: Path) -> None:
    stored = files.store(b"abc", name="a", now=TODAY)
    with pytest.raises(Broken):
        keep_in_vain(b"abc")
    assert files.read(stored) == b"abc"


@pytest.mark.django_db(transaction=True)
def test_bytes_go_once_their_record_is_gone_for_good(folder: Path) -> None:
    stored = files.store(b"abc", name="a", now=TODAY)
    files.derived(stored.sha256, "small", lambda data: data[:1])
    with transaction.atomic():
        assert files.release(stored)
        assert files.path_of(stored.sha256).exists()
    assert kept(folder) == []


@pytest.mark.django_db(transaction=True)
def test_bytes_stay_when_letting_go_of_them_failed(folder: Path) -> None:
    stored = files.store(b"abc", name="a", now=TODAY)
    with pytest.raises(Broken):
        release_in_vain(stored)
    assert files.read(StoredFile.objects.get()) == b"abc"


@pytest.mark.django_db(transaction=True)
def test_bytes_handed_in_again_meanwhile_stay(folder: Path) -> None:
    """Somebody hands in the same bytes between the commit of a removal and the removal itself."""
    stored = files.store(b"abc", name="a", now=TODAY)
    mark = files._mark(stored.sha256)
    StoredFile.objects.all().delete()
    with files.written(iter([b"abc"])) as new, transaction.atomic():
        files.keep(new, name="a", content_type="text/plain", now=TODAY)
        again = StoredFile.objects.get()
        StoredFile.objects.filter(pk=again.pk).update(sha256="not yet visible to others")
        files._remove(stored.sha256, mark)
        assert files.path_of(new.sha256).read_bytes() == b"abc"


@pytest.mark.django_db
def test_a_full_disk_keeps_nothing_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(files.NoRoom), uploads.prepared(BytesIO(PDF), "a.pdf"):
        pass
    assert kept(folder) == []
    assert "hết chỗ chứa" in uploads.no_room()


@contextmanager
def scanner(verdict: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A clamd that reads one stream as the protocol has it, and answers."""
    taken: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as told:
                assert told.read(10) == b"zINSTREAM\0"
                data = b""
                while length := struct.unpack("!L", told.read(4))[0]:
                    data += told.read(length)
                taken.append(data)
                connection.sendall(verdict)

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", taken
        thread.join(5)


def test_a_scanner_reads_every_byte(settings: LazySettings, folder: Path) -> None:
    large = PDF[:-6] + b"x" * 200_000 + b"\n%%EOF\n"
    with scanner(b"stream: OK\0") as (address, taken):
        settings.CLAMD = address
        with uploads.prepared(BytesIO(large), "a.pdf"):
            pass
    assert taken == [large]


@pytest.mark.parametrize(
    ("verdict", "why"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", r"mã độc \(Eicar-Test-Signature\)"),
        (b"INSTREAM size limit exceeded. ERROR\0", "Chưa quét được vi-rút"),
        (b"", "Chưa quét được vi-rút"),
    ],
)
def test_what_a_scanner_does_not_pass_is_not_taken(
    settings: LazySettings, folder: Path, verdict: bytes, why: str
) -> None:
    with scanner(verdict) as (address, _):
        settings.CLAMD = address
        with pytest.raises(Refused, match=why), uploads.prepared(BytesIO(PDF), "a.pdf"):
            pass
    assert kept(folder) == []


def test_a_scanner_that_is_away_lets_nothing_in(settings: LazySettings, folder: Path) -> None:
    settings.CLAMD = "127.0.0.1:9"
    with pytest.raises(Refused, match="Chưa quét được vi-rút"):
        with uploads.prepared(BytesIO(PDF), "a.pdf"):
            pass


@pytest.mark.django_db(transaction=True)
def test_the_same_bytes_kept_and_removed_by_several_at_once(folder: Path) -> None:
    """No row ever names bytes that are gone, and no bytes stay that no row names."""
    lost: list[str] = []

    def work() -> None:
        try:
            for _ in range(8):
                stored = files.store(b"the same", name="a", now=TODAY)
                with transaction.atomic():
                    # Held, so that nobody removes it between these two lines.
                    if StoredFile.objects.select_for_update().filter(pk=stored.pk).exists():
                        if not files.path_of(stored.sha256).exists():
                            lost.append("a row without bytes")
                        files.release(stored)
        except (OSError, DatabaseError) as error:
            lost.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == []
    assert (StoredFile.objects.count(), kept(folder)) == (0, [])
