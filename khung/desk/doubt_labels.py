"""What each kind of doubt is called on the worklist."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khung.frameworks import settling
from khung.frameworks.models import Doubt
from khung.rules import actors, timing

LABELS: dict[str, str | Promise] = {
    "bracket_lost": _("Thiếu dấu ngoặc"),
    "cell_shared": _("Một ô chứa nhiều nhiệm vụ"),
    "cell_outside": _("Chữ nằm ngoài các cột"),
    "content_column": _("Nội dung đứng nhầm cột"),
    "cut_off": _("Có thể mất phần sau"),
    "dates_differ": _("Hai ngày ban hành khác nhau"),
    "dimension_absent": _("Thiếu nội dung của PAPI"),
    "dimension_inferred": _("Nội dung suy ra từ nhiệm vụ bên cạnh"),
    "dimension_unknown": _("Chưa rõ thuộc nội dung nào"),
    "field_empty": _("Ô trống"),
    "frequency_differs": _("Tần suất không khớp thời gian"),
    "head_missing": _("Thiếu thông tin của Quyết định"),
    "label_column": _("Nhãn đứng nhầm cột"),
    "label_order": _("Nhãn khác thứ tự của PAPI"),
    "label_position": _("Nhãn có thể lệch dòng"),
    "label_row": _("Nhãn đứng nhầm dòng"),
    "label_split": _("Nhãn bị cắt"),
    "label_unknown": _("Nhãn chưa nhận ra"),
    "name_slip": _("Tên người có thể sai"),
    "number_from_annex": _("Số lấy từ phụ lục"),
    "ocr_slip": _("Lỗi chữ khi quét"),
    "row_joined": _("Dòng nối với dòng trước"),
    "subdimension_absent": _("Thiếu nội dung thành phần"),
    "subdimension_unknown": _("Chưa rõ nội dung thành phần"),
    "subdimensions_unnamed": _("Không ghi nội dung thành phần"),
    **actors.DOUBTS,
    **timing.DOUBTS,
}


ANSWERS = {
    actors.COMMUNES_INCLUDED: _("Gồm cả UBND cấp xã"),
    actors.COMMUNES_LEFT_OUT: _("Không gồm UBND cấp xã"),
    settling.KEPT: _("Giữ như đã đọc"),
}


def answer_label(doubt: Doubt, answer: str) -> str:
    """What an answer to choose is called; a correction tells what it puts in place."""
    if answer in ANSWERS:
        return str(ANSWERS[answer])
    if answer == doubt.proposal:
        return gettext("Sửa thành “%(words)s”") % {"words": answer}
    return answer


def doubt_label(code: str) -> str:
    """The kind's name; a kind no longer known is shown by its code."""
    label = LABELS.get(code, code)
    return gettext(label) if isinstance(label, str) else str(label)
