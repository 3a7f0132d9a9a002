"""The words with which plans name those who act: data that the reader of phrases uses.

Wordings are compared without regard to capitals, commas and hyphens. To teach the program a
new body of a known kind, add its wording here.
"""

# By kind of actor: how a phrase about it begins. The longest wording that fits wins.
WORDINGS: dict[str, tuple[str, ...]] = {
    "people_committee": ("Ủy ban nhân dân", "UBND"),
    "police": ("Công an",),
    "social_insurance": ("Bảo hiểm xã hội", "BHXH"),
    "education_office": (
        "Phòng Giáo dục và Đào tạo",
        "Phòng Giáo dục - Đào tạo",
        "Phòng GDĐT",
        "Phòng GD&ĐT",
    ),
    "citizen_reception": ("Ban Tiếp công dân",),
    "radio_station": ("Đài Truyền thanh", "Đài Truyền thanh - Truyền hình"),
    "land_registry": ("Văn phòng Đăng ký đất đai",),
    "peoples_inspectorate": ("Ban Thanh tra Nhân dân",),
    "investment_supervision": (
        "Ban Giám sát đầu tư của cộng đồng",
        "Ban Giám sát đầu tư cộng đồng",
        "Ban Giám sát cộng đồng",
    ),
    "hospital": ("Bệnh viện", "Các bệnh viện"),
    "clinic": ("Phòng khám", "Phòng khám đa khoa", "Các phòng khám"),
    "health_centre": ("Trung tâm y tế", "Các trung tâm y tế"),
    "health_station": ("Trạm y tế", "Các trạm y tế"),
    "village": (
        "Trưởng thôn/Tổ trưởng Tổ dân phố",
        "Trưởng thôn",
        "Trưởng bản",
        "Trưởng ấp",
        "Tổ trưởng Tổ dân phố",
        "Thôn/tổ dân phố",
        "Thôn",
        "Tổ dân phố",
    ),
    "specialised_agency": (
        "Các cơ quan chuyên môn thuộc UBND tỉnh",
        "Các cơ quan chuyên môn thuộc Ủy ban nhân dân tỉnh",
        "Các cơ quan chuyên môn cấp tỉnh",
    ),
    "addressees": ("Các cơ quan, đơn vị, địa phương",),
    "company": ("Công ty",),
    "open": (
        "Các cơ quan",
        "Cơ quan",
        "Các đơn vị",
        "Đơn vị",
        "Các địa phương",
        "Các sở",
        "Sở, ban, ngành",
        "Các ban",
        "Các ngành",
        "Ban, ngành",
        "Các phòng",
        "Các doanh nghiệp",
        "Doanh nghiệp",
        "Các cơ sở",
        "Cơ sở",
        "Các tổ chức",
        "Tổ chức",
        "Các đoàn thể",
        "Các hội",
        "Các trường",
        "Các trung tâm",
        "Các huyện",
        "Các xã",
    ),
    # Bodies that are one of their name; the rest of the name follows.
    "named": (
        "Ban",
        "Ban Quản lý",
        "Báo",
        "Bộ Chỉ huy",
        "Bưu điện",
        "Chi cục",
        "Cục",
        "Đài",
        "Đài Phát thanh và Truyền hình",
        "Đoàn Thanh niên",
        "Hội",
        "Hội đồng nhân dân",
        "HĐND",
        "Kho bạc",
        "Liên đoàn",
        "Liên hiệp",
        "Liên minh",
        "Mặt trận Tổ quốc",
        "Ngân hàng",
        "Quỹ",
        "Sở",
        "Thanh tra",
        "Tỉnh đoàn",
        "Tỉnh ủy",
        "Tòa án",
        "Trung tâm",
        "Trường",
        "UBMTTQ",
        "UBMTTQVN",
        "Ủy ban Mặt trận Tổ quốc",
        "Ủy ban MTTQ",
        "Văn phòng",
        "Viện",
        "VP",
    ),
    # One in each district or commune, of a kind the program does not know.
    "unknown": ("Phòng", "Bộ phận", "Chi nhánh"),
}

# What a kind means when no level is written. Kinds left out may stand at any level.
OWN_LEVEL = {
    "education_office": "district",
    "health_centre": "district",
    "health_station": "commune",
    "peoples_inspectorate": "commune",
    "investment_supervision": "commune",
    "village": "village",
    "specialised_agency": "province",
}

# Kinds that stand at several levels and belong to one of them, so that a level must be written.
NEEDS_LEVEL = frozenset(
    {"people_committee", "police", "social_insurance", "citizen_reception", "radio_station"}
)

# How levels are written after a body's kind, as patterns over words in lower case.
_COMMUNES = "xã|phường|thị trấn|đặc khu"
LEVEL_PATTERNS = (
    ("province", "(?:cấp )?tỉnh"),
    (
        "district",
        "cấp huyện|(?:các )?(?:quận|huyện)(?: (?:và )?(?:quận|huyện|thị xã|thành phố))*"
        "(?: (?:trực )?thuộc tỉnh)?",
    ),
    ("commune", f"cấp xã|(?:các )?(?:xã|phường)(?: (?:và )?(?:{_COMMUNES}))*"),
)
EVERY_LEVEL = "các cấp"
# "Văn phòng Đăng ký đất đai tỉnh và các chi nhánh": a branch stands in each district.
BRANCHES = "các chi nhánh"

# Who heads a body, where a text names the person instead (as "Điều 3" of a decision does).
TITLES = (
    "Thủ trưởng",
    "Người đứng đầu",
    "Giám đốc",
    "Chủ tịch",
    "Chánh",
    "Trưởng",
    "Trưởng ban",
    "Tổng Biên tập",
    "Tổng Giám đốc",
    "Cục trưởng",
    "Hiệu trưởng",
)
CONJUNCTIONS = ("và", "hoặc", "cùng")
# Words that no single body's name holds: the phrase says more than a name.
NOT_A_NAME = (
    r"\bcấp (?:tỉnh|huyện|xã|thôn)\b|\bcác (?:cấp|huyện|xã|phường|sở)\b"
    r"|phối hợp|chủ trì|liên quan|[()\d]"
)
