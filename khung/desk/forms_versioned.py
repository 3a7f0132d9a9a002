"""What the forms of the desk share: their look, and the meeting of two people's texts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from khung.base.wording import long_date


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people filled: what this person typed, and what stands now."""

    label: str
    mine: object
    theirs: object

    @property
    def differs(self) -> bool:
        return self.mine != self.theirs


class DayInput(forms.DateInput):
    """A date as the browser's own calendar gives it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

    def render(self, name: str, value: Any, *args: Any, **kwargs: Any) -> SafeString:
        """The field, and the day in words: browsers write dates each in its own order."""
        field = super().render(name, value, *args, **kwargs)
        try:
            day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value or "")
        except ValueError:
            return field
        return format_html('{}<span class="helptext day-words">{}</span>', field, long_date(day))


class DeskForm(forms.Form):
    """A form whose `{{ form }}` is a column of labelled fields in the look of the desk."""

    template_name = "desk/form.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            widget = field.widget
            if isinstance(widget, forms.RadioSelect):
                widget.attrs.setdefault("class", "choices")
            elif isinstance(widget, forms.CheckboxInput):
                widget.attrs.setdefault("class", "form-check-input")
            elif isinstance(widget, forms.Select):
                widget.attrs.setdefault("class", "form-select")
            else:
                widget.attrs.setdefault("class", "form-control")


class VersionedForm(DeskForm):
    """A form of a record that carries a version: a stale save shows both texts.

    After `meet`, sending the same form again puts this person's text in place of the other's.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    clashes: tuple[Clash, ...] = ()

    def meet(self, theirs: Mapping[str, object], version: int) -> None:
        """Sets this form beside the record as somebody else saved it since it was read."""
        self.clashes = tuple(
            Clash(
                str(self.fields[name].label),
                self._shown(name, self.cleaned_data[name]),
                self._shown(name, value),
            )
            for name, value in theirs.items()
        )
        self.data = {**dict(self.data.items()), self.add_prefix("version"): str(version)}

    def _shown(self, name: str, value: object) -> object:
        """A choice by its words, a day as officials write it, anything else as it is."""
        if isinstance(value, dt.date):
            return f"{value:%d/%m/%Y}"
        return dict(getattr(self.fields[name], "choices", ())).get(str(value), value)
