"""How a task is to be done: the kind of a method, and so the evidence that shows it was done."""

import re

from khung.rules.text import fold, squeeze

KINDS = {
    "web_post": "Đăng tin trên cổng/trang thông tin điện tử",
    "broadcast": "Phát sóng, phát thanh",
    "posting": "Niêm yết, công khai",
    "household_message": "Thông tin, tuyên truyền đến người dân, hộ gia đình",
    "gazette": "Đăng công báo",
    "issue_document": "Ban hành văn bản",
    "meeting": "Tổ chức hội nghị, cuộc họp",
    "training": "Tập huấn, bồi dưỡng",
    "consultation": "Lấy ý kiến người dân",
    "ledger": "Lập, ghi sổ theo dõi",
    "guidance": "Hướng dẫn, chỉ đạo, hỗ trợ",
    "inspection": "Thanh tra, kiểm tra, giám sát, rà soát",
    "survey": "Điều tra, khảo sát",
    "casework": "Tiếp nhận, giải quyết hồ sơ, đơn thư, vụ việc",
    "report": "Báo cáo kết quả",
    "works": "Công trình, cơ sở vật chất, dịch vụ hạ tầng",
    "other": "Cách thức khác",
}

EVIDENCE_LABELS = {
    "photo": "Ảnh chụp",
    "place": "Địa điểm",
    "dates_up_down": "Ngày bắt đầu và ngày kết thúc niêm yết",
    "link": "Đường dẫn",
    "date": "Ngày thực hiện",
    "channel": "Kênh, đài hoặc nhóm đã dùng",
    "audience": "Số hộ, số người nhận được",
    "document": "Số, ngày và bản chụp văn bản",
    "minutes": "Biên bản",
    "numbers": "Số liệu kết quả",
    "summary": "Bản tổng hợp ý kiến",
    "file": "Tệp tài liệu",
    "note": "Mô tả kết quả",
}
EVIDENCE: dict[str, tuple[str, ...]] = {
    "web_post": ("link", "date"),
    "broadcast": ("channel", "date"),
    "posting": ("photo", "place", "dates_up_down"),
    "household_message": ("channel", "audience", "date"),
    "gazette": ("link", "date"),
    "issue_document": ("document",),
    "meeting": ("minutes", "numbers", "date"),
    "training": ("document", "numbers", "date"),
    "consultation": ("summary", "minutes", "numbers"),
    "ledger": ("file", "date"),
    "guidance": ("document", "date"),
    "inspection": ("minutes", "document", "date"),
    "survey": ("file", "numbers", "date"),
    "casework": ("numbers", "file"),
    "report": ("document",),
    "works": ("photo", "place", "numbers"),
    "other": ("note", "file"),
}

# Words of effort that say nothing of the kind.
_LEAD = re.compile(
    r"(?:(?:thuc hien|to chuc|tang cuong|tiep tuc|thuong xuyen|chu dong|day manh|tot)\b,? ?"
    r"|(?:cac giai phap|cong tac|viec) )*"
)
# Folded words, tried from the top. What is done comes first in a method, so most rules look at
# the beginning only.
_RULES = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("consultation", r"^lay y kien|^tham van"),
        ("ledger", r"\bso (?:ghi chep|sach|theo doi)\b"),
        ("survey", r"^(?:dieu tra,? )?khao sat"),
        ("training", r"\b(?:tap huan|boi duong)\b"),
        ("meeting", r"^(?:hop|hoi nghi|cuoc hop|hoi thao|doi thoai)\b"),
        ("gazette", r"^(?:dang )?(?:tren )?cong bao\b"),
        (
            "web_post",
            r"^(?:dang|cong khai|cap nhat)\b.*\b(?:trang thong tin|cong thong tin|tin bai)\b"
            r"|\bgiao dien\b.*\btrang thong tin\b|\bduong link\b",
        ),
        ("broadcast", r"^phat (?:song|thanh)\b"),
        ("household_message", r"\bden (?:tung )?ho gia dinh\b|^(?:thong tin, )?tuyen truyen\b"),
        ("posting", r"^(?:phe duyet, )?niem yet\b|^cong khai\b"),
        (
            "issue_document",
            r"^banh? hanh\b|^cong bo\b|^co ke hoach\b|^(?:ra soat, )?tham muu\b"
            r"|^xay dung (?:ke hoach|quy che|quy trinh|van ban)\b",
        ),
        (
            "casework",
            r"\btiep cong dan\b|^xet duyet\b|^tiep nhan\b|\bduoc (?:tiep nhan|so hoa)\b"
            r"|\bgiai quyet (?:tttc|tthc|thu tuc)\b|\bra soat doi tuong\b|\bto giac, tin bao\b",
        ),
        (
            "inspection",
            r"^(?:huong dan, |chi dao, |theo doi, )?(?:thanh tra|kiem tra|kiem soat|giam sat)\b"
            r"|^ra soat\b",
        ),
        ("guidance", r"^(?:huong dan|chi dao|ho tro)\b"),
        ("report", r"^bao cao\b"),
        (
            "works",
            r"^(?:day nhanh .*)?(?:dau tu|cai tao|sua chua|xay dung|trong cay|cac cong trinh)\b"
            r"|^viec dau tu\b|^phat trien giao thong\b|^rac thai\b|\bnuoc sach\b",
        ),
    )
)


def method_kind(text: str) -> str:
    """The kind of a method as a plan words it: a key of ``KINDS``, ``other`` where none fits."""
    folded = _LEAD.sub("", fold(squeeze(text)).lstrip("-+• "), count=1)
    return next((kind for kind, pattern in _RULES if pattern.search(folded)), "other")
