"""What the trail says for each verb of this room; `{name}` stands for a value of the event."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "report.drafted": _("soạn báo cáo lần {number}"),
    "report.readied": _("trình thủ trưởng duyệt báo cáo lần {number}"),
    "report.copied": _("chép báo cáo kỳ {code} vào bản soạn lần {number}"),
    "occurrence.recorded": _("ghi lần thực hiện ngày {day}: {text}"),
    "occurrence.withdrawn": _("bỏ lần thực hiện ngày {day}: {text}"),
    "report.approved": _("duyệt báo cáo lần {number} trước khi gửi"),
    "report.passed_on": _("xem xét bước đầu báo cáo lần {number}, chuyển thẩm định"),
    "reviews.assigned": _("phân công {reviewer} thẩm định {reports} báo cáo"),
}
