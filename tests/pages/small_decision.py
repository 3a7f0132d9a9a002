"""A Decision of three tasks, as a file, with a few things to doubt."""

from khung.frameworks import actions
from khung.frameworks.models import Framework
from tests.assignments.scene import NOW, PROVINCE, Scene

HEADER = "\t".join(
    (
        "Nội dung",
        "Nội dung thành phần",
        "Nội dung công việc thực hiện",
        "Cách thức triển khai",
        "Cơ quan hướng dẫn, kiểm tra",
        "Cơ quan/người thực hiện",
        "Thời gian thực hiện",
    )
)
ROWS = (
    (
        "Tham gia của người dân ở cấp cơ sở",
        "Tri thức công dân",
        "Thông tin, tuyên truyền đến người dân về chủ trương, đường lối.",
        "- Đăng tin bài trên trang thông tin điện tử; - Niêm yết tại trụ sở UBND cấp xã.",
        "Sở Nội vụ",
        "- UBND cấp xã; - Sở Y tế.",
        "Thường xuyên",
    ),
    (
        "",
        "Chất lượng bầu cử",
        "Tổ chức bầu cử đúng quy định.",
        "Ban hành văn bản triển khai.",
        "Sở Nội vụ",
        "UBND cấp xã",
        "Trước, trong và sau kỳ bầu cử",
    ),
    (
        "Quản trị điện tử",
        "Tiếp cận và sử dụng internet tại địa phương",
        "Phát triển hạ tầng <b>số</b> hàng năm.",
        "Báo cáo kết quả.",
        "Sở Nội vụ",
        "Các doanh nghiệp viễn thông",
        "Thường xuyên",
    ),
)
TEXT = "\n".join(
    (
        "Tỉnh Thử, ngày 07 tháng 11 năm 2022",
        "",
        "QUYẾT ĐỊNH",
        "",
        "Ban hành Bộ khung nhiệm vụ của tỉnh Thử",
        "",
        "ỦY BAN NHÂN DÂN TỈNH THỬ",
        "",
        "Điều 3. Chánh Văn phòng UBND tỉnh chịu trách nhiệm thi hành Quyết định này./.",
        "",
        "CHỦ TỊCH",
        "",
        "Nguyễn Văn Ký",
        "",
        "Phụ lục",
        "",
        "(Ban hành kèm theo Quyết định số 7/QĐ-UBND ngày 09/11/2022 của UBND tỉnh Thử)",
        "",
        HEADER,
        *("\t".join(row) for row in ROWS),
        "",
    )
)


def draft(scene: Scene) -> Framework:
    """The draft a coordinator makes of it, beside the scene's own framework in force."""
    return actions.draft_framework(
        data=TEXT.encode(),
        name="quyet-dinh.txt",
        province_code=PROVINCE,
        by=scene.coordinator,
        now=NOW,
    )
