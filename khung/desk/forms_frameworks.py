"""Forms of the framework's pages and of the desk where a Decision is taken in."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from khung.base.wording import dimension_name
from khung.desk.forms_versioned import DayInput, DeskForm, VersionedForm
from khung.frameworks.models import Framework, TaskVersion
from khung.orgs.models import Unit
from khung.rules import taxonomy, timing
from khung.rules.actors import DOUBTS, Actor, parse_actors
from khung.rules.taxonomy import DIMENSIONS

LARGEST_FILE = 10 * 1024 * 1024
CYCLES = [
    (Framework.Cycle.QUARTER, _("hằng quý")),
    (Framework.Cycle.HALF, _("6 tháng một lần")),
    (Framework.Cycle.YEAR, _("hằng năm")),
]


class TaskFilter(DeskForm):
    """What the page of the framework shows; a value that is no choice filters nothing."""

    q = forms.CharField(label=_("Tìm trong nội dung"), required=False, max_length=120)
    dimension = forms.TypedChoiceField(
        label=_("Nội dung"), required=False, coerce=int, empty_value=None
    )
    timing = forms.ChoiceField(label=_("Thời gian"), required=False)
    doubts = forms.BooleanField(label=_("Chỉ nhiệm vụ còn nghi vấn"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", gettext("tất cả"))
        self.fields["dimension"].choices = [  # type: ignore[attr-defined]
            every,
            *((one.no, f"{one.no}. {dimension_name(one.no)}") for one in DIMENSIONS),
        ]
        self.fields["timing"].choices = [  # type: ignore[attr-defined]
            every,
            *((kind, gettext(label)) for kind, label in timing.KINDS.items()),
        ]


class DoubtFilter(DeskForm):
    """Which doubts the worklist shows."""

    OPEN, SETTLED, ALL = "open", "settled", "all"

    state = forms.ChoiceField(
        label=_("Tình trạng"),
        required=False,
        choices=[(OPEN, _("chưa xử lý")), (SETTLED, _("đã xử lý")), (ALL, _("tất cả"))],
    )
    code = forms.ChoiceField(label=_("Loại"), required=False)

    def __init__(self, *args: Any, codes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", gettext("tất cả")), *codes]  # type: ignore[attr-defined]

    @property
    def is_open(self) -> bool | None:
        chosen = self.cleaned_data.get("state") or self.OPEN
        return None if chosen == self.ALL else chosen == self.OPEN


class SettleDoubt(VersionedForm):
    """A person's answer to a doubt."""

    settlement = forms.CharField(
        label=_("Xử lý thế nào"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Đề xuất đã điền sẵn; giữ nguyên là chấp nhận đề xuất."),
    )
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Người đọc sau này cần biết vì sao, và dựa vào văn bản nào."),
    )

    def __init__(self, *args: Any, answers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """`answers` are those with an effect, and their labels; without any, all words will do."""
        super().__init__(*args, **kwargs)
        if answers:
            self.fields["settlement"] = forms.ChoiceField(
                label=_("Xử lý thế nào"),
                choices=answers,
                widget=forms.RadioSelect(attrs={"class": "choices"}),
            )


class PlaceTask(VersionedForm):
    """Under which dimension, or sub-dimension of it, a task of a draft stands."""

    place = forms.ChoiceField(label=_("Thuộc nội dung"))

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        english = get_language() == "en"
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            ("", gettext("chọn nội dung")),
            *(
                (code, f"{code} {taxonomy.subdimension_name(code, year, english=english)}")
                if code
                else (str(no), f"{no}. {dimension_name(no)}")
                for no, code in taxonomy.places(year)
            ),
        ]

    @classmethod
    def of(cls, task: TaskVersion, data: Mapping[str, Any] | None = None) -> "PlaceTask":
        """The form of a task, with where it stands now unless `data` is sent."""
        initial = {"place": cls.code_of(task), "version": task.version}
        return cls(data, year=task.framework.decision.issued_on.year, initial=initial)

    @staticmethod
    def code_of(task: TaskVersion) -> str:
        return task.subdimension or str(task.dimension or "")

    @property
    def chosen(self) -> tuple[int, str]:
        """The dimension, and the sub-dimension or ""."""
        place: str = self.cleaned_data["place"]
        dimension, _dot, part = place.partition(".")
        return int(dimension), place if part else ""


class SettlePhrase(DeskForm):
    """What a phrase of a task means, said in the words plans use: "UBND cấp xã; Sở Nội vụ"."""

    EVERY = ""

    role = forms.ChoiceField(
        label=_("Để xác định"),
        choices=[
            ("implementing", _("ai thực hiện")),
            ("guiding", _("ai hướng dẫn, kiểm tra")),
            ("judging", _("ai thẩm định báo cáo")),
        ],
    )
    phrase = forms.ChoiceField(label=_("Cụm từ trong Quyết định"), required=False)
    means = forms.CharField(
        label=_("Là những ai"),
        required=False,
        max_length=500,
        help_text=_("Ví dụ: UBND cấp xã; Sở Nội vụ. Để trống: không ai, có chủ ý."),
    )
    is_addition = forms.BooleanField(
        label=_("Thêm vào những đơn vị mà cụm từ đã chỉ ra"), required=False
    )
    for_all = forms.BooleanField(label=_("Cho mọi nhiệm vụ có cụm từ này"), required=False)
    valid_from = forms.DateField(label=_("Từ ngày"), required=False, widget=DayInput())
    valid_to = forms.DateField(label=_("Đến hết ngày"), required=False, widget=DayInput())
    reason = forms.CharField(
        label=_("Lý do"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    source = forms.CharField(label=_("Nguồn, nếu có"), required=False, max_length=500)
    may_wait = forms.BooleanField(
        label=_("Ghi để chờ: đơn vị này chưa có trong danh mục"), required=False
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, phrases: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = (self.EVERY, gettext("mọi đơn vị thực hiện (chỉ khi xác định ai thẩm định)"))
        choices = [*((phrase, phrase) for phrase in phrases), every]
        self.fields["phrase"].choices = choices  # type: ignore[attr-defined]

    def clean_means(self) -> tuple[Actor, ...]:
        actors: list[Actor] = []
        for text in self.cleaned_data["means"].split(";"):
            read = parse_actors(text)
            if read.doubts:
                why = "; ".join(gettext(DOUBTS[code]) for code in read.doubts)
                raise forms.ValidationError(
                    gettext("Chưa hiểu “%(text)s”: %(why)s.")
                    % {"text": text.strip(), "why": why[:1].lower() + why[1:]}
                )
            actors += read.actors
        return tuple(actors)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        said = self.cleaned_data
        if said.get("phrase") == self.EVERY and said.get("role") != "judging":
            self.add_error("phrase", gettext("Hãy chọn một cụm từ."))
        first, last = said.get("valid_from"), said.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", gettext("Ngày cuối không thể trước ngày đầu."))
        return cleaned

    @property
    def was_shown(self) -> bool:
        """Whether the person has been shown whom these very answers mean."""
        return bool(self.cleaned_data["seen"] == self._asked)

    def shown(self) -> None:
        """Notes that this page shows whom the answers mean: the same sent again is recorded."""
        self.data = {**dict(self.data.items()), self.add_prefix("seen"): self._asked}

    @property
    def _asked(self) -> str:
        told = ("role", "phrase", "is_addition", "for_all", "valid_from", "valid_to")
        parts = [str(self.cleaned_data.get(name)) for name in told]
        return "|".join((*parts, *(actor.text for actor in self.cleaned_data["means"])))

    def meaning(self) -> dict[str, Any]:
        """What is recorded of the answers, as the verb takes it."""
        asked = {"means", "for_all", "may_wait", "seen"}
        said = {name: value for name, value in self.cleaned_data.items() if name not in asked}
        return {**said, "actors": self.cleaned_data["means"]}


class SettleAddressee(SettlePhrase):
    """What a body of the Decision's article means, for every task at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("role", "for_all"):
            del self.fields[name]
        phrase = self.fields["phrase"]
        phrase.required, phrase.label = True, _("Cơ quan nêu ở điều khoản thi hành")
        phrase.choices = phrase.choices[:-1]  # type: ignore[attr-defined]


class PutInForce(VersionedForm):
    """From which day a draft holds, and who stands over the whole of it."""

    from_day = forms.DateField(label=_("Có hiệu lực từ ngày"), widget=DayInput())
    cycle = forms.ChoiceField(label=_("Các đơn vị báo cáo"), choices=CYCLES)
    coordinator = forms.ModelChoiceField(
        label=_("Cơ quan theo dõi, đôn đốc, tổng hợp"), queryset=Unit.objects.none()
    )
    coordinator_judge = forms.ModelChoiceField(
        label=_("Cơ quan thẩm định báo cáo của chính cơ quan đó"),
        queryset=Unit.objects.none(),
        help_text=_("Không đơn vị nào tự thẩm định báo cáo của mình."),
    )

    def __init__(self, *args: Any, bodies: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("coordinator", "coordinator_judge"):
            self.fields[name].queryset = bodies  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        chosen = self.cleaned_data
        if "coordinator" in chosen and chosen["coordinator"] == chosen.get("coordinator_judge"):
            self.add_error("coordinator_judge", gettext("Hãy chọn một cơ quan khác."))
        return cleaned


class ReadDecision(DeskForm):
    """The file of a signed Decision."""

    province = forms.ChoiceField(label=_("Tỉnh, thành phố"))
    file = forms.FileField(
        label=_("Tệp Quyết định"),
        help_text=_("Cả bảng nhiệm vụ kèm theo, dạng văn bản (.txt), không quá 10 MB."),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, provinces: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = provinces  # type: ignore[attr-defined]

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        size = file.size or 0
        if size > LARGEST_FILE:
            raise forms.ValidationError(
                gettext("Tệp nặng %(size)s; Khung nhận tệp không quá 10 MB.")
                % {"size": filesizeformat(size)}
            )
        return file


class AsOf(DeskForm):
    """The day a page asks about units; today where nothing sensible was typed."""

    day = forms.DateField(label=_("Đơn vị của ngày"), widget=DayInput(), required=False)

    def chosen(self, today: dt.date) -> dt.date:
        self.is_valid()
        day: dt.date | None = self.cleaned_data.get("day")
        return day or today
