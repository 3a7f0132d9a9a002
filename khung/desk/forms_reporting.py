"""Forms of the sheet: the report of one assignment, and one time a counted task was done."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.assignments.models import Assignment
from khung.desk.forms_versioned import DayInput, DeskForm, VersionedForm
from khung.frameworks.models import TaskItem
from khung.reports.actions import Written
from khung.reports.models import EvidenceUse, Report
from khung.rules.text import nfc, squeeze

_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")


class Figure(forms.DecimalField):
    """A number as it is written in Vietnamese, "1.250,5", or with a point alone: "12.5"."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_digits=14,
            decimal_places=2,
            min_value=0,
            error_messages={
                "invalid": _("Số lượng phải là số, ví dụ 120 hoặc 1.250,5."),
                "min_value": _("Số lượng không thể âm."),
                "max_digits": _("Số này quá lớn; xem lại đơn vị tính."),
                "max_whole_digits": _("Số này quá lớn; xem lại đơn vị tính."),
                "max_decimal_places": _("Chỉ ghi tối đa hai chữ số thập phân."),
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        """The number, whichever of the two ways it is written."""
        if isinstance(value, str):
            value = "".join(value.split())
            if "," in value or _THOUSANDS.fullmatch(value):
                value = value.replace(".", "").replace(",", ".")
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """A stored number without idle zeros and with a decimal comma; typed text as typed."""
        if not isinstance(value, Decimal):
            return value
        try:
            plain = f"{value.normalize():f}"
        except InvalidOperation:
            return value
        return plain.replace(".", ",")


class ReportForm(VersionedForm):
    """The report of one assignment. `version` is 0 where no draft was begun."""

    outcome = forms.ChoiceField(label=_("Kết quả"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Nội dung kết quả"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Một, hai câu: đã làm gì, ở đâu, bao nhiêu."),
    )
    quantity = Figure(label=_("Số lượng"), required=False)
    quantity_of = forms.CharField(label=_("Đơn vị tính"), required=False, max_length=100)
    methods_done = forms.TypedMultipleChoiceField(
        label=_("Cách thức đã thực hiện"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("Có cách thức không thuộc nhiệm vụ này; hãy tải lại trang.")
        },
    )
    reason = forms.CharField(
        label=_("Lý do"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )
    is_ready = forms.BooleanField(label=_("Đã xong, trình thủ trưởng duyệt"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        assignment: Assignment,
        methods: Sequence[TaskItem],
        written: Report | None,
    ) -> None:
        super().__init__(data, initial=_read(written), auto_id=f"nv{assignment.pk}-%s")
        outcomes = list(Report.Outcome)
        if not assignment.may_await_funds:
            outcomes.remove(Report.Outcome.AWAITING_FUNDS)
        self.fields["outcome"].choices = [(one.value, one.label) for one in outcomes]  # type: ignore[attr-defined]
        ticks = [(item.pk, item.words) for item in methods]
        self.fields["methods_done"].choices = ticks  # type: ignore[attr-defined]
        self.fields["quantity"].widget.attrs["inputmode"] = "decimal"
        self.fields["quantity_of"].widget.attrs["placeholder"] = gettext("lượt, hộ, văn bản…")

    def clean_text(self) -> str:
        """The words as they are stored: composed letters, and one kind of line break."""
        text: str = self.cleaned_data["text"]
        return nfc(text.replace("\r\n", "\n"))

    def clean_reason(self) -> str:
        """The same for the reason."""
        reason: str = self.cleaned_data["reason"]
        return nfc(reason.replace("\r\n", "\n"))

    @property
    def said(self) -> Written:
        """What was written, once the form is valid."""
        return Written(
            **{name: value for name, value in self.cleaned_data.items() if name in _WRITTEN}
            | {"methods_done": tuple(self.cleaned_data["methods_done"])}
        )

    @property
    def ticked(self) -> set[int]:
        """The methods ticked, as typed or as read."""
        return {int(pk) for pk in self["methods_done"].value() or () if str(pk).isdecimal()}

    def meet_draft(self, draft: Report) -> None:
        """Sets this form beside the draft as a colleague saved it meanwhile."""
        typed = self.data
        theirs = {name: value for name, value in _read(draft).items() if name in _COMPARED}
        self.meet(theirs, draft.version)
        self.clashes = tuple(clash for clash in self.clashes if clash.differs)
        if isinstance(typed, QueryDict):
            # Several ticks share one name; a plain dict would keep the last alone.
            self.data = typed.copy()
            self.data["version"] = str(draft.version)

    def _shown(self, name: str, value: object) -> object:
        if isinstance(value, list):
            names = dict(self.fields[name].choices)  # type: ignore[attr-defined]
            return "; ".join(str(names[pk]) for pk in value if pk in names)
        if isinstance(value, Decimal):
            return self.fields[name].prepare_value(value)
        return super()._shown(name, value) if value is not None else ""


_WRITTEN = frozenset(Written.__dataclass_fields__)
_COMPARED = _WRITTEN - {"is_ready"}


def _read(written: Report | None) -> dict[str, Any]:
    """What the fields hold at first: the draft, or what the last version sent says."""
    if written is None:
        return {"outcome": Report.Outcome.DONE, "version": 0}
    is_draft = written.sent_at is None
    return {name: getattr(written, name) for name in _WRITTEN} | {
        "version": written.version if is_draft else 0,
        "is_ready": is_draft and written.is_ready,
    }


class OccurrenceForm(DeskForm):
    """One time a counted task was done."""

    happened_on = forms.DateField(label=_("Ngày"), widget=DayInput())
    text = forms.CharField(label=_("Đã làm gì, ở đâu"), max_length=500)
    evidence = forms.TypedChoiceField(
        label=_("Tài liệu kiểm chứng"), coerce=int, empty_value=None, required=False
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        assignment: Assignment,
        proofs: Sequence[EvidenceUse],
    ) -> None:
        super().__init__(data, auto_id=f"lan{assignment.pk}-%s")
        pieces = {use.evidence_id: use.evidence.title for use in proofs}
        choices = [("", gettext("không kèm")), *pieces.items()]
        self.fields["evidence"].choices = choices  # type: ignore[attr-defined]
        if not pieces:
            del self.fields["evidence"]

    def clean_text(self) -> str:
        """The words without idle white space."""
        return squeeze(self.cleaned_data["text"])
