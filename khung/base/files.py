"""Files kept under the data folder by their hash: the same bytes are stored once."""

import hashlib
import mimetypes
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from khung.base.models import StoredFile


def path_of(sha256: str) -> Path:
    """Where the bytes of a hash lie, two folders deep so that no folder grows huge."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256


def store(data: bytes, *, name: str, now: datetime) -> StoredFile:
    """Keeps the bytes and returns their record; bytes already kept are not written again."""
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # A name of its own: two people may hand in the same file at once.
        partial = path.with_name(f".{sha256}.{uuid4().hex}")
        partial.write_bytes(data)
        partial.rename(path)
    stored, _ = StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={
            "name": Path(name).name,
            "content_type": mimetypes.guess_type(name)[0] or "application/octet-stream",
            "size": len(data),
            "stored_at": now,
        },
    )
    return stored


def read(file: StoredFile) -> bytes:
    """The bytes of a stored file. Raises OSError where the data folder lost them."""
    return path_of(file.sha256).read_bytes()
