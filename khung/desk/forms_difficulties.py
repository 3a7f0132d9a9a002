"""Forms of difficulties: raising one, what is said at each stop, what a list shows."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.desk.forms_versioned import DayInput, DeskForm
from khung.difficulties.models import Difficulty
from khung.difficulties.moving import Said
from khung.difficulties.queries import Wanted
from khung.orgs.models import Unit

MOST_TEXT, MOST_ASKED = 4000, 2000
Choices = Sequence[tuple[str, str]]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


def _labelled(choices: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    return [(str(value), gettext(str(label))) for value, label in choices]


class RaiseDifficulty(DeskForm):
    """What is in the way, what is asked, and of whom first."""

    kind = forms.ChoiceField(label=_("Vướng ở chỗ nào"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Khó khăn, vướng mắc"),
        max_length=MOST_TEXT,
        widget=_area(4),
        help_text=_("Việc gì, ở đâu, từ bao giờ, đơn vị đã làm gì."),
    )
    asked = forms.CharField(
        label=_("Đề nghị"),
        max_length=MOST_ASKED,
        widget=_area(2),
        help_text=_(
            "Một việc cụ thể mà nơi nhận trả lời được: hướng dẫn, bố trí, cho phép, chủ trì."
        ),
    )
    guide = forms.TypedChoiceField(
        label=_("Cơ quan hướng dẫn của việc này (nếu có)"),
        required=False,
        coerce=int,
        empty_value=None,
    )
    starts_at = forms.ChoiceField(label=_("Gửi đến"), required=False, widget=forms.RadioSelect)
    # Names the form, so that sending it twice raises one difficulty.
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, stops: Choices, guides: Sequence[Unit] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = _labelled(Difficulty.Kind.choices)  # type: ignore[attr-defined]
        self.fields["starts_at"].choices = stops  # type: ignore[attr-defined]
        if guides:
            names = [("", gettext("không chọn")), *((unit.pk, unit.name) for unit in guides)]
            self.fields["guide"].choices = names  # type: ignore[attr-defined]
        else:
            del self.fields["guide"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        said = self.cleaned_data
        if said.get("starts_at") == "guide" and "guide" in self.fields and not said.get("guide"):
            self.add_error("guide", gettext("Chọn cơ quan hướng dẫn, hoặc chọn gửi đến cấp khác."))
        return cleaned


class Say(DeskForm):
    """Words said at a stop; `version` is that of the difficulty the person read."""

    text = forms.CharField(max_length=MOST_TEXT, widget=_area(4))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, label: str, help_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label
        self.fields["text"].help_text = help_text

    @property
    def said(self) -> Said:
        return Said(text=self.cleaned_data["text"])


class SayIfWished(Say):
    """A confirmation: words are welcome, not needed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False
        self.fields["text"].widget.attrs["rows"] = 2


class SendOn(Say):
    """Why it is sent on, and to which of the later stages."""

    to = forms.ChoiceField(label=_("Chuyển đến"), widget=forms.RadioSelect)
    field_order = ("to", "text")

    def __init__(self, *args: Any, stops: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = stops  # type: ignore[attr-defined]
        if stops:
            self.fields["to"].initial = stops[0][0]

    @property
    def said(self) -> Said:
        return Said(text=self.cleaned_data["text"], to=self.cleaned_data["to"])


class Decide(Say):
    """A decision: what, who does it, by when, and the document that says so."""

    responsible_unit = forms.TypedChoiceField(
        label=_("Đơn vị chịu trách nhiệm thực hiện"), coerce=int
    )
    resolve_by = forms.DateField(label=_("Xong trước hết ngày"), widget=DayInput())
    document_number = forms.CharField(
        label=_("Số, ký hiệu văn bản (nếu có)"), max_length=60, required=False
    )

    def __init__(self, *args: Any, units: Sequence[Unit], today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {unit.pk: unit for unit in units}
        self._today = today
        names = [("", gettext("chọn một đơn vị")), *((unit.pk, unit.name) for unit in units)]
        self.fields["responsible_unit"].choices = names  # type: ignore[attr-defined]

    def clean_resolve_by(self) -> dt.date:
        day: dt.date = self.cleaned_data["resolve_by"]
        if day < self._today:
            raise forms.ValidationError(
                gettext("Ngày này đã qua. Chọn một ngày từ hôm nay, %(today)s, trở đi.")
                % {"today": f"{self._today:%d/%m/%Y}"}
            )
        return day

    @property
    def said(self) -> Said:
        said = self.cleaned_data
        return Said(
            text=said["text"],
            document_number=said["document_number"],
            responsible_unit=self._units[said["responsible_unit"]],
            resolve_by=said["resolve_by"],
        )


class DifficultyFilter(DeskForm):
    """What the list is narrowed to; a value that is no choice narrows nothing."""

    state = forms.ChoiceField(label=_("Trạng thái"), required=False)
    stage = forms.ChoiceField(label=_("Cấp"), required=False)
    holder = forms.TypedChoiceField(
        label=_("Đang chờ"), required=False, coerce=int, empty_value=None
    )
    kind = forms.ChoiceField(label=_("Loại"), required=False)
    q = forms.CharField(label=_("Tìm (không cần dấu)"), required=False, max_length=200)
    overdue = forms.BooleanField(label=_("Chỉ quá hạn"), required=False)

    def __init__(self, *args: Any, holders: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", gettext("tất cả"))
        if not holders:
            del self.fields["holder"]
        choices = {
            "state": [
                ("open", gettext("chưa xong")),
                *_labelled(Difficulty.State.choices),
                ("all", gettext("tất cả")),
            ],
            "stage": [every, *_labelled(Difficulty.Stage.choices)],
            "kind": [every, *_labelled(Difficulty.Kind.choices)],
            "holder": [every, *holders],
        }
        for name in self.fields.keys() & choices.keys():
            found = choices[name]
            self.fields[name].choices = found  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Wanted:
        """What is asked for, as far as it is understood."""
        self.is_valid()
        said = self.cleaned_data
        state = said.get("state") or "open"
        return Wanted(
            state="" if state == "all" else state,
            stage=said.get("stage", ""),
            kind=said.get("kind", ""),
            holder=said.get("holder"),
            words=said.get("q", ""),
            is_overdue=said.get("overdue", False),
        )

    @property
    def sentence(self) -> list[tuple[str, str]]:
        """The filters in force, read as one sentence."""
        wanted = self.wanted
        chosen = {
            "state": wanted.state or "all",
            "stage": wanted.stage,
            "holder": str(wanted.holder or ""),
            "kind": wanted.kind,
        }
        parts = [
            (str(self.fields[name].label), str(dict(self.fields[name].choices)[value]))  # type: ignore[attr-defined]
            for name, value in chosen.items()
            if name in self.fields
        ]
        if wanted.is_overdue:
            parts.append((gettext("Thời hạn"), gettext("quá hạn")))
        if wanted.words:
            parts.append((gettext("Có chữ"), wanted.words))
        return parts
