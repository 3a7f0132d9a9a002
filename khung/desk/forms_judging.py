"""Forms of judging: a return with its reasons, plans, the list of reasons."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.base import clock
from khung.desk.forms_versioned import DayInput, DeskForm, VersionedForm
from khung.frameworks.models import TaskItem
from khung.reports.actions import Point
from khung.reports.models import Evidence, JudgingPlan, ReturnReason
from khung.rules.sampling import MOST_WORKING_DAYS, SAMPLED, Plan

METHOD, EVIDENCE = "method", "evidence"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a report a reason may concern, with the two fields it has in the form."""

    kind: str
    words: str
    reason: forms.BoundField
    text: forms.BoundField


class ReturnReports(DeskForm):
    """Why reports go back: reasons for the whole and at each place, words, a day to send again."""

    reasons = forms.MultipleChoiceField(
        label=_("Lý do chung"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=_("Ý kiến"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Nói rõ cần sửa gì, bổ sung gì."),
    )
    redo_by = forms.DateField(label=_("Gửi lại trước hết ngày"), widget=DayInput())

    def __init__(
        self,
        *args: Any,
        reasons: Sequence[ReturnReason],
        methods: Sequence[TaskItem] = (),
        evidence: Sequence[Evidence] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._reasons = {str(reason.pk): reason for reason in reasons}
        choices = [(pk, reason.text) for pk, reason in self._reasons.items()]
        self.fields["reasons"].choices = choices  # type: ignore[attr-defined]
        self.fields["reasons"].widget.attrs["class"] = "choices"
        self._places: dict[str, TaskItem | Evidence] = {
            **{f"m{one.pk}": one for one in methods},
            **{f"e{one.pk}": one for one in evidence},
        }
        for name, place in self._places.items():
            words = place.words if isinstance(place, TaskItem) else place.title
            self.fields[f"{name}_reason"] = forms.ChoiceField(
                label=gettext("Lý do tại: %(place)s") % {"place": words},
                choices=[("", gettext("không có ý kiến")), *choices],
                required=False,
                widget=forms.Select({"class": "form-select"}),
            )
            self.fields[f"{name}_text"] = forms.CharField(
                label=gettext("Ghi rõ tại: %(place)s") % {"place": words},
                required=False,
                max_length=1000,
                widget=forms.TextInput(
                    {"class": "form-control", "placeholder": gettext("ghi rõ, nếu cần")}
                ),
            )

    @property
    def places(self) -> Iterator[Place]:
        """The places that may be remarked on, methods before evidence."""
        for name, place in self._places.items():
            is_method = isinstance(place, TaskItem)
            yield Place(
                METHOD if is_method else EVIDENCE,
                place.words if isinstance(place, TaskItem) else place.title,
                self[f"{name}_reason"],
                self[f"{name}_text"],
            )

    @property
    def has_placed(self) -> bool:
        """Whether something was said at a place, so that the page shows the places open."""
        return any(self.data.get(f"{name}_{part}") for name in self._places for part in _PARTS)

    def clean_redo_by(self) -> dt.date:
        day: dt.date = self.cleaned_data["redo_by"]
        if day < clock.today():
            raise forms.ValidationError(gettext("Ngày này đã qua; hãy chọn từ hôm nay trở đi."))
        return day

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors and not self.cleaned_data["text"].strip() and not self.points:
            raise forms.ValidationError(
                gettext("Hãy chọn ít nhất một lý do, hoặc ghi ý kiến: đơn vị cần biết phải sửa gì.")
            )
        return cleaned

    @property
    def points(self) -> list[Point]:
        """The remarks: for the whole, then at their places."""
        said = self.cleaned_data
        found = [Point(reason=self._reasons[pk]) for pk in said["reasons"]]
        for name, place in self._places.items():
            reason = self._reasons.get(said[f"{name}_reason"])
            text = said[f"{name}_text"].strip()
            if reason is not None or text:
                found.append(
                    Point(
                        reason=reason,
                        text=text,
                        method=place if isinstance(place, TaskItem) else None,
                        evidence=place if isinstance(place, Evidence) else None,
                    )
                )
        return found


_PARTS = ("reason", "text")


class ReopenReport(DeskForm):
    """Why an acceptance is taken back."""

    text = forms.CharField(
        label=_("Vì sao hủy công nhận"), max_length=2000, widget=forms.Textarea({"rows": 4})
    )


class SetJudgingPlan(DeskForm):
    """How reports of the chosen tasks and levels are judged."""

    way = forms.ChoiceField(label=_("Cách thẩm định"), widget=forms.RadioSelect)
    share = forms.IntegerField(
        label=_("Tỷ lệ được đọc (%)"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Chỉ dùng khi thẩm định theo mẫu."),
    )
    seed = forms.CharField(
        label=_("Chuỗi rút mẫu"),
        max_length=40,
        required=False,
        help_text=_(
            "Mẫu được rút theo chuỗi này nên kiểm lại được. Không cho đơn vị báo cáo biết trước."
        ),
    )
    superior_first = forms.BooleanField(
        label=_("Cấp trên trực tiếp xem xét bước đầu, rồi mới đến cơ quan thẩm định"),
        required=False,
    )
    working_days = forms.IntegerField(
        label=_("Số ngày làm việc cho mỗi lượt thẩm định"),
        min_value=1,
        max_value=MOST_WORKING_DAYS,
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [(way.value, gettext(str(way.label))) for way in JudgingPlan.Way]
        self.fields["way"].choices = ways  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        said = self.cleaned_data
        if said.get("way") == SAMPLED:
            if not said.get("share") and "share" not in self.errors:
                self.add_error("share", gettext("Hãy ghi tỷ lệ báo cáo được đọc."))
            if not said.get("seed", "").strip():
                self.add_error("seed", gettext("Hãy ghi một chuỗi bất kỳ để rút mẫu."))
        return cleaned

    @property
    def plan(self) -> Plan:
        """The plan as the rules know it; a share means something for a sample only."""
        said = self.cleaned_data
        is_sample = said["way"] == SAMPLED
        return Plan(
            way=said["way"],
            share=said["share"] if is_sample else 100,
            seed=said["seed"].strip() if is_sample else "",
            superior_first=said["superior_first"],
            working_days=said["working_days"],
        )

    def meet(self, seen: int) -> None:
        """Lets the person save after all, now that they have seen the newer plan."""
        self.data = {**dict(self.data.items()), "seen": str(seen)}


class AddReason(DeskForm):
    """A reason to add to the list."""

    text = forms.CharField(
        label=_("Lý do mới"),
        max_length=255,
        help_text=_("Ngắn, để đơn vị biết phải làm gì. Ví dụ: Ảnh không thuộc kỳ báo cáo."),
    )


class RewordReason(VersionedForm):
    """Other words for a reason."""

    text = forms.CharField(label=_("Lý do"), max_length=255)
