"""Forms of reminders: how somebody wants to be told, a new rule, which messages to list."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.desk.forms_versioned import DeskForm, VersionedForm
from khung.reminders.adapters import is_connected
from khung.reminders.models import OutboxMessage, Preference, ReminderRule
from khung.rules import phones, reminding
from khung.rules.reminding import MOST_DAYS, Rule

Channel = Preference.Channel
HOURS = range(6, 21)


class PreferenceForm(VersionedForm):
    """The channel, its address and the hour; the address is checked as the channel wants it."""

    channel = forms.ChoiceField(label=_("Nhận nhắc việc qua"), widget=forms.RadioSelect)
    address = forms.CharField(
        label=_("Địa chỉ thư hoặc số di động"),
        required=False,
        max_length=120,
        help_text=_("Thư điện tử: để trống thì dùng địa chỉ của tài khoản. Zalo, SMS: số di động."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "email"}),
    )
    hour = forms.TypedChoiceField(label=_("Giờ nhận, ngày làm việc"), coerce=int)

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email
        self.fields["channel"].choices = [(one, _channel_label(one)) for one in Channel]  # type: ignore[attr-defined]
        self.fields["hour"].choices = [  # type: ignore[attr-defined]
            (hour, gettext("%(hour)s giờ") % {"hour": hour}) for hour in HOURS
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        channel, address = cleaned.get("channel"), cleaned.get("address", "").strip()
        if channel == Channel.EMAIL:
            cleaned["address"] = self._checked_email(address)
        elif channel in (Channel.ZALO, Channel.SMS):
            try:
                cleaned["address"] = phones.with_country_code(address)
            except ValueError:
                self.add_error("address", gettext(phones.MESSAGE))
        elif channel == Channel.APP:
            cleaned["address"] = ""
        return cleaned

    def _checked_email(self, address: str) -> str:
        if not address and not self._email:
            self.add_error(
                "address", gettext("Tài khoản chưa có địa chỉ thư; hãy ghi một địa chỉ ở đây.")
            )
        if address:
            try:
                validate_email(address)
            except ValidationError:
                self.add_error(
                    "address", gettext("Địa chỉ thư chưa đúng, ví dụ đúng: nguyen.an@xa.gov.vn.")
                )
        return address


def _channel_label(channel: Channel) -> str:
    label = gettext(str(channel.label))
    if channel == Channel.APP or is_connected(channel):
        return label
    return gettext("%(channel)s (máy chủ này chưa nối cổng gửi)") % {"channel": label}


class AddRule(DeskForm):
    """A rule: which kind, how many working days."""

    kind = forms.ChoiceField(label=_("Khi nào"), choices=ReminderRule.Kind.choices)
    working_days = forms.IntegerField(
        label=_("Số ngày làm việc"), min_value=0, max_value=MOST_DAYS, initial=3
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind, gettext(str(label))) for kind, label in ReminderRule.Kind.choices
        ]

    @property
    def rule(self) -> Rule:
        return Rule(self.cleaned_data["kind"], self.cleaned_data["working_days"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.errors:
            why = reminding.wrong(self.rule)
            if why:
                self.add_error("working_days", gettext(why))
        return cleaned


class SwitchRule(forms.Form):
    """Which way a rule is switched, and the version that was read."""

    is_active = forms.TypedChoiceField(
        choices=[("1", ""), ("0", "")], coerce=lambda value: value == "1"
    )
    version = forms.IntegerField(min_value=1)


class OutboxFilter(DeskForm):
    """Which messages the list shows; a value that is no choice filters nothing."""

    q = forms.CharField(label=_("Người nhận (không cần dấu)"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("Tình trạng"), required=False)
    channel = forms.ChoiceField(label=_("Kênh"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", gettext("tất cả"))
        states = [(code, gettext(str(label))) for code, label in OutboxMessage.State.choices]
        channels = [(one.value, gettext(str(one.label))) for one in Channel if one != Channel.APP]
        self.fields["state"].choices = [every, *states]  # type: ignore[attr-defined]
        self.fields["channel"].choices = [every, *channels]  # type: ignore[attr-defined]
