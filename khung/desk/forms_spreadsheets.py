"""Forms of spreadsheets handed in, and the way rows travel from the preview to the saving."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.base import files
from khung.base.upload_handler import NO_ROOM, TOO_LARGE, Incoming
from khung.desk.forms_versioned import DeskForm
from khung.reports import uploads

# A preview left open overnight may still be taken: everything is checked again.
LASTS = 24 * 60 * 60


class HandInSpreadsheet(DeskForm):
    """An xlsx file. The field bears the name by which uploads stop at the limit of size."""

    evidence = forms.FileField(
        label=_("Tệp bảng tính đã ghi"),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".xlsx"}),
        help_text=_("Tệp .xlsx tải từ trang này. Lưu bằng Excel hay LibreOffice đều được."),
        error_messages={"required": _("Chọn tệp .xlsx đã ghi.")},
    )

    def clean_evidence(self) -> tuple[str, bytes]:
        """The name and the bytes of a file that really is a spreadsheet, without macros."""
        file: Incoming = self.cleaned_data["evidence"]
        name = uploads.file_name(file.name or "")
        try:
            if file.problem == TOO_LARGE:
                raise uploads.too_large(name)
            if file.problem == NO_ROOM:
                raise files.NoRoom
            # Old spreadsheets and those with macros are told what they are, below.
            if not PurePath(name).suffix.lower().startswith(".xls"):
                raise _other_type(name)
            with uploads.prepared(file.file, name) as ready:  # type: ignore[arg-type]
                if ready.content_type != uploads.XLSX:
                    raise _other_type(name)
                return name, ready.written.path.read_bytes()
        except uploads.Refused as why:
            raise forms.ValidationError(str(why)) from why
        except files.NoRoom as why:
            raise forms.ValidationError(uploads.no_room()) from why


def _other_type(name: str) -> uploads.Refused:
    said = gettext("“%(name)s” không phải bảng tính .xlsx. Cần tệp .xlsx tải từ trang này.")
    return uploads.Refused(said % {"name": name})


def packed(rows: Sequence[Any], salt: str, **more: Any) -> str:
    """Rows as a hidden field carries them: signed, so that they come back as they were read."""
    return signing.dumps({"rows": rows, **more}, salt=salt, compress=True)


def unpacked(text: str, salt: str) -> Mapping[str, Any] | None:
    """What `packed` was given; None where it is too old, of another page, or was changed."""
    try:
        found = signing.loads(text, salt=salt, max_age=LASTS)
    except signing.BadSignature:
        return None
    return found if isinstance(found, dict) else None
