"""Forms of evidence: what is handed in for one method, and what is said of a piece."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.base.upload_handler import Incoming
from khung.desk.forms_versioned import DayInput, DeskForm
from khung.reports import uploads
from khung.reports.actions import Said
from khung.reports.models import Evidence
from khung.rules import evidence as rules
from khung.rules.methods import EVIDENCE_LABELS
from khung.rules.text import squeeze

HELP = {
    "place": _("Ví dụ: Nhà văn hóa thôn 2."),
    "numbers": _("Ví dụ: 120 người dự, 15 ý kiến, đã trả lời 12."),
    "channel": _("Ví dụ: loa truyền thanh xã, nhóm Zalo tổ 5."),
}


class SeveralFiles(forms.ClearableFileInput):
    """A field to choose several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each is checked by itself afterwards, so that one bad file stops no other."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Incoming]:
        """The files handed in, in their order; empty where none is."""
        if not data:
            return []
        return list(data) if isinstance(data, list | tuple) else [data]


class DetailsForm(DeskForm):
    """What a kind of method asks to be said beside a file (`rules.evidence`)."""

    def __init__(self, *args: Any, method_kind: str, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.asked = rules.details_asked(method_kind)
        for detail in self.asked:
            self.fields[detail.name] = _field(detail)
        self.order_fields([*self.first_fields, *(detail.name for detail in self.asked)])

    first_fields: Sequence[str] = ()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        told = {name: self.cleaned_data.get(name) for name in self.fields}
        for name, code in rules.problems(told, self.today):
            self.add_error(name, gettext(rules.DETAIL_PROBLEMS[code]))
        until = self.cleaned_data.get("valid_until")
        if until and until < self.today:
            self.add_error(
                "valid_until", gettext("Ngày này đã qua nên tài liệu không còn hiệu lực.")
            )
        return cleaned

    @property
    def said(self) -> Said:
        """What was said, once the form is valid."""
        cleaned = self.cleaned_data
        return Said(
            title=squeeze(cleaned.get("title", "")),
            url=cleaned.get("url", ""),
            details={detail.name: cleaned.get(detail.name) for detail in self.asked},
            valid_until=cleaned.get("valid_until"),
            has_personal_data=cleaned.get("has_personal_data", False),
        )


def _field(detail: rules.Detail) -> forms.Field:
    label = _translated(rules.DETAIL_LABELS[detail.name])
    field: forms.Field
    if detail.kind == "day":
        field = forms.DateField(label=label, required=False, widget=DayInput())
    elif detail.kind == "number":
        field = forms.IntegerField(label=label, required=False, min_value=0, max_value=10**9)
    else:
        field = forms.CharField(label=label, required=False, max_length=500)
    field.widget.attrs.pop("class", None)
    field.widget.attrs["class"] = "form-control"
    field.help_text = HELP.get(detail.name, "")
    return field


def _translated(label: str) -> str:
    return gettext(label)


class AddEvidence(DetailsForm):
    """Files, an address, or figures alone, for one method or the whole task."""

    first_fields = ("evidence", "url")

    evidence = FilesField(
        label=_("Tệp hoặc ảnh"),
        required=False,
        widget=SeveralFiles({"accept": uploads.ACCEPT}),
    )
    url = forms.CharField(
        label=_("Đường dẫn"),
        required=False,
        max_length=1000,
        widget=forms.URLInput({"placeholder": "https://", "inputmode": "url"}),
        help_text=_("Dán nguyên địa chỉ trang đã đăng."),
    )
    title = forms.CharField(
        label=_("Tên gọi"),
        required=False,
        max_length=255,
        help_text=_("Để trống thì lấy tên tệp hoặc đường dẫn."),
    )
    valid_until = forms.DateField(
        label=_("Có hiệu lực đến"),
        required=False,
        widget=DayInput(),
        help_text=_("Chỉ ghi khi tài liệu có thời hạn; để trống thì kỳ sau có thể dùng tiếp."),
    )
    keep_origin = forms.BooleanField(
        label=_("Giữ vị trí và thời điểm chụp ghi trong ảnh"), required=False
    )
    has_personal_data = forms.BooleanField(
        label=_("Có dữ liệu cá nhân (số định danh, địa chỉ, bệnh án…)"), required=False
    )

    def __init__(self, *args: Any, method_kind: str, **kwargs: Any) -> None:
        if rules.asks_for_link(method_kind):
            self.first_fields = ("url", "evidence")
        super().__init__(*args, method_kind=method_kind, **kwargs)
        asked = [gettext(EVIDENCE_LABELS[code]).lower() for code in rules.files_asked(method_kind)]
        taken = gettext("Nhận ảnh JPG, PNG, WebP và tệp PDF, DOCX, XLSX; chọn được nhiều tệp.")
        needs = gettext("Cách thức này cần: %(asked)s.") % {"asked": "; ".join(asked)}
        self.fields["evidence"].help_text = f"{needs} {taken}" if asked else taken

    def clean_url(self) -> str:
        """An address on the web; the one people paste without "https://" gets it."""
        url = "".join(str(self.cleaned_data["url"]).split())
        if not url:
            return ""
        if "://" not in url:
            url = f"https://{url}"
        try:
            URLValidator(schemes=["http", "https"])(url)
        except forms.ValidationError as wrong:
            raise forms.ValidationError(
                gettext("Đường dẫn phải là địa chỉ trang web, ví dụ https://xa.example.vn/tin-bai.")
            ) from wrong
        return url

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        filled = any(self.cleaned_data.get(detail.name) for detail in self.asked)
        given = self.cleaned_data.get("evidence") or self.cleaned_data.get("url")
        if not (given or filled or self.errors):
            raise forms.ValidationError(
                gettext("Chưa có gì để thêm: chọn tệp, dán đường dẫn hoặc ghi số liệu.")
            )
        return cleaned


class ChangeEvidence(DetailsForm):
    """What is said of a piece of a draft."""

    first_fields = ("title",)

    title = forms.CharField(label=_("Tên gọi"), max_length=255)
    valid_until = AddEvidence.base_fields["valid_until"]
    has_personal_data = AddEvidence.base_fields["has_personal_data"]

    @classmethod
    def of(cls, piece: Evidence) -> dict[str, Any]:
        """What the form shows of a piece."""
        return {
            **piece.details,
            "title": piece.title,
            "valid_until": piece.valid_until,
            "has_personal_data": piece.has_personal_data,
        }
