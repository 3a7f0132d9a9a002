"""Evidence on its way in: nothing of a file that is too large or finds no room is kept."""

import tempfile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

# The field of a form whose files are taken this way; other forms keep Django's own.
FIELD = "evidence"
TOO_LARGE, NO_ROOM = "too_large", "no_room"


class Incoming(UploadedFile):  # type: ignore[type-arg]
    """A file handed in; `problem` says why its content is missing, "" where all of it is there."""

    problem = ""


class EvidenceUploadHandler(FileUploadHandler):
    """Writes evidence to a temporary file as it arrives and stops writing at the limit.

    A full disk is told to the form, instead of breaking the request before any page sees it.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.problem = ""
        self.size = 0
        self.file: Any = None
        if self.field_name != FIELD:
            return
        try:
            self.file = tempfile.NamedTemporaryFile(
                suffix=".upload", dir=settings.FILE_UPLOAD_TEMP_DIR
            )
        except OSError:
            self.problem = NO_ROOM
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.field_name != FIELD:
            return raw_data
        self.size += len(raw_data)
        if self.size > settings.UPLOAD_LIMIT_MB * 1024 * 1024:
            self._drop(TOO_LARGE)
        if not self.problem:
            try:
                self.file.write(raw_data)
                self.file.flush()
            except OSError:
                self._drop(NO_ROOM)
        return None

    def _drop(self, problem: str) -> None:
        """Gives the room back at once."""
        self.problem = self.problem or problem
        if self.file is not None:
            try:
                self.file.close()
            except OSError:
                pass
            self.file = None

    def file_complete(self, file_size: int) -> Incoming | None:
        if self.field_name != FIELD:
            return None
        if self.file is None:
            self.file = tempfile.SpooledTemporaryFile(max_size=1)
        self.file.seek(0)
        found = Incoming(
            file=self.file,
            name=self.file_name,
            content_type=self.content_type,
            size=self.size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
        found.problem = self.problem
        return found

    def upload_interrupted(self) -> None:
        """The connection broke off: the temporary file goes."""
        self._drop(NO_ROOM)
