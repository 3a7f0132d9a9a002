"""Forms of a unit's own order: giving work, how it reports, exemptions, leave, paper reports."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.assignments.models import OPEN_STATES, Period
from khung.assignments.work import owed_by
from khung.base.wording import period_name
from khung.desk.forms_versioned import DayInput, DeskForm, VersionedForm
from khung.orgs.models import Person, Unit
from khung.rules.text import fold, squeeze

_OPEN = Q(state__in=OPEN_STATES)


class _OneOf(forms.ChoiceField):
    """A choice of one record out of those offered; cleans to the record, or None for none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.records: dict[str, Any] = {}

    def offer(self, records: Iterable[tuple[Any, str]], nothing: str = "") -> None:
        """Sets what may be chosen, with its words, and what choosing nothing is called."""
        found = list(records)
        self.records = {str(record.pk): record for record, _words in found}
        choices = [(str(record.pk), words) for record, words in found]
        self.choices = [("", nothing), *choices] if nothing else choices

    def clean(self, value: Any) -> Any:
        return self.records.get(super().clean(value))


class _UnitByName(forms.CharField):
    """A unit by its name as typed, proposed by a datalist; cleans to the unit."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"list": "units", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs), **kwargs)
        self.records: dict[str, Unit] = {}

    def offer(self, units: Iterable[Unit]) -> None:
        self.records = {unit_named(unit): unit for unit in units}

    def clean(self, value: Any) -> Unit:
        found = _matching(super().clean(value), self.records)
        if not found:
            raise forms.ValidationError(gettext("Không có đơn vị nào mang tên này."))
        if len(found) > 1:
            names = "; ".join(unit_named(one) for one in found[:5])
            more = "; …" if len(found) > 5 else ""
            said = gettext("Nhiều đơn vị khớp với tên này, hãy ghi đủ: %(names)s.")
            raise forms.ValidationError(said % {"names": names + more})
        return found[0]


class GiveWork(DeskForm):
    """To whom the ticked tasks go, and by when inside the unit."""

    person = _OneOf(label=_("Giao cho"), error_messages={"required": _("Chọn người nhận việc.")})
    due_on = forms.DateField(
        label=_("Hẹn xong"),
        widget=DayInput(),
        error_messages={"required": _("Chọn ngày hẹn xong trong đơn vị.")},
    )
    note = forms.CharField(label=_("Dặn thêm"), max_length=500, required=False)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one, one.full_name) for one in people]
        self.fields["person"].offer(offered, gettext("chọn người"))  # type: ignore[attr-defined]


class Habits(VersionedForm):
    """How the unit reports."""

    head_approves = forms.BooleanField(
        label=_("Thủ trưởng hoặc cấp phó duyệt trước khi báo cáo được gửi"), required=False
    )
    focal_person = _OneOf(
        label=_("Đầu mối báo cáo"),
        required=False,
        help_text=_("Người giao việc trong đơn vị và gửi báo cáo. Thủ trưởng luôn làm được."),
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one, one.full_name) for one in people]
        nobody = gettext("chưa cử: ai làm báo cáo cũng giao việc và gửi được")
        self.fields["focal_person"].offer(offered, nobody)  # type: ignore[attr-defined]

    def _shown(self, name: str, value: object) -> object:
        if name == "head_approves":
            return gettext("có") if value else gettext("không")
        return value or gettext("chưa cử")


class _Words(forms.CharField):
    """A few lines of text, single-spaced lines kept as typed."""

    def __init__(self, **kwargs: Any) -> None:
        rows = kwargs.pop("rows", 3)
        super().__init__(widget=forms.Textarea({"rows": rows}), **kwargs)


class ProposeExemption(DeskForm):
    """Why an assignment should be let off."""

    reason = _Words(
        label=_("Lý do đề nghị miễn"),
        max_length=500,
        help_text=_("Nêu việc thật và căn cứ, ví dụ: xã không có trạm y tế theo Quyết định số …"),
        error_messages={"required": _("Ghi lý do đề nghị miễn.")},
    )


class AnswerExemption(VersionedForm):
    """The coordinator's answer."""

    is_granted = forms.TypedChoiceField(
        label=_("Trả lời"),
        choices=[("True", _("Đồng ý miễn")), ("False", _("Không đồng ý"))],
        coerce=lambda text: text == "True",
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn đồng ý hay không đồng ý.")},
    )
    answer = _Words(
        label=_("Ý kiến trả lời"),
        max_length=1000,
        required=False,
        help_text=_("Bắt buộc khi không đồng ý."),
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("is_granted") is False and not self.cleaned_data.get("answer"):
            self.add_error("answer", gettext("Ghi lý do không đồng ý."))
        return cleaned


class Again(VersionedForm):
    """A single press on something that carries a version."""


class GrantException(DeskForm):
    """Leave for one unit to report a period after its lock."""

    unit = _UnitByName(
        label=_("Đơn vị"),
        max_length=300,
        help_text=_("Gõ tên, không dấu cũng được, rồi chọn trong danh sách hiện ra."),
        error_messages={"required": _("Ghi tên đơn vị.")},
    )
    period = _OneOf(label=_("Kỳ báo cáo"))
    open_until = forms.DateField(label=_("Được báo cáo đến hết ngày"), widget=DayInput())
    document_number = forms.CharField(
        label=_("Số, ký hiệu văn bản cho phép"),
        max_length=60,
        help_text=_("Văn bản đã ký, ví dụ: 1234/SNV-TH."),
    )
    reason = _Words(label=_("Lý do"), max_length=500, rows=2)
    anyway = forms.BooleanField(
        label=_("Vẫn cho phép, để đơn vị sửa báo cáo bị trả lại sau này"), required=False
    )

    def __init__(
        self, *args: Any, units: Sequence[Unit], periods: Sequence[Period], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units)  # type: ignore[attr-defined]
        coded = [(one, period_name(one.code)) for one in periods]
        self.fields["period"].offer(coded)  # type: ignore[attr-defined]
        # Asked only of who is about to open what nothing is left of.
        self._anyway = self.fields.pop("anyway")

    @property
    def unit_names(self) -> list[str]:
        """What the field of the unit proposes."""
        return list(self.fields["unit"].records)  # type: ignore[attr-defined]

    @property
    def granted(self) -> dict[str, Any]:
        """What was said, as the verb takes it."""
        return {name: said for name, said in self.cleaned_data.items() if name != "anyway"}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        unit, period = self.cleaned_data.get("unit"), self.cleaned_data.get("period")
        if unit is None or period is None or owed_by(unit, period).filter(_OPEN).exists():
            return cleaned
        self.fields["anyway"] = self._anyway
        if "anyway" not in self.data:
            said = gettext("%(unit)s không còn nhiệm vụ nào phải báo cáo trong %(period)s.")
            words = {"unit": unit, "period": period_name(period.code)}
            self.add_error("anyway", said % words)
        return cleaned


def unit_named(unit: Unit) -> str:
    """Names are not unique in a province: what stands above tells two of them apart."""
    return f"{unit.name} ({unit.parent.name})" if unit.parent else unit.name


def _matching(typed: str, records: Mapping[str, Unit]) -> list[Unit]:
    """The units meant by a name: the very one, else those bearing it, else those that have it."""
    wanted = fold(squeeze(typed))
    by_name = [(fold(name), fold(unit.name), unit) for name, unit in records.items()]
    for fits in (
        lambda name, _own: name == wanted,
        lambda _name, own: own == wanted,
        lambda name, _own: wanted in name,
    ):
        if found := [unit for name, own, unit in by_name if fits(name, own)]:
            return found
    return []


class CloseCovering(VersionedForm):
    """What the clerk records once the paper report is issued."""

    number = forms.CharField(
        label=_("Số, ký hiệu"), max_length=60, help_text=_("Như ghi trên văn bản: 12/BC-UBND.")
    )
    issued_on = forms.DateField(label=_("Ngày ban hành"), widget=DayInput())
    signer = forms.CharField(label=_("Người ký"), max_length=120)
    signed_file = forms.FileField(
        label=_("Tệp đã ký (PDF)"),
        widget=forms.ClearableFileInput({"accept": ".pdf,application/pdf"}),
        error_messages={"required": _("Chọn tệp PDF đã ký.")},
    )

    def clean_number(self) -> str:
        return squeeze(self.cleaned_data["number"])

    def clean_signer(self) -> str:
        return squeeze(self.cleaned_data["signer"])
