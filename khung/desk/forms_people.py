"""Forms of accounts: which to list, a new one, a role in a unit from a day, the end of a role."""

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.desk.forms_frameworks import AsOf
from khung.desk.forms_versioned import DayInput, DeskForm
from khung.orgs import queries
from khung.orgs.models import Unit
from khung.rules.permissions import ROLES

MOST_UNITS = 20
LATEST = MaxValueValidator(dt.date(2999, 12, 31), _("Hãy chọn một ngày có thật."))
PLAIN_NAME = RegexValidator(
    r"^[a-z0-9][a-z0-9._@-]*\Z", _("Chỉ dùng chữ thường không dấu, chữ số và . _ - @.")
)


def _roles() -> list[tuple[str, str]]:
    return [(role.code, gettext(role.name)) for role in ROLES.values()]


class PeopleFilter(DeskForm):
    """Which accounts the list shows; a value that is no choice filters nothing."""

    ACTIVE, SHUT = "active", "shut"

    q = forms.CharField(label=_("Tìm tên (không cần dấu)"), required=False, max_length=100)
    unit = forms.CharField(label=_("Đơn vị (không cần dấu)"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Vai trò"), required=False)
    state = forms.ChoiceField(
        label=_("Tài khoản"),
        required=False,
        choices=[("", _("tất cả")), (ACTIVE, _("đang dùng")), (SHUT, _("đã khóa"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", gettext("tất cả"))
        self.fields["role"].choices = [every, *_roles()]  # type: ignore[attr-defined]


class GrantRole(DeskForm):
    """A role in a unit from a day. The unit is named in words; where several bear them, chosen."""

    unit_name = forms.CharField(
        label=_("Đơn vị"),
        max_length=100,
        help_text=_("Gõ tên, không dấu cũng được, ví dụ: so noi vu."),
    )
    unit = forms.TypedChoiceField(
        label=_("Chọn một trong các đơn vị khớp"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Hãy chọn một đơn vị trong danh sách.")},
    )
    role = forms.ChoiceField(label=_("Vai trò"))
    valid_from = forms.DateField(label=_("Từ ngày"), widget=DayInput(), validators=[LATEST])

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _roles()  # type: ignore[attr-defined]
        day = AsOf({"day": self.data.get("valid_from", "")}).chosen(today)
        found = queries.search_units(self.data.get("unit_name", "")[:100], day, MOST_UNITS)
        self._found = {unit.pk: unit for unit in found}
        if len(found) > 1:
            names = [(unit.pk, _with_parent(unit)) for unit in found]
            self.fields["unit"].choices = names  # type: ignore[attr-defined]
        else:
            del self.fields["unit"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "unit_name" not in self.cleaned_data or self.has_error("unit"):
            return cleaned
        chosen = self._found.get(self.cleaned_data.get("unit") or 0)
        self.cleaned_data["unit"] = chosen or (
            next(iter(self._found.values())) if len(self._found) == 1 else None
        )
        if not self._found:
            self.add_error("unit_name", gettext("Ngày ấy không có đơn vị nào mang tên này."))
        elif self.cleaned_data["unit"] is None:
            self.add_error("unit", gettext("Nhiều đơn vị khớp với tên này; hãy chọn một."))
        return cleaned

    @property
    def grant(self) -> dict[str, Any]:
        """What was said of the role, as the verbs take it."""
        return {name: self.cleaned_data[name] for name in ("unit", "role", "valid_from")}


def _with_parent(unit: Unit) -> str:
    return f"{unit.day_name}, {unit.parent.name}" if unit.parent else unit.day_name


class AddPerson(GrantRole):
    """A new account with its first role."""

    field_order = ("full_name", "username", "email", "unit_name", "unit", "role", "valid_from")

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=60,
        validators=[PLAIN_NAME],
        help_text=_("Chữ thường không dấu, ví dụ: nguyen.thi.an. Không đổi được về sau."),
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("Thư điện tử, nếu có"), required=False)


class EndRole(DeskForm):
    """The last day a role is held."""

    last_day = forms.DateField(label=_("Ngày cuối"), widget=DayInput(), validators=[LATEST])
