"""The two searches of the public's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.base.wording import dimension_name
from khung.rules.taxonomy import DIMENSIONS


class TaskFilter(forms.Form):
    """Words and dimension; a value that is no choice filters nothing."""

    q = forms.CharField(
        label=_("Tìm trong nhiệm vụ"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"class": "form-control", "type": "search"}),
    )
    dimension = forms.TypedChoiceField(
        label=_("Nội dung"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.Select({"class": "form-select"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dimension"].choices = [  # type: ignore[attr-defined]
            ("", gettext("tất cả")),
            *((one.no, f"{one.no}. {dimension_name(one.no)}") for one in DIMENSIONS),
        ]


class FindUnit(forms.Form):
    """The name of a commune, of today or of before."""

    q = forms.CharField(
        label=_("Tìm xã, phường của bạn"),
        required=False,
        max_length=120,
        help_text=_("Tên cũ hay tên mới, có dấu hay không dấu đều được."),
        widget=forms.TextInput({"class": "form-control", "type": "search"}),
    )
