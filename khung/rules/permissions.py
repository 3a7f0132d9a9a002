"""Who may do what: roles and their permissions, to be read by a lawyer as well.

Everything not written here is denied. A permission says what a person may do at all; which rows
it reaches (own unit, units below, work to judge) is decided where the rows are queried.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """Everything a person may be allowed to do."""

    VIEW_OWN_UNIT_WORK = "view_own_unit_work"
    VIEW_SUBTREE_WORK = "view_subtree_work"
    VIEW_JUDGED_WORK = "view_judged_work"
    VIEW_ALL_WORK = "view_all_work"
    VIEW_FRAMEWORK = "view_framework"
    REPORT_WORK = "report_work"
    SUBMIT_REPORT = "submit_report"
    JUDGE_WORK = "judge_work"
    EXEMPT_WORK = "exempt_work"
    ENTER_FOR_UNIT = "enter_for_unit"
    APPROVE_REPORT = "approve_report"
    SHARE_WORK = "share_work"
    LINK_VILLAGES = "link_villages"
    PROPOSE_EXEMPTION = "propose_exemption"
    PLAN_JUDGING = "plan_judging"
    ASSIGN_REVIEWER = "assign_reviewer"
    GRANT_LOCK_EXCEPTION = "grant_lock_exception"
    IMPORT_FIGURES = "import_figures"
    RAISE_DIFFICULTY = "raise_difficulty"
    ANSWER_DIFFICULTY = "answer_difficulty"
    DECIDE_DIFFICULTY = "decide_difficulty"
    WRITE_LETTER = "write_letter"
    SET_REMINDERS = "set_reminders"
    SETTLE_DOUBT = "settle_doubt"
    PUT_FRAMEWORK_IN_FORCE = "put_framework_in_force"
    OPEN_PERIOD = "open_period"
    OPEN_OCCASION = "open_occasion"
    EDIT_CALENDAR = "edit_calendar"
    EDIT_UNITS = "edit_units"
    RECORD_DISCLOSURE = "record_disclosure"
    VIEW_AUDIT = "view_audit"
    RUN_JOBS = "run_jobs"
    MANAGE_PEOPLE = "manage_people"


LABELS = {
    Permission.VIEW_OWN_UNIT_WORK: "Xem nhiệm vụ của đơn vị mình",
    Permission.VIEW_SUBTREE_WORK: "Xem nhiệm vụ của đơn vị mình và các đơn vị trực thuộc",
    Permission.VIEW_JUDGED_WORK: "Xem nhiệm vụ mà đơn vị mình hướng dẫn, thẩm định",
    Permission.VIEW_ALL_WORK: "Xem nhiệm vụ của mọi đơn vị",
    Permission.VIEW_FRAMEWORK: "Xem bộ khung nhiệm vụ và văn bản gốc",
    Permission.REPORT_WORK: "Cập nhật kết quả, tài liệu kiểm chứng",
    Permission.SUBMIT_REPORT: "Gửi, thu hồi báo cáo",
    Permission.JUDGE_WORK: "Công nhận, trả lại báo cáo",
    Permission.EXEMPT_WORK: "Miễn nhiệm vụ, bỏ miễn",
    Permission.ENTER_FOR_UNIT: "Nhập thay đơn vị không tự nhập được",
    Permission.APPROVE_REPORT: "Duyệt báo cáo của đơn vị trước khi gửi",
    Permission.SHARE_WORK: "Giao việc trong đơn vị, cách gửi báo cáo của đơn vị",
    Permission.LINK_VILLAGES: "Cấp, thu hồi đường dẫn cho trưởng thôn, tổ trưởng",
    Permission.PROPOSE_EXEMPTION: "Đề nghị miễn nhiệm vụ",
    Permission.PLAN_JUDGING: "Chọn cách thẩm định, lý do trả lại",
    Permission.ASSIGN_REVIEWER: "Phân công người thẩm định, cách thức bắt buộc",
    Permission.GRANT_LOCK_EXCEPTION: "Cho phép báo cáo sau ngày khóa",
    Permission.IMPORT_FIGURES: "Nạp số liệu từ hệ thống khác làm tài liệu kiểm chứng",
    Permission.RAISE_DIFFICULTY: "Nêu khó khăn, vướng mắc của đơn vị",
    Permission.ANSWER_DIFFICULTY: "Trả lời, chuyển tiếp khó khăn, vướng mắc",
    Permission.DECIDE_DIFFICULTY: "Quyết định về khó khăn, vướng mắc",
    Permission.WRITE_LETTER: "Soạn công văn đôn đốc, ghi số và ngày phát hành",
    Permission.SET_REMINDERS: "Đặt quy tắc nhắc việc",
    Permission.SETTLE_DOUBT: "Xử lý điểm chưa rõ của văn bản",
    Permission.PUT_FRAMEWORK_IN_FORCE: "Đưa bộ khung nhiệm vụ vào hiệu lực",
    Permission.OPEN_PERIOD: "Mở kỳ báo cáo, đặt thời hạn",
    Permission.OPEN_OCCASION: "Mở, đóng sự kiện",
    Permission.EDIT_CALENDAR: "Sửa lịch làm việc",
    Permission.EDIT_UNITS: "Sửa đơn vị, ghi nhận sắp xếp đơn vị",
    Permission.RECORD_DISCLOSURE: "Ghi nhận văn bản cho phép công khai",
    Permission.VIEW_AUDIT: "Xem nhật ký hệ thống",
    Permission.RUN_JOBS: "Vận hành tác vụ, sao lưu",
    Permission.MANAGE_PEOPLE: "Quản lý người dùng và vai trò",
}


@dataclass(frozen=True, slots=True)
class Role:
    """What a person is in a unit, and all that this allows."""

    code: str
    name: str
    description: str
    permissions: frozenset[Permission]


ROLES = {
    role.code: role
    for role in (
        Role(
            "officer",
            "Công chức thực hiện",
            "Cập nhật kết quả, đính kèm tài liệu kiểm chứng và gửi báo cáo các nhiệm vụ của "
            "đơn vị mình.",
            frozenset(
                {
                    Permission.VIEW_OWN_UNIT_WORK,
                    Permission.VIEW_FRAMEWORK,
                    Permission.REPORT_WORK,
                    Permission.SUBMIT_REPORT,
                    Permission.SHARE_WORK,
                    Permission.LINK_VILLAGES,
                    Permission.PROPOSE_EXEMPTION,
                    Permission.RAISE_DIFFICULTY,
                    Permission.OPEN_OCCASION,
                }
            ),
        ),
        Role(
            "head",
            "Thủ trưởng đơn vị",
            "Chịu trách nhiệm về báo cáo của đơn vị mình và theo dõi các đơn vị trực thuộc.",
            frozenset(
                {
                    Permission.VIEW_OWN_UNIT_WORK,
                    Permission.VIEW_SUBTREE_WORK,
                    Permission.VIEW_FRAMEWORK,
                    Permission.REPORT_WORK,
                    Permission.SUBMIT_REPORT,
                    Permission.APPROVE_REPORT,
                    Permission.ENTER_FOR_UNIT,
                    Permission.SHARE_WORK,
                    Permission.LINK_VILLAGES,
                    Permission.PROPOSE_EXEMPTION,
                    Permission.RAISE_DIFFICULTY,
                    Permission.ANSWER_DIFFICULTY,
                    Permission.OPEN_OCCASION,
                }
            ),
        ),
        Role(
            "guide",
            "Cán bộ cơ quan hướng dẫn, kiểm tra",
            "Thẩm định báo cáo của các nhiệm vụ mà cơ quan mình được giao hướng dẫn, kiểm tra.",
            frozenset(
                {
                    Permission.VIEW_OWN_UNIT_WORK,
                    Permission.VIEW_JUDGED_WORK,
                    Permission.VIEW_FRAMEWORK,
                    Permission.JUDGE_WORK,
                    Permission.PROPOSE_EXEMPTION,
                    Permission.ASSIGN_REVIEWER,
                    Permission.IMPORT_FIGURES,
                    Permission.ANSWER_DIFFICULTY,
                    Permission.OPEN_OCCASION,
                }
            ),
        ),
        Role(
            "coordinator",
            "Điều phối (cơ quan theo dõi, đôn đốc, tổng hợp)",
            "Đưa bộ khung vào hiệu lực, mở kỳ báo cáo, theo dõi, đôn đốc mọi đơn vị, thẩm định "
            "thay khi cơ quan hướng dẫn cũng là cơ quan thực hiện, và quản lý người dùng.",
            frozenset(
                {
                    Permission.VIEW_OWN_UNIT_WORK,
                    Permission.VIEW_JUDGED_WORK,
                    Permission.VIEW_ALL_WORK,
                    Permission.VIEW_FRAMEWORK,
                    Permission.JUDGE_WORK,
                    Permission.EXEMPT_WORK,
                    Permission.SETTLE_DOUBT,
                    Permission.PUT_FRAMEWORK_IN_FORCE,
                    Permission.OPEN_PERIOD,
                    Permission.OPEN_OCCASION,
                    Permission.EDIT_CALENDAR,
                    Permission.EDIT_UNITS,
                    Permission.RECORD_DISCLOSURE,
                    Permission.VIEW_AUDIT,
                    Permission.MANAGE_PEOPLE,
                    Permission.ENTER_FOR_UNIT,
                    Permission.PLAN_JUDGING,
                    Permission.ASSIGN_REVIEWER,
                    Permission.GRANT_LOCK_EXCEPTION,
                    Permission.IMPORT_FIGURES,
                    Permission.ANSWER_DIFFICULTY,
                    Permission.WRITE_LETTER,
                    Permission.SET_REMINDERS,
                }
            ),
        ),
        Role(
            "leader",
            "Lãnh đạo UBND tỉnh",
            "Xem tiến độ của mọi đơn vị để chỉ đạo, điều hành; quyết định về khó khăn, vướng mắc.",
            frozenset(
                {
                    Permission.VIEW_ALL_WORK,
                    Permission.VIEW_FRAMEWORK,
                    Permission.DECIDE_DIFFICULTY,
                }
            ),
        ),
        Role(
            "observer",
            "Cơ quan giám sát (Mặt trận, Đảng)",
            "Xem tiến độ của mọi đơn vị để giám sát; không sửa gì.",
            frozenset({Permission.VIEW_ALL_WORK, Permission.VIEW_FRAMEWORK}),
        ),
        Role(
            "operator",
            "Vận hành hệ thống",
            "Quản lý người dùng, tác vụ và nhật ký; không xem và không sửa nội dung công việc.",
            frozenset({Permission.VIEW_AUDIT, Permission.RUN_JOBS, Permission.MANAGE_PEOPLE}),
        ),
    )
}


def permissions_of(role_codes: Iterable[str]) -> frozenset[Permission]:
    """All that the roles allow together; an unknown role allows nothing."""
    return frozenset().union(*(ROLES[code].permissions for code in role_codes if code in ROLES))


def has(role_codes: Iterable[str], permission: Permission) -> bool:
    """Whether one of the roles allows it."""
    return permission in permissions_of(role_codes)
