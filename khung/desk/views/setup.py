"""Everything that is set up rather than done daily, in one place."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from khung.desk.permissions import DeskRequest, requires
from khung.rules.permissions import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the set-up: its name among the addresses, what it is called and for."""

    address: str
    label: str | Promise
    purpose: str | Promise
    needs: Permission


GROUPS: tuple[tuple[str | Promise, tuple[Entry, ...]], ...] = (
    (
        _("Kỳ, hạn, sự kiện"),
        (
            Entry(
                "periods",
                _("Kỳ báo cáo"),
                _("giao việc từng kỳ, đặt hạn và ngày khóa theo cấp"),
                Permission.OPEN_PERIOD,
            ),
            Entry(
                "occasions",
                _("Sự kiện"),
                _("bầu cử, thu hồi đất, xét duyệt hộ nghèo… làm phát sinh nhiệm vụ"),
                Permission.OPEN_PERIOD,
            ),
            Entry(
                "lock_exceptions",
                _("Báo cáo sau ngày khóa"),
                _("đơn vị nào được báo cáo sau ngày khóa, theo văn bản nào, đến ngày nào"),
                Permission.GRANT_LOCK_EXCEPTION,
            ),
            Entry(
                "exemptions",
                _("Đề nghị miễn nhiệm vụ"),
                _("trả lời đề nghị của đơn vị và cơ quan hướng dẫn"),
                Permission.EXEMPT_WORK,
            ),
            Entry(
                "enter_for",
                _("Nhập thay"),
                _("nhập báo cáo cho đơn vị không tự nhập được"),
                Permission.ENTER_FOR_UNIT,
            ),
            Entry(
                "calendar",
                _("Lịch làm việc"),
                _("ngày nghỉ, ngày làm bù mà mọi hạn được tính theo"),
                Permission.OPEN_PERIOD,
            ),
        ),
    ),
    (
        _("Thẩm định"),
        (
            Entry(
                "judging_plans",
                _("Cách thẩm định"),
                _("đọc tất cả, theo mẫu hay gộp; ai xem trước; bao nhiêu ngày"),
                Permission.PLAN_JUDGING,
            ),
            Entry(
                "return_reasons",
                _("Lý do trả lại"),
                _("danh mục để người thẩm định chọn"),
                Permission.PLAN_JUDGING,
            ),
        ),
    ),
    (
        _("Nhắc việc"),
        (
            Entry(
                "reminder_rules",
                _("Quy tắc nhắc việc"),
                _("nhắc trước hạn, sau hạn mấy ngày; báo cấp trên khi nào"),
                Permission.SET_REMINDERS,
            ),
            Entry(
                "outbox",
                _("Tin gửi đi"),
                _("thư, tin nhắn đã gửi, chưa gửi được và vì sao"),
                Permission.SET_REMINDERS,
            ),
        ),
    ),
    (
        _("Đơn vị, người dùng, công khai"),
        (
            Entry(
                "units",
                _("Đơn vị"),
                _("cây đơn vị theo ngày, sáp nhập, đổi tên"),
                Permission.VIEW_FRAMEWORK,
            ),
            Entry(
                "people",
                _("Người dùng"),
                _("tài khoản, vai trò, mật khẩu"),
                Permission.MANAGE_PEOPLE,
            ),
            Entry(
                "disclosures",
                _("Công khai tiến độ"),
                _("văn bản cho phép công khai tiến độ từng đơn vị"),
                Permission.RECORD_DISCLOSURE,
            ),
            Entry(
                "audit_trail",
                _("Nhật ký hệ thống"),
                _("ai đã làm gì, lúc nào; chuỗi niêm phong"),
                Permission.VIEW_AUDIT,
            ),
        ),
    ),
)


@require_safe
@requires(Permission.OPEN_PERIOD)
def setup(request: DeskRequest) -> HttpResponse:
    """The pages of the set-up somebody may open, by what they are about."""
    groups = [
        (name, [entry for entry in entries if request.acting.may(entry.needs)])
        for name, entries in GROUPS
    ]
    return render(
        request, "desk/setup.html", {"groups": [(name, found) for name, found in groups if found]}
    )
