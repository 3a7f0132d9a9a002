"""What the trail says for each verb of this room; `{name}` stands for a value of the event."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "report.drafted": _("soạn báo cáo lần {number}"),
    "report.approved": _("duyệt báo cáo lần {number} trước khi gửi"),
    "report.passed_on": _("xem xét bước đầu báo cáo lần {number}, chuyển thẩm định"),
    "reviews.assigned": _("phân công {reviewer} thẩm định {reports} báo cáo"),
}
