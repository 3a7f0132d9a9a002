"""What the trail says for each verb of this room; `{name}` stands for a value of the event."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "difficulty.raised": _("nêu khó khăn của {unit}, gửi {holder}, hạn trả lời {due_on}"),
    "difficulty.answer": _("trả lời khó khăn của {unit}: {reason}"),
    "difficulty.decide": _(
        "quyết định về khó khăn của {unit}, giao {holder} thực hiện trước {due_on}: {reason}"
    ),
    "difficulty.send_on": _("chuyển khó khăn của {unit} đến {holder}, hạn {due_on}: {reason}"),
    "difficulty.carry_out": _("báo đã thực hiện quyết định về khó khăn của {unit}: {reason}"),
    "difficulty.confirm": _("xác nhận khó khăn của {unit} đã được giải quyết"),
    "difficulty.dispute": _(
        "báo khó khăn của {unit} chưa được giải quyết, chuyển {holder}: {reason}"
    ),
    "difficulty.withdraw": _("rút khó khăn của {unit}: {reason}"),
    "difficulties.illustrated": _("tạo {raised} khó khăn, vướng mắc minh họa"),
}
