"""The rows of the PAPI taxonomy; `khung.rules.taxonomy` answers questions about them.

Names and years are those of the PAPI workbook of 2011-2016
(github.com/mdtrinh/vietnamdata, data-raw/PAPI) and of the code book of 2018-2024
(github.com/hnks-gh/ml-mcdm, data/codebook); a row without a last year is still in use.
`aliases` are other wordings of the same label; `keywords` are what its tasks talk about,
and help to see that a label stands on the wrong row.
"""

from dataclasses import dataclass

FIRST_YEAR = 2011


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of the eight contents of PAPI."""

    no: int
    vi: str
    en: str
    since: int = FIRST_YEAR
    until: int | None = None
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subdimension:
    """A component of a dimension; the same code means different things in different years."""

    code: str
    vi: str
    en: str
    since: int = FIRST_YEAR
    until: int | None = None
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    @property
    def dimension(self) -> int:
        return int(self.code.split(".")[0])


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        1,
        "Tham gia của người dân ở cấp cơ sở",
        "Participation at Local Levels",
        aliases=("Sự tham gia của người dân ở cấp cơ sở",),
    ),
    Dimension(
        2,
        "Công khai, minh bạch trong việc ra quyết định",
        "Transparency in Local Decision-making",
        aliases=(
            "Công khai, minh bạch",
            "Công khai, minh bạch trong việc ra quyết định ở địa phương",
        ),
    ),
    Dimension(3, "Trách nhiệm giải trình với người dân", "Vertical Accountability"),
    Dimension(
        4, "Kiểm soát tham nhũng trong khu vực công", "Control of Corruption in the Public Sector"
    ),
    Dimension(
        5,
        "Thủ tục hành chính công",
        "Public Administrative Procedures",
        keywords=("tthc", "thủ tục hành chính", "một cửa", "hồ sơ"),
    ),
    Dimension(6, "Cung ứng dịch vụ công", "Public Service Delivery"),
    Dimension(7, "Quản trị môi trường", "Environmental Governance", since=2018),
    Dimension(8, "Quản trị điện tử", "E-Governance", since=2018),
)

SUBDIMENSIONS: tuple[Subdimension, ...] = (
    Subdimension(
        "1.1",
        "Tri thức công dân",
        "Civic Knowledge",
        keywords=("chủ trương, đường lối", "được biết, được bàn", "giới thiệu thông tin về"),
    ),
    Subdimension(
        "1.2",
        "Cơ hội tham gia",
        "Opportunities for Participation",
        keywords=("hội, nhóm", "câu lạc bộ", "tham gia", "bàn bạc"),
    ),
    Subdimension(
        "1.3",
        "Chất lượng bầu cử",
        "Quality of (Village Head) Elections",
        keywords=("bầu cử", "bầu trưởng thôn", "ứng cử", "trúng cử"),
    ),
    Subdimension(
        "1.4",
        "Đóng góp tự nguyện",
        "Voluntary Contributions",
        keywords=("đóng góp", "công trình", "giám sát cộng đồng", "thanh tra nhân dân"),
    ),
    Subdimension("2.1", "Danh sách hộ nghèo", "Poverty Lists", until=2017),
    Subdimension(
        "2.2", "Thu, chi ngân sách cấp xã/phường", "Communal Budget and Expenditure", until=2017
    ),
    Subdimension(
        "2.3", "Kế hoạch sử dụng đất, khung giá đền bù", "Land-Use Plans/Price Frames", until=2017
    ),
    Subdimension(
        "2.1",
        "Tiếp cận thông tin",
        "Access to Information",
        since=2018,
        keywords=("chủ trương, chính sách, pháp luật", "cổng/trang thông tin điện tử", "công báo"),
    ),
    Subdimension(
        "2.2",
        "Công khai, minh bạch danh sách hộ nghèo",
        "Poverty List Transparency",
        since=2018,
        keywords=("hộ nghèo", "cận nghèo", "xét duyệt"),
    ),
    Subdimension(
        "2.3",
        "Công khai, minh bạch ngân sách cấp xã",
        "Communal Budget Transparency",
        since=2018,
        aliases=("Công khai, minh bạch thu, chi ngân sách cấp xã",),
        keywords=("ngân sách", "dự toán", "quyết toán"),
    ),
    Subdimension(
        "2.4",
        "Công khai, minh bạch kế hoạch sử dụng đất và bảng giá đất ở địa phương",
        "Transparent Land-Use Plan/Price Frames",
        since=2018,
        aliases=("Công khai, minh bạch quy hoạch, kế hoạch sử dụng đất, bảng giá đất",),
        keywords=(
            "sử dụng đất",
            "giá đất",
            "đất đai",
            "địa chính",
            "đền bù",
            "giải phóng mặt bằng",
        ),
    ),
    Subdimension(
        "3.1",
        "Hiệu quả tương tác với các cấp chính quyền",
        "Interactions With Local Authorities",
        until=2017,
    ),
    Subdimension("3.2", "Ban thanh tra nhân dân", "People's Inspection Boards", until=2015),
    Subdimension("3.3", "Ban Giám sát đầu tư cộng đồng", "Community Investment Boards", until=2015),
    Subdimension(
        "3.2",
        "Đáp ứng kiến nghị của người dân",
        "Responsive to Citizen Actions",
        since=2016,
        until=2017,
    ),
    Subdimension(
        "3.3",
        "Hiệu quả của Ban Thanh tra Nhân dân",
        "People's Inspection Boards",
        since=2016,
        until=2017,
    ),
    Subdimension(
        "3.1",
        "Mức độ và hiệu quả tương tác với chính quyền địa phương",
        "Interactions With Local Authorities",
        since=2018,
        keywords=("lãnh đạo tiếp công dân", "đối thoại", "gặp gỡ", "lịch"),
    ),
    Subdimension(
        "3.2",
        "Giải đáp khiếu nại, tố cáo, phản ánh của người dân",
        "Governments Responsive to Citizen Appeals",
        since=2018,
        keywords=("đơn thư", "khiếu nại, tố cáo, phản ánh của người dân", "luật khiếu nại"),
    ),
    Subdimension(
        "3.3",
        "Tiếp cận dịch vụ tư pháp",
        "Access to Justice Services",
        since=2018,
        keywords=("tư pháp", "phổ biến pháp luật", "trợ giúp pháp lý"),
    ),
    Subdimension(
        "4.1",
        "Kiểm soát tham nhũng trong chính quyền địa phương",
        "Limits on Corruption in Local Governments",
        aliases=("Kiểm soát tham nhũng trong chính quyền",),
        keywords=("phòng ngừa tham nhũng", "ngân sách, công quỹ", "kết luận thanh tra"),
    ),
    Subdimension(
        "4.2",
        "Kiểm soát tham nhũng trong cung ứng dịch vụ công",
        "Limits on Corruption in Service Delivery",
        keywords=("thủ tục hành chính", "tthc", "quy định hành chính", "nhũng nhiễu"),
    ),
    Subdimension(
        "4.3",
        "Công bằng trong tuyển dụng nhân lực vào khu vực công",
        "Equity in State Employment",
        aliases=(
            "Công bằng trong tuyển dụng vào nhà nước",
            "Công bằng trong tuyển dụng nhân lực vào nhà nước",
        ),
        keywords=("tuyển dụng", "vị trí việc làm", "nhân sự"),
    ),
    Subdimension(
        "4.4",
        "Quyết tâm chống tham nhũng",
        "Willingness to Fight Corruption",
        aliases=("Quyết tâm phòng, chống tham nhũng",),
        keywords=("xử lý nghiêm các vụ việc", "vụ việc tham nhũng", "tố cáo tham nhũng"),
    ),
    Subdimension(
        "5.1",
        "Chứng thực/xác nhận",
        "Certification Procedures",
        aliases=("Dịch vụ chứng thực, xác nhận",),
        keywords=("chứng thực", "xác nhận của chính quyền"),
    ),
    Subdimension(
        "5.2",
        "Giấy phép xây dựng",
        "Construction Permits",
        until=2020,
        aliases=("Cấp phép xây dựng",),
        keywords=("giấy phép xây dựng",),
    ),
    Subdimension(
        "5.3",
        "Giấy chứng nhận quyền sử dụng đất",
        "Land-Use Rights / Land Title Procedures",
        aliases=("Cấp giấy chứng nhận quyền sử dụng đất",),
        keywords=("giấy chứng nhận quyền sử dụng đất",),
    ),
    Subdimension(
        "5.4",
        "Thủ tục hành chính cấp xã/phường",
        "Personal Procedures",
        aliases=("Thủ tục hành chính cấp xã",),
        keywords=("thủ tục hành chính cấp xã",),
    ),
    Subdimension(
        "6.1",
        "Y tế công lập",
        "Public Health",
        keywords=("y tế", "khám chữa bệnh", "bệnh viện", "sức khỏe"),
    ),
    Subdimension(
        "6.2",
        "Giáo dục tiểu học công lập",
        "Public Primary Education",
        keywords=("tiểu học", "học sinh", "trường học", "giáo dục và đào tạo", "năm học"),
    ),
    Subdimension(
        "6.3",
        "Cơ sở hạ tầng căn bản",
        "Basic Infrastructure",
        keywords=("giao thông", "rác thải", "cung ứng điện", "điện lực", "tuyến đường"),
    ),
    Subdimension(
        "6.4",
        "An ninh, trật tự tại địa bàn khu dân cư",
        "Law and Order",
        aliases=("An ninh, trật tự",),
        keywords=("an ninh", "tội phạm", "công an"),
    ),
    Subdimension(
        "7.1",
        "Nghiêm túc trong bảo vệ môi trường",
        "Environmental Protection",
        since=2018,
        keywords=("bảo vệ môi trường", "ô nhiễm", "tài nguyên nước"),
    ),
    Subdimension(
        "7.2",
        "Chất lượng không khí",
        "Quality of Air",
        since=2018,
        keywords=("không khí", "cây xanh", "cảnh quan"),
    ),
    Subdimension(
        "7.3",
        "Chất lượng nước",
        "Quality of Water",
        since=2018,
        keywords=("nước sạch", "cấp nước", "cung ứng nước"),
    ),
    Subdimension(
        "8.1",
        "Sử dụng cổng thông tin điện tử của chính quyền địa phương",
        "Access to E-Government Portals",
        since=2018,
        keywords=("cổng thông tin điện tử", "trang thông tin điện tử", "tin bài"),
    ),
    Subdimension(
        "8.2",
        "Tiếp cận và sử dụng internet tại địa phương",
        "Access to the Internet",
        since=2018,
        keywords=("viễn thông", "internet", "hạ tầng số", "máy tính bảng"),
    ),
    Subdimension(
        "8.3",
        "Phúc đáp của chính quyền qua cổng thông tin điện tử",
        "E-Responsiveness of Provincial Authorities",
        since=2019,
        keywords=("trả lời", "phản hồi", "phản ánh", "kiến nghị", "vướng mắc", "hỏi - đáp"),
    ),
)
