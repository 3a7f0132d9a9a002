"""Forms of the coordinator's pages: periods, deadlines, the calendar, occasions, publication."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.base.wording import period_name
from khung.desk.forms_versioned import DayInput, DeskForm, VersionedForm
from khung.orgs.models import Unit
from khung.rules.timing import OCCASIONS, PHASES

YES_NO = [("True", _("làm việc")), ("False", _("nghỉ"))]


class PutIntoWork(DeskForm):
    """The period to give out as work, and whose units: those of its first day unless said."""

    code = forms.ChoiceField(label=_("Kỳ"))
    as_of = forms.DateField(
        label=_("Theo đơn vị của ngày"),
        required=False,
        widget=DayInput(),
        help_text=_("Một ngày trong kỳ. Để trống: đơn vị của ngày đầu kỳ."),
    )

    def __init__(self, *args: Any, codes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, period_name(code)) for code in codes]
        self.fields["code"].choices = choices  # type: ignore[attr-defined]


class SetDeadline(VersionedForm):
    """The two dates of a period for one level."""

    timely_on = forms.DateField(label=_("Đúng hạn đến hết ngày"), widget=DayInput())
    locks_on = forms.DateField(
        label=_("Khóa sau ngày"),
        widget=DayInput(),
        help_text=_("Sau ngày này không gửi báo cáo của kỳ được nữa."),
    )
    was_wrong = forms.BooleanField(
        label=_("Hạn đang có đặt nhầm: gỡ ghi nhận quá hạn của đơn vị kịp hạn mới"), required=False
    )
    # The dates whose consequences the person has been shown.
    confirmed = forms.CharField(widget=forms.HiddenInput, required=False)
    doubts: Sequence[str] = ()

    def __init__(self, *args: Any, late: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not late:
            del self.fields["was_wrong"]

    @property
    def said(self) -> dict[str, Any]:
        """What to set: dates, version, and whether the deadline so far was wrong."""
        said = {"was_wrong": False} | self.cleaned_data
        del said["confirmed"]
        return said

    def is_to_confirm(self, doubts: Sequence[str]) -> bool:
        """Whether the person has yet to see these doubts; then the form shows them."""
        said = self.said
        seen = f"{said['timely_on']} {said['locks_on']} {said['was_wrong']}"
        if not doubts or self.cleaned_data["confirmed"] == seen:
            return False
        self.doubts = doubts
        self.data = {**dict(self.data.items()), self.add_prefix("confirmed"): seen}
        return True

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        timely_on, locks_on = map(self.cleaned_data.get, ("timely_on", "locks_on"))
        if timely_on and locks_on and locks_on < timely_on:
            self.add_error("locks_on", gettext("Ngày khóa không thể trước ngày đúng hạn."))
        return cleaned


class SetCalendarDay(VersionedForm):
    """Whether a day is worked."""

    is_working = forms.TypedChoiceField(
        label=_("Ngày này"),
        choices=YES_NO,
        coerce=lambda text: text == "True",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Vì sao"), max_length=200, help_text=_("Ví dụ: Nghỉ bù Quốc khánh; làm bù.")
    )


class RemoveCalendarDay(VersionedForm):
    """Taking a day out of the calendar."""


class ChooseDay(DeskForm):
    """A day to add to the calendar."""

    day = forms.DateField(label=_("Thêm hoặc sửa ngày"), widget=DayInput())


class OpenOccasion(DeskForm):
    """An occasion, its phases, and the units it touches, with everything below them."""

    kind = forms.ChoiceField(label=_("Loại sự kiện"))
    title = forms.CharField(label=_("Tên sự kiện"), max_length=255)
    starts_on = forms.DateField(label=_("Từ ngày"), widget=DayInput())
    ends_on = forms.DateField(
        label=_("Đến hết ngày"),
        widget=DayInput(),
        help_text=_("Cũng là hạn báo cáo kết quả của sự kiện."),
    )
    units = forms.TypedMultipleChoiceField(
        label=_("Đơn vị"),
        coerce=int,
        error_messages={
            "required": _("Hãy chọn ít nhất một đơn vị."),
            "invalid_choice": _("Có đơn vị không có vào ngày bắt đầu sự kiện; hãy chọn lại."),
        },
    )

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind, gettext(label)) for kind, label in OCCASIONS.items()]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        names = [(unit.pk, unit.name) for unit in units]
        self.fields["units"].choices = names  # type: ignore[attr-defined]
        self._units = {unit.pk: unit for unit in units}
        for phase, label in PHASES.items():
            for edge, words in (("from", gettext("từ")), ("to", gettext("đến hết"))):
                self.fields[f"{phase}_{edge}"] = forms.DateField(
                    label=f"{gettext(label)}: {words}", required=False, widget=DayInput()
                )
                self.fields[f"{phase}_{edge}"].widget.attrs["class"] = "form-control"

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        said = self.cleaned_data
        starts_on, ends_on = said.get("starts_on"), said.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", gettext("Ngày cuối không thể trước ngày đầu."))
        elif starts_on and ends_on:
            self._clean_phases(starts_on, ends_on)
        return cleaned

    def _clean_phases(self, starts_on: dt.date, ends_on: dt.date) -> None:
        for phase in PHASES:
            first = self.cleaned_data.get(f"{phase}_from")
            last = self.cleaned_data.get(f"{phase}_to")
            if not first and not last:
                continue
            if not first or not last or not starts_on <= first <= last <= ends_on:
                self.add_error(
                    f"{phase}_from",
                    gettext("Giai đoạn cần đủ hai ngày, theo thứ tự, trong thời gian sự kiện."),
                )

    @property
    def phases(self) -> list[dict[str, str]]:
        """The phases that were filled, as an occasion keeps them."""
        said = self.cleaned_data
        return [
            {
                "phase": phase,
                "from": said[f"{phase}_from"].isoformat(),
                "to": said[f"{phase}_to"].isoformat(),
            }
            for phase in PHASES
            if said.get(f"{phase}_from")
        ]

    @property
    def chosen(self) -> list[Unit]:
        """The topmost of the units ticked: a unit brings everything below it."""
        ticked = [self._units[pk] for pk in self.cleaned_data["units"]]
        return [
            unit
            for unit in ticked
            if not any(o.pk != unit.pk and unit.path.startswith(o.path) for o in ticked)
        ]


class ExtendOccasion(VersionedForm):
    """A new last day of an occasion."""

    ends_on = forms.DateField(label=_("Ngày cuối mới"), widget=DayInput())


class CloseOccasion(VersionedForm):
    """Ending an occasion."""


class RecordDisclosure(DeskForm):
    """The document that allows progress by unit to be published."""

    document_number = forms.CharField(label=_("Số, ký hiệu văn bản"), max_length=60)
    issued_on = forms.DateField(label=_("Ngày ban hành"), widget=DayInput())
    note = forms.CharField(
        label=_("Nội dung cho phép"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
