"""Forms of village links: giving them out, and answering what came in."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.assignments.models import Assignment
from khung.base.wording import number
from khung.desk.forms_versioned import DayInput, DeskForm
from khung.frameworks.models import TaskItem
from khung.frameworks.tasks import in_columns
from khung.orgs.models import Unit
from khung.reports.actions.villages import Village
from khung.reports.models import VillageLink, VillageSending
from khung.reports.villages import known_as
from khung.rules.text import squeeze

MOST_VILLAGES, LONGEST_NAME, LONGEST_HEAD = 100, 200, 120
# A wall is not read again for years; a link nobody renews closes by itself.
LONGEST = dt.timedelta(days=400)


class MakeLinks(DeskForm):
    """One village a line, what is asked of all of them, and until when."""

    named = forms.CharField(
        label=_("Các thôn, tổ dân phố"),
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
        help_text=_(
            "Mỗi dòng một thôn; tên trưởng thôn ghi sau dấu chấm phẩy, ví dụ: Thôn 2; Nguyễn Văn "
            "An. Dán được hai cột từ Excel. Thôn đã có đường dẫn thì giữ nguyên đường dẫn cũ."
        ),
        error_messages={"required": _("Ghi tên ít nhất một thôn.")},
    )
    assignments = forms.MultipleChoiceField(
        label=_("Cho những nhiệm vụ nào"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Chọn ít nhất một nhiệm vụ cần thôn gửi ảnh, tin.")},
    )
    asked = forms.CharField(
        label=_("Nhờ trưởng thôn làm gì"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Viết như nói: “Chụp bảng niêm yết ở nhà văn hóa, thấy rõ ngày niêm yết.”"),
    )
    expires_on = forms.DateField(
        label=_("Dùng đến hết ngày"),
        widget=DayInput(),
        error_messages={"required": _("Chọn ngày hết hạn của đường dẫn.")},
    )

    def __init__(
        self,
        *args: Any,
        offered: Sequence[Assignment],
        below: Iterable[Unit],
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.by_id = {str(one.pk): one for one in offered}
        self.below = {known_as(unit.name): unit for unit in below}
        field: Any = self.fields["assignments"]
        field.choices = [(pk, task_words(one)) for pk, one in self.by_id.items()]
        field.widget.attrs["class"] = "choices"

    def clean_named(self) -> list[Village]:
        """The villages, each once. Lines are counted as the person sees them."""
        found: dict[str, Village] = {}
        for line, text in enumerate(self.cleaned_data["named"].splitlines(), 1):
            name, head = _split(text)
            if not name and not head:
                continue
            problem = _problem(name, head, found)
            if problem:
                words = gettext("Dòng %(line)s: %(problem)s")
                self.add_error("named", words % {"line": line, "problem": problem})
                continue
            found[known_as(name)] = Village(name, head, self.below.get(known_as(name)))
        if len(found) > MOST_VILLAGES:
            words = gettext("Mỗi lần cấp nhiều nhất %(most)s thôn. Chia làm nhiều lần.")
            self.add_error("named", words % {"most": number(MOST_VILLAGES)})
        return list(found.values())

    def clean_assignments(self) -> list[Assignment]:
        return [self.by_id[pk] for pk in self.cleaned_data["assignments"]]

    def clean_expires_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["expires_on"]
        if day < self.today:
            raise forms.ValidationError(gettext("Ngày này đã qua. Chọn từ hôm nay trở đi."))
        if day > self.today + LONGEST:
            raise forms.ValidationError(gettext("Quá xa: chọn một ngày trong vòng một năm tới."))
        return day


def _split(text: str) -> tuple[str, str]:
    """A line as the village's name and its head's; a tab is what a spreadsheet puts between."""
    name, _sign, head = text.replace("\t", ";", 1).partition(";")
    return squeeze(name), squeeze(head.replace(";", " "))


def _problem(name: str, head: str, found: dict[str, Village]) -> str:
    if not name:
        return gettext("thiếu tên thôn trước dấu chấm phẩy.")
    if len(name) > LONGEST_NAME or len(head) > LONGEST_HEAD:
        return gettext("tên quá dài.")
    if known_as(name) in found:
        return gettext("“%(name)s” đã có ở dòng trên.") % {"name": name}
    return ""


def task_words(assignment: Assignment) -> str:
    """ "12. Niêm yết công khai …"; the assignment comes with its task's items."""
    version = assignment.task_version
    title = in_columns(version).title
    cut = title if len(title) <= 120 else title[:120].rsplit(" ", 1)[0] + "…"
    return f"{version.no}. {cut}"


def initial_of(link: VillageLink) -> dict[str, object]:
    """A link as the form that renews it shows it."""
    named = f"{link.village_name}; {link.head_name}" if link.head_name else link.village_name
    return {
        "named": named,
        "asked": link.asked,
        "assignments": [str(pk) for pk in link.assignments.values_list("pk", flat=True)],
    }


@dataclass(frozen=True, slots=True)
class Target:
    """Where a sending may go: an assignment, under one of its methods or as a whole."""

    assignment: Assignment
    method: TaskItem | None = None

    @property
    def value(self) -> str:
        return f"{self.assignment.pk}-{self.method.pk if self.method else ''}"


def targets_of(assignments: Iterable[Assignment]) -> list[Target]:
    """Everywhere photographs may go under these assignments, which come with their items."""
    found = []
    for one in assignments:
        found.append(Target(one))
        found += [Target(one, item) for item in in_columns(one.task_version).methods]
    return found


class AnswerSending(DeskForm):
    """Takes a sending over into a report, or refuses it with words for the village head."""

    target = forms.ChoiceField(
        label=_("Nhận vào"), required=False, error_messages={"invalid_choice": _("Chọn lại.")}
    )
    pieces = forms.MultipleChoiceField(label=_("Ảnh"), required=False)
    with_text = forms.BooleanField(
        label=_("Thêm lời của thôn vào nội dung báo cáo"), required=False
    )
    has_personal_data = forms.BooleanField(
        label=_("Ảnh có mặt người, dữ liệu cá nhân: chỉ đơn vị và cơ quan thẩm định được mở"),
        required=False,
    )
    answer = forms.CharField(
        label=_("Trả lời thôn"),
        required=False,
        max_length=500,
        help_text=_("Hiện trên điện thoại của trưởng thôn. Bắt buộc khi không nhận."),
    )

    def __init__(
        self,
        *args: Any,
        sending: VillageSending,
        asked_ids: set[int],
        offered: Sequence[Assignment],
        **kwargs: Any,
    ) -> None:
        self.sending, self.photos = sending, list(sending.evidence.all())
        asked = [one for one in offered if one.pk in asked_ids]
        named = [one for one in asked if one.pk == sending.assignment_id] or asked
        first = targets_of(named or offered)
        kwargs["initial"] = {
            "target": first[0].value if len(named) == 1 else "",
            "pieces": [str(piece.pk) for piece in self.photos],
            "with_text": bool(sending.text),
            "has_personal_data": True,
        }
        super().__init__(*args, prefix=f"s{sending.pk}", **kwargs)
        targets = targets_of([*asked, *(one for one in offered if one not in asked)])
        self.by_value = {target.value: target for target in targets}
        field: Any = self.fields["target"]
        field.choices = [("", gettext("chọn nhiệm vụ, cách thức")), *_grouped(targets)]
        pieces: Any = self.fields["pieces"]
        pieces.choices = [(str(piece.pk), piece.title) for piece in self.photos]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        said = self.cleaned_data
        if self.is_refusal:
            if not said.get("answer"):
                self.add_error("answer", gettext("Ghi lý do để thôn biết mà gửi lại."))
        elif not said.get("target"):
            self.add_error("target", gettext("Chọn nhiệm vụ để nhận vào."))
        elif not said.get("pieces") and not (said.get("with_text") and self.sending.text):
            self.add_error("pieces", gettext("Chọn ảnh để nhận, hoặc thêm lời của thôn."))
        return cleaned

    @property
    def is_refusal(self) -> bool:
        return str(self.data.get("do", "")) == "refuse"

    @property
    def chosen(self) -> Target:
        return self.by_value[self.cleaned_data["target"]]

    @property
    def ticked(self) -> set[str]:
        """The photographs ticked, as the form shows them again."""
        return set(map(str, self["pieces"].value() or ()))


def _grouped(targets: Iterable[Target]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The targets under their tasks, as a list with headings."""
    groups: dict[int, tuple[str, list[tuple[str, str]]]] = {}
    for target in targets:
        one = target.assignment
        group = groups.setdefault(one.pk, (task_words(one), []))
        words = target.method.words[:100] if target.method else gettext("Cho cả nhiệm vụ")
        group[1].append((target.value, f"{one.task_version.no} · {words}"))
    return list(groups.values())
