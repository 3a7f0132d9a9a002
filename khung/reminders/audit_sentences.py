"""What the trail says for each verb of this room; `{name}` stands for a value of the event."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "digests.made": _("lập {digests} bản nhắc việc ngày {day}"),
    "digest.read": _("xem bản nhắc việc ngày {day}"),
    "preference.set": _("đổi cách nhận nhắc việc: {channel}, lúc {hour} giờ"),
    "reminder_rules.begun": _("lưu các quy tắc nhắc việc đề xuất sẵn để chỉnh"),
    "reminder_rule.added": _("thêm quy tắc nhắc việc: {rule}"),
    "reminder_rule.switched_on": _("bật quy tắc nhắc việc: {rule}"),
    "reminder_rule.switched_off": _("tắt quy tắc nhắc việc: {rule}"),
    "letters.made": _(
        "soạn {letters} dự thảo công văn đôn đốc kỳ {code} gửi {units} đơn vị: {tasks} nhiệm vụ "
        "quá hạn, hạn mới {new_date}"
    ),
    "letters.illustrated": _("tạo {letters} công văn đôn đốc minh họa"),
    "letter.recorded": _("ghi số {number}, ngày {issued_on} và bản đã ký của công văn đôn đốc"),
    "letter.withdrawn": _("thu hồi dự thảo công văn đôn đốc: {reason}"),
    "messages.retried": _("gửi lại {messages} tin nhắc việc"),
}
