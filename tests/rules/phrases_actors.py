"""Every distinct actor phrase of the first Decision, with what it means, written by hand."""

from typing import NamedTuple


class Expected(NamedTuple):
    """Actors as "kind/level" or, for a body known by its name, that name; and the doubts."""

    actors: tuple[str, ...]
    doubts: tuple[str, ...] = ()


OPEN = Expected(("open",), ("actor_open",))
COMPANY = Expected(("company",), ("actor_company",))
LAND_REGISTRY = ("land_registry/province", "land_registry/district")

DEFINITIONS = {
    "thôn": "thôn/tổ dân phố",
    "Trưởng thôn": "Trưởng thôn/Tổ trưởng Tổ dân phố",
    "TTHC": "thủ tục hành chính",
    "Văn phòng Đăng ký đất đai": "Văn phòng Đăng ký đất đai tỉnh và các chi nhánh",
}

GUIDING = {
    "UBND cấp huyện": Expected(("people_committee/district",)),
    "Sở Thông tin và Truyền thông": Expected(("Sở Thông tin và Truyền thông",)),
    "Sở Tài nguyên và Môi trường": Expected(("Sở Tài nguyên và Môi trường",)),
    "Thanh tra tỉnh": Expected(("Thanh tra tỉnh",)),
    "Sở Tư pháp": Expected(("Sở Tư pháp",)),
    "Văn phòng UBND tỉnh": Expected(("Văn phòng UBND tỉnh",)),
    "Các cơ quan chuyên môn tham mưu quản lý ngành, lĩnh vực": OPEN,
    "Sở Nội vụ": Expected(("Sở Nội vụ",)),
    "Các cơ quan tham mưu quản lý nhà nước về ngành, lĩnh vực": OPEN,
    "Bảo hiểm xã hội tỉnh": Expected(("social_insurance/province",)),
    "Sở Y tế": Expected(("Sở Y tế",)),
    "Sở Giáo dục và Đào tạo": Expected(("Sở Giáo dục và Đào tạo",)),
    "Sở Công Thương": Expected(("Sở Công Thương",)),
    "Sở Giao thông vận tải": Expected(("Sở Giao thông vận tải",)),
    "Sở Xây dựng": Expected(("Sở Xây dựng",)),
    "Công an tỉnh": Expected(("police/province",)),
}

IMPLEMENTING = {
    "UBND cấp xã": Expected(("people_committee/commune",)),
    "Trưởng thôn/Tổ trưởng Tổ dân phố (gọi chung là Trưởng thôn)": Expected(("village/village",)),
    "Trưởng thôn": Expected(("village/village",)),
    "UBND cấp huyện": Expected(("people_committee/district",)),
    "Ban Thanh tra Nhân dân, Ban Giám sát cộng đồng": Expected(
        ("peoples_inspectorate/commune", "investment_supervision/commune")
    ),
    "Đài Phát thanh và Truyền hình Khánh Hòa, Đài Truyền thanh cấp huyện, cấp xã": Expected(
        (
            "Đài Phát thanh và Truyền hình Khánh Hòa",
            "radio_station/district",
            "radio_station/commune",
        )
    ),
    "Trung tâm Công báo Khánh Hòa": Expected(("Trung tâm Công báo Khánh Hòa",)),
    "Sở Thông tin và Truyền thông": Expected(("Sở Thông tin và Truyền thông",)),
    "Sở Tài nguyên và Môi trường, Văn phòng Đăng ký đất đai tỉnh và các chi nhánh "
    "(gọi chung là Văn phòng Đăng ký đất đai)": Expected(
        ("Sở Tài nguyên và Môi trường", *LAND_REGISTRY)
    ),
    "Tổ chức làm nhiệm vụ bồi thường, giải phóng mặt bằng": OPEN,
    "Văn phòng Đăng ký đất đai": Expected(LAND_REGISTRY),
    "Ban Tiếp công dân cấp huyện": Expected(("citizen_reception/district",)),
    "Các cơ quan, đơn vị, địa phương": Expected(("addressees",), ("actor_communes_meant",)),
    "Ban Tiếp công dân tỉnh, cấp huyện": Expected(
        ("citizen_reception/province", "citizen_reception/district")
    ),
    "Sở Tư pháp": Expected(("Sở Tư pháp",)),
    "Thanh tra tỉnh": Expected(("Thanh tra tỉnh",)),
    "Sở Tài chính": Expected(("Sở Tài chính",)),
    "Sở Nội vụ": Expected(("Sở Nội vụ",)),
    "Sở Giáo dục và Đào tạo": Expected(("Sở Giáo dục và Đào tạo",)),
    "Các cơ quan, đơn vị, địa phương có thẩm quyền tuyển dụng": OPEN,
    "Các cơ quan chuyên môn thuộc UBND tỉnh và Ban Quản lý Khu kinh tế Vân Phong": Expected(
        ("specialised_agency/province", "Ban Quản lý Khu kinh tế Vân Phong")
    ),
    "Trung tâm Công nghệ thông tin và Dịch vụ hành chính công": Expected(
        ("Trung tâm Công nghệ thông tin và Dịch vụ hành chính công",)
    ),
    "Bảo hiểm xã hội tỉnh, cấp huyện": Expected(
        ("social_insurance/province", "social_insurance/district")
    ),
    "Đài Truyền thanh cấp huyện, cấp xã": Expected(
        ("radio_station/district", "radio_station/commune")
    ),
    "Sở Y tế và các cơ sở y tế": Expected(("Sở Y tế", "open"), ("actor_open",)),
    "Công an tỉnh, công an cấp huyện, cấp xã": Expected(
        ("police/province", "police/district", "police/commune")
    ),
    "Sở Lao động - Thương binh và Xã hội": Expected(("Sở Lao động - Thương binh và Xã hội",)),
    "Công an tỉnh, công an cấp xã": Expected(("police/province", "police/commune")),
    "UBND cấp huyện, cấp xã": Expected(("people_committee/district", "people_committee/commune")),
    "Bệnh viện, Phòng khám, Trung tâm y tế, trạm y tế": Expected(
        ("hospital", "clinic", "health_centre/district", "health_station/commune")
    ),
    "Phòng Giáo dục và Đào tạo": Expected(("education_office/district",)),
    "Sở Xây dựng": Expected(("Sở Xây dựng",)),
    "Phòng Giáo đục và Đào tạo": Expected(("education_office/district",), ("actor_spelling",)),
    "Công ty Cổ phần điện lực Khánh Hòa": COMPANY,
    "Sở Giao thông vận tải": Expected(("Sở Giao thông vận tải",)),
    "Công an tỉnh": Expected(("police/province",)),
    "Công an cấp huyện": Expected(("police/district",)),
    "Công an cấp xã": Expected(("police/commune",)),
    "Sở Tài nguyên và Môi trường": Expected(("Sở Tài nguyên và Môi trường",)),
    "Sở Nông nghiệp và Phát triển nông thôn": Expected(("Sở Nông nghiệp và Phát triển nông thôn",)),
    "Công ty Cổ phần cấp nước Khánh Hòa": COMPANY,
    "Các doanh nghiệp viễn thông": OPEN,
}

# Wordings of "Điều 3" (who carries the Decision out) and of other plans.
ADDRESSEES = {
    "Chánh Văn phòng UBND tỉnh": Expected(("Văn phòng UBND tỉnh",)),
    "thủ trưởng các cơ quan chuyên môn thuộc UBND tỉnh, Ban Quản lý Khu kinh tế Vân Phong, "
    "Bảo hiểm xã hội tỉnh, Công an tỉnh, Đài Phát thanh và Truyền hình Khánh Hòa, Báo Khánh Hòa": (
        Expected(
            (
                "specialised_agency/province",
                "Ban Quản lý Khu kinh tế Vân Phong",
                "social_insurance/province",
                "police/province",
                "Đài Phát thanh và Truyền hình Khánh Hòa",
                "Báo Khánh Hòa",
            )
        )
    ),
    "Chủ tịch UBND huyện, thị xã, thành phố": Expected(("people_committee/district",)),
    "thủ trưởng các cơ quan, đơn vị có liên quan": OPEN,
    "Giám đốc Sở Nội vụ; Chánh Thanh tra tỉnh": Expected(("Sở Nội vụ", "Thanh tra tỉnh")),
    "Trưởng Ban Quản lý Khu kinh tế Vân Phong": Expected(("Ban Quản lý Khu kinh tế Vân Phong",)),
}
OTHER_PLANS = {
    "Sở Văn hóa, Thể thao và Du lịch": Expected(("Sở Văn hóa, Thể thao và Du lịch",)),
    "Sở Văn hóa, Thể thao và Du lịch, Sở Nội vụ và UBND các huyện, thị xã, thành phố": Expected(
        ("Sở Văn hóa, Thể thao và Du lịch", "Sở Nội vụ", "people_committee/district")
    ),
    "UBND các xã, phường, thị trấn": Expected(("people_committee/commune",)),
    "UBND các xã, phường, đặc khu": Expected(("people_committee/commune",)),
    "UBND huyện, UBND xã": Expected(("people_committee/district", "people_committee/commune")),
    "UBND cấp huyện/cấp xã": Expected(("people_committee/district", "people_committee/commune")),
    "Uỷ ban nhân dân các cấp": Expected(("people_committee",)),
    "UBND": Expected(("people_committee",), ("actor_level_missing",)),
    "Phòng GD&ĐT": Expected(("education_office/district",)),
    "BHXH tỉnh": Expected(("social_insurance/province",)),
    "Ban Giám sát đầu tư của cộng đồng": Expected(("investment_supervision/commune",)),
    "UBND thành phố Nha Trang": Expected(("UBND thành phố Nha Trang",)),
    "Bệnh viện Đa khoa tỉnh": Expected(("Bệnh viện Đa khoa tỉnh",)),
    "Trung tâm Y tế huyện Diên Khánh": Expected(("Trung tâm Y tế huyện Diên Khánh",)),
    "Ban Quản lý Khu kinh tế và các khu công nghiệp": Expected(
        ("Ban Quản lý Khu kinh tế và các khu công nghiệp",)
    ),
    "Các sở, ban, ngành; UBND cấp huyện, xã": Expected(
        ("open", "people_committee/district", "people_committee/commune"), ("actor_open",)
    ),
    "Văn phòng UBND tỉnh, Trưởng thôn": Expected(("Văn phòng UBND tỉnh", "village/village")),
    "VP UBND tỉnh; UBMTTQVN tỉnh": Expected(("VP UBND tỉnh", "UBMTTQVN tỉnh")),
    "Các cơ quan chuyên môn thuộc UBND cấp huyện": OPEN,
    # What is not understood must show, whatever stands beside it.
    "UBND thành phố": Expected(("unknown",), ("actor_unknown",)),
    "Sở Nội vụ, cấp huyện": Expected(("Sở Nội vụ", "unknown"), ("actor_unknown",)),
    "Sở Nội vụ phối hợp với Sở Tư pháp": Expected(("unknown",), ("actor_unknown",)),
    "Văn phòng UBND cấp huyện": Expected(("unknown",), ("actor_unknown",)),
    "Phòng Tư pháp cấp huyện": Expected(("unknown",), ("actor_unknown",)),
    "Trưởng thôn các xã miền núi": Expected(("unknown",), ("actor_unknown",)),
    "người dân": Expected(("unknown",), ("actor_unknown",)),
    "Bao hiểm xã hội tỉnh": Expected(("social_insurance/province",), ("actor_spelling",)),
}
