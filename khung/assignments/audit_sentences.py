"""What the trail says for each verb of this room; `{name}` stands for a value of the event."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "period.made": _("lập kỳ báo cáo {code}"),
    "period.put_into_work": _(
        "giao việc kỳ {code}: tạo mới {made} trong {total} nhiệm vụ được giao"
    ),
    "period.deadline_set": _(
        "đặt hạn kỳ {code} cho cấp {level}: đúng hạn {timely_on}, khóa {locks_on}"
    ),
    "occasion.opened": _("mở sự kiện “{title}” ở {units} đơn vị: {made} nhiệm vụ được giao"),
    "occasion.extended": _("dời ngày cuối của sự kiện “{title}” từ {before} sang {ends_on}"),
    "occasion.closed": _("kết thúc sự kiện “{title}”, đóng {closed} nhiệm vụ chưa làm"),
    "assignment.update": _("cập nhật kết quả"),
    "assignment.submit": _("gửi báo cáo"),
    "assignment.withdraw": _("thu hồi báo cáo để sửa"),
    "assignment.accept": _("công nhận báo cáo"),
    "assignment.return": _("trả lại báo cáo"),
    "assignment.reopen": _("hủy công nhận: {reason}"),
    "assignment.exempt": _("miễn nhiệm vụ: {reason}"),
    "assignment.restore": _("bỏ miễn"),
    "assignments.ended": _("đóng {closed} nhiệm vụ của đơn vị đã kết thúc hoạt động"),
    "progress.illustrated": _("tạo số liệu minh họa cho {assignments} nhiệm vụ kỳ {code}"),
    "roll_up.rebuilt": _("dựng lại bảng tổng hợp: {cells} ô lệch so với nhiệm vụ gốc"),
    "lateness.stamped": _("ghi nhận {stamped} nhiệm vụ quá hạn đến ngày {today}"),
    "lateness.taken_back": _(
        "gỡ ghi nhận quá hạn của {taken_back} nhiệm vụ kỳ {code} cấp {level}: hạn {wrong} đặt nhầm"
    ),
    "lock_exception.granted": _(
        "cho phép {unit} báo cáo {code} sau ngày khóa đến hết {until}, văn bản {document}"
    ),
    "lock_exception.revoked": _(
        "dừng cho phép {unit} báo cáo {code} sau ngày khóa, văn bản {document}"
    ),
    "disclosure.recorded": _("ghi văn bản {document} cho phép công khai tiến độ từng đơn vị"),
    "disclosure.withdrawn": _("dừng công khai tiến độ từng đơn vị theo văn bản {document}"),
    "calendar.filled": _("thêm {days} ngày vào lịch làm việc"),
    "calendar.day_removed": _("bỏ ngày {day} khỏi lịch làm việc: {note}"),
    "calendar.day_set": _("sửa ngày {day} trong lịch làm việc: {note}"),
}
