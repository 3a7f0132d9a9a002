"""The form of a village head's phone."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.assignments.models import Assignment
from khung.base.upload_handler import Incoming
from khung.base.wording import number
from khung.reports.villages import MOST_PHOTOS, MOST_WORDS


class SendingForm(forms.Form):
    """What the head says; the photographs come beside it, each looked at by itself.

    A key that cannot be read is replaced, so that a page altered on its way still sends.
    """

    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    assignment = forms.ChoiceField(label=_("Về việc nào"), required=False, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Lời nhắn"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off"}),
        error_messages={
            "max_length": _("Lời nhắn dài quá %(limit_value)d ký tự. Viết ngắn lại rồi gửi.")
        },
    )

    def __init__(
        self,
        *args: Any,
        asked: Sequence[tuple[Assignment, str]],
        photos: Sequence[Incoming] = (),
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.photos = photos
        self.by_id = {str(one.pk): one for one, _title in asked}
        choices = [(str(one.pk), title) for one, title in asked]
        if len(choices) > 1:
            choices.append(("", gettext("Việc khác, hoặc không rõ")))
        self.fields["assignment"].choices = choices  # type: ignore[attr-defined]
        if len(asked) > 1:
            self.fields["assignment"].initial = ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if len(self.photos) > MOST_PHOTOS:
            words = gettext("Mỗi lần gửi nhiều nhất %(most)s ảnh. Bỏ bớt, gửi tiếp ở lần sau.")
            self.add_error(None, words % {"most": number(MOST_PHOTOS)})
        elif not self.photos and not self.cleaned_data.get("text") and "text" not in self.errors:
            self.add_error(
                None, gettext("Chưa có gì để gửi: chụp ảnh, chọn ảnh hoặc viết vài lời.")
            )
        return cleaned

    @property
    def key(self) -> uuid.UUID:
        """The key the phone made for this sending."""
        return self.cleaned_data.get("client_key") or uuid.uuid4()

    @property
    def chosen(self) -> Assignment | None:
        """The work it is about; the only one asked about where there is one."""
        if len(self.by_id) == 1:
            return next(iter(self.by_id.values()))
        return self.by_id.get(self.cleaned_data.get("assignment", ""))
