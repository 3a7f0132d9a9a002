"""Files kept under the data folder by their hash: the same bytes are stored once.

Bytes are written and flushed before the row that names them is committed, and removed only after
the row is gone, so that no committed row ever names bytes that are not there. A file whose name
begins with a dot is still being written, or can be made again; backups leave it out.
"""

import errno
import fcntl
import hashlib
import mimetypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError

from khung.base.models import StoredFile

CHUNK = 1 << 16
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class NoRoom(OSError):
    """The disk is full: nothing of the file was kept. What was stored before is safe."""


@dataclass(slots=True)
class Written:
    """Bytes on the disk that no record names yet; `mark` says since when they have their name."""

    path: Path
    sha256: str
    size: int
    mark: int | None = None


def path_of(sha256: str) -> Path:
    """Where the bytes of a hash lie, two folders deep so that no folder grows huge."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def written(chunks: Iterator[bytes]) -> Iterator[Written]:
    """Writes bytes to a file of their own, flushed to the disk, for `keep` to give a name.

    Open it around the transaction that keeps them: what was not kept, or kept by a transaction
    that failed, is removed at the end. Raises NoRoom where the disk is full.
    """
    root = Path(settings.MEDIA_ROOT)
    digest, size = hashlib.sha256(), 0
    # A name of its own: two people may hand in the same file at once.
    partial = root / f".{uuid4().hex}"
    try:
        with _room():
            root.mkdir(parents=True, exist_ok=True)
            with partial.open("xb") as file:
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
                _flush(file)
        new = Written(partial, digest.hexdigest(), size)
        try:
            yield new
        except BaseException:
            if new.mark is not None and not transaction.get_connection().needs_rollback:
                _remove(new.sha256, new.mark)
            raise
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _room() -> Iterator[None]:
    """A full disk by its name."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise NoRoom(error.errno, "disk full") from error
        raise


def _flush(file: IO[bytes]) -> None:
    """Everything written so far stands on the disk, also after the power fails."""
    file.flush()
    os.fsync(file.fileno())


def keep(new: Written, *, name: str, content_type: str, now: datetime) -> StoredFile:
    """Puts bytes under their hash and returns their record, which the transaction then holds.

    Call it inside a transaction. Of several that keep the same bytes, each waits for the one
    before, whose row or whose absence it then sees. Raises NoRoom.
    """
    stored, is_new = StoredFile.objects.get_or_create(
        sha256=new.sha256,
        defaults={
            "name": Path(name).name,
            "content_type": content_type,
            "size": new.size,
            "stored_at": now,
        },
    )
    if not is_new:
        # Whoever removes the record waits now, and then finds it used.
        held = StoredFile.objects.select_for_update().filter(pk=stored.pk).first()
        if held is None:
            return keep(new, name=name, content_type=content_type, now=now)
    path = path_of(new.sha256)
    with _room():
        path.parent.mkdir(parents=True, exist_ok=True)
        with _held(new.sha256):
            if path.exists():
                # Counted on by one, not by a clock: whoever is about to remove them sees it.
                seen = path.stat()
                os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns + 1))
            else:
                new.path.rename(path)
            new.mark = path.stat().st_mtime_ns
        _flush_folder(path.parent)
    return stored


def store(data: bytes, *, name: str, now: datetime) -> StoredFile:
    """Keeps the bytes and returns their record; bytes already kept are not written again."""
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    with written(iter([data])) as new, transaction.atomic():
        return keep(new, name=name, content_type=guessed, now=now)


def read(file: StoredFile) -> bytes:
    """The bytes of a stored file. Raises OSError where the data folder lost them."""
    return path_of(file.sha256).read_bytes()


def release(file: StoredFile) -> bool:
    """Removes a record nothing points at any more, and its bytes once that is committed.

    Returns whether it went. Call it inside the transaction that let go of the file.
    """
    held = StoredFile.objects.select_for_update().filter(pk=file.pk).first()
    if held is None:
        return False
    mark = _mark(held.sha256)
    try:
        with transaction.atomic():
            held.delete()
    except ProtectedError:
        return False
    transaction.on_commit(lambda: _remove(held.sha256, mark))
    return True


def derived(sha256: str, name: str, make: Callable[[bytes], bytes]) -> bytes:
    """Something made of stored bytes once and kept beside them: a small picture.

    It goes when they go; where it cannot be kept it is made again. Raises OSError where the
    bytes are lost.
    """
    source = path_of(sha256)
    path = source.with_name(f".{sha256}.{name}")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        data = make(source.read_bytes())
    partial = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        partial.write_bytes(data)
        partial.rename(path)
    except OSError:
        partial.unlink(missing_ok=True)
    return data


def _mark(sha256: str) -> int | None:
    """When the bytes were last handed in; None where there are none."""
    try:
        return path_of(sha256).stat().st_mtime_ns
    except FileNotFoundError:
        return None


def _remove(sha256: str, mark: int | None) -> None:
    """Removes bytes unless a record names them, or somebody handed them in since `mark`."""
    path = path_of(sha256)
    if not path.parent.exists():
        return
    with _held(sha256):
        if _mark(sha256) != mark or StoredFile.objects.filter(sha256=sha256).exists():
            return
        path.unlink(missing_ok=True)
        for made in path.parent.glob(f".{sha256}.*"):
            made.unlink(missing_ok=True)


@contextmanager
def _held(sha256: str) -> Iterator[None]:
    """Of all processes, one at a time puts or removes these bytes."""
    lock = path_of(sha256).parent / ".lock"
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
