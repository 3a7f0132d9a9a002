"""Forms of letters of urging: which units, what is written, the clerk's record, withdrawal."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.assignments.models import Period
from khung.desk.forms_versioned import DayInput, DeskForm, VersionedForm
from khung.reminders.actions.letters import Wording
from khung.reminders.letters.recipients import Selection
from khung.reminders.models import Letter
from khung.rules.actors import LEVELS
from khung.rules.taxonomy import DIMENSIONS

# More letters than this in one go are a mistake, or several goes.
MOST_UNITS = 500
ONE_EACH = [("each", _("Mỗi đơn vị một công văn")), ("all", _("Một công văn chung"))]
LETTER_LEVELS = tuple(level for level in LEVELS if level != "village")


def whole(text: str, most: int = 10**9) -> int | None:
    """A whole number typed or in an address, None where it is none."""
    return int(text) if text.isdecimal() and len(text) < 18 and int(text) <= most else None


def selection_from(data: QueryDict, periods: Iterable[Period], current: Period) -> Selection:
    """Which late work is asked for; what is not understood asks for nothing."""
    by_code = {period.code: period for period in periods}
    level = data.get("level", "")
    dimension = whole(data.get("dimension", ""))
    return Selection(
        period=by_code.get(data.get("period", ""), current),
        level=level if level in LETTER_LEVELS else "",
        dimension=dimension if dimension in {known.no for known in DIMENSIONS} else None,
        guide=whole(data.get("guide", "")),
        at_least=max(1, whole(data.get("least", ""), 999) or 1),
    )


class WriteLetters(DeskForm):
    """What is decided about the letters; the units are ticked beside it."""

    one_each = forms.ChoiceField(
        label=_("Số công văn"), choices=ONE_EACH, initial="each", widget=forms.RadioSelect
    )
    signed_by = forms.ChoiceField(
        label=_("Cơ quan ban hành"), initial="coordinator", widget=forms.RadioSelect
    )
    new_date = forms.DateField(
        label=_("Hạn báo cáo mới"), widget=DayInput(), help_text=_("Một ngày làm việc.")
    )
    more = forms.CharField(
        label=_("Nội dung thêm (không bắt buộc)"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Mỗi dòng thành một đoạn, đứng sau đoạn nêu yêu cầu và hạn mới."),
    )

    def __init__(self, *args: Any, coordinator: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed_by"].choices = [  # type: ignore[attr-defined]
            (Letter.SignedBy.COORDINATOR.value, coordinator),
            (Letter.SignedBy.COMMITTEE.value, gettext(str(Letter.SignedBy.COMMITTEE.label))),
        ]

    @property
    def wording(self) -> Wording:
        """What the letters say, once the form is valid."""
        said = self.cleaned_data
        return Wording(
            signed_by=said["signed_by"],
            new_date=said["new_date"],
            more=said["more"],
            one_each=said["one_each"] == "each",
        )


def chosen_units(data: QueryDict) -> list[int]:
    """The ids of the units ticked, each once."""
    found = (whole(text, 10**15) for text in data.getlist("units"))
    return list(dict.fromkeys(pk for pk in found if pk is not None))


def named_throughs(data: QueryDict) -> Mapping[int, int]:
    """The managing department chosen for each company: fields "through-<id of the company>"."""
    found: dict[int, int] = {}
    for name in data:
        company = whole(name.removeprefix("through-"), 10**15)
        department = whole(data.get(name, ""), 10**15)
        if name.startswith("through-") and company is not None and department is not None:
            found[company] = department
    return found


class RecordLetter(VersionedForm):
    """What the clerk gave a letter: number, date, signer, and the signed file."""

    number = forms.CharField(
        label=_("Số, ký hiệu"), max_length=60, help_text=_("Như trên bản đã ký: 125/SNV-CCHC.")
    )
    issued_on = forms.DateField(label=_("Ngày phát hành"), widget=DayInput())
    signer = forms.CharField(label=_("Người ký"), max_length=120)
    # Named as every upload that is checked while it arrives.
    evidence = forms.FileField(
        label=_("Bản đã ký (PDF)"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput({"accept": ".pdf"}),
        error_messages={"required": _("Chọn tệp PDF của bản đã ký.")},
    )
    # Shown only once the number turned out to be taken.
    number_seen = forms.BooleanField(
        label=_("Vẫn ghi: hai công văn mang cùng một số"),
        required=False,
        widget=forms.HiddenInput,
    )

    def ask_about_number(self) -> None:
        """Shows the box that lets a number be used twice."""
        self.fields["number_seen"].widget = forms.CheckboxInput({"class": "form-check-input"})


class WithdrawLetter(VersionedForm):
    """Why a draft is withdrawn."""

    reason = forms.CharField(
        label=_("Lý do thu hồi"), max_length=500, widget=forms.Textarea({"rows": 2})
    )
