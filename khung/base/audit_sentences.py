"""What the trail says for each verb of this room; `{name}` stands for a value of the event."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "audit.broken": _("phát hiện nhật ký bị đứt ở vị trí {position}: {reason}"),
    "person.signed_in": _("đăng nhập"),
    "person.signed_out": _("đăng xuất"),
    "person.password_changed": _("đổi mật khẩu"),
}
