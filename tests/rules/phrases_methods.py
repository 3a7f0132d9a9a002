"""Every distinct method of the first Decision, under the kind given to it by hand."""

SEED = {
    "web_post": (
        "Đăng tin bài trên trang thông tin điện tử",
        "Đăng trên trang thông tin điện tử",
        "Đăng tin bài trên cổng/trang thông tin điện tử, công báo",
        "Đăng tin trên trang thông tin điện tử",
        "Công khai trên trang thông tin điện tử",
        "Đăng trên cổng/trang thông tin điện tử, công báo",
        "Nâng cao chất lượng, đổi mới giao diện các công/trang thông tin điện tử theo hướng "
        "thân thiện, dễ tiếp cận",
        "Thường xuyên cập nhật và nâng cao chất lượng các tin bài đăng",
        "Tạo các đường link liên kết",
    ),
    "broadcast": (
        "Phát sóng trên Đài truyền thanh cấp xã",
        "Phát sóng trên Đài truyền thanh cấp huyện, cấp xã",
        "Phát sóng trên kênh KTV của Đài Phát thanh và Truyền hình Khánh Hòa, Đài truyền "
        "thanh cấp huyện, cấp xã",
    ),
    "posting": (
        "Niêm yết tại trụ sở UBND cấp xã, trụ sở thôn",
        "Phê duyệt, niêm yết danh sách ứng cử viên trúng cử",
        "Công khai kết quả cuộc họp",
        "Niêm yết tại trụ sở UBND cấp huyện, cấp xã, trụ sở thôn",
        "Niêm yết tại trụ sở cơ quan, trụ sở thôn",
        "Niêm yết tại trụ sở UBND huyện, UBND xã, trụ sở thôn",
        "Thực hiện công khai đảm bảo yêu cầu về nội dung và hình thức",
        "Công khai thông tin đúng quy định",
        "Công khai, hướng dẫn TTHC theo quy định",
        "Công khai TTHC, quy trình giải quyết TTHC đảm bảo yêu cầu về nội dung và hình thức",
        "Thực hiện tốt việc công khai, minh bạch trong trường tiểu học theo quy định. Các "
        "trường thực hiện cung cấp thông tin cho cha mẹ học sinh",
    ),
    "household_message": (
        "Thông tin đến hộ gia đình (văn bản, thông qua mạng xã hội như Zalo, Facebook,...)",
        "Tuyên truyền, vận động người dân trực tiếp bầu cử",
        "Cung cấp thông tin đến hộ gia đình thông qua mạng xã hội như Zalo, Facebook,...)",
        "Chủ động tuyên truyền, hỗ trợ cá nhân, tổ chức thực hiện khi có nhu cầu",
        "Tăng cường các giải pháp tuyên truyền quyền và trách nhiệm, quyền lợi khi tham gia, "
        "vận động, kêu gọi huy động các nguồn lực xã hội hỗ trợ mua thẻ bảo hiểm y tế",
        "Thông tin, tuyên truyền, phổ biến qua nhiều hình thức phù hợp",
        "Thông tin, tuyên truyền, phổ biến qua nhiều hình thức",
    ),
    "issue_document": (
        "Ban hành văn bản triển khai",
        "Ban hành quyết định kiện toàn",
        "Công bố, xây dựng quy trình giải quyết",
        "Ban hành chương trình, kế hoạch, văn bản hướng dẫn triển khai",
        "Ban hành và tổ chức triển khai thực hiện chương trình, kế hoạch",
        "Ban hành và tổ chức triển khai thực hiện chương trình, kế hoạch, hướng dẫn",
        "Rà soát, tham mưu UBND tỉnh công bố danh mục TTHC, công bố TTHC thuộc lĩnh vực tham "
        "mưu quản lý theo quy định",
        "Tham mưu UBND tỉnh phê duyệt hoặc phê duyệt quy trình nội bộ giải quyết TTHC theo "
        "thẩm quyền đối với toàn bộ TTHC thuộc lĩnh vực tham mưu quản lý, bảo đảm phân định "
        "rõ thẩm quyền, trách nhiệm, thời hạn đối với từng trường hợp cụ thể",
        "Ban hành văn bản quán triệt, hướng dẫn thực hiện",
        "Banh hành chương trình, kế hoạch, văn bản chỉ đạo",
        "Có kế hoạch xây dựng trường học, phát triển đội ngũ giáo viên tại các khu đô thị "
        "mới, khu chung cư",
        "Ban hành và tổ chức triển khai các quy định, hướng dẫn",
        "Ban hành các văn bản triển khai",
    ),
    "meeting": (
        "Tổ chức họp dân",
        "Tổ chức hội nghị, cuộc họp trực tiếp",
        "Tổ chức hội nghị, hội thảo",
    ),
    "training": (
        "Phổ biến, quán triệt, tập huấn quy định, nghiệp vụ quy trình giải quyết TTHC theo cơ"
        " chế một cửa, một cửa liên thông",
        "Tổ chức hội nghị, hội thảo tập huấn, hỗ trợ",
        "Tiếp tục công tác bồi dưỡng chuyên môn và nghiệp vụ sư phạm cho các giáo viên tiểu học",
    ),
    "consultation": ("Tổ chức lấy ý kiến người dân (tổ chức cuộc họp; gửi văn bản lấy ý kiến)",),
    "ledger": ("Lập, quản lý sổ ghi chép các khoản thu chi",),
    "guidance": (
        "Hướng dẫn, hỗ trợ",
        "Tiếp tục chỉ đạo các trường tiểu học quán triệt các quy định của ngành về đạo đức "
        "nhà giáo",
        "Tiếp tục hướng dẫn các trường thực hiện tốt các nguồn thu đặc biệt là vào đầu năm "
        "học, chấn chỉnh và kiên quyết xử lý tình trạng lạm thu trong trường tiểu học",
    ),
    "inspection": (
        "Thực hiện kiểm tra, giám sát",
        "Hướng dẫn, kiểm tra hoạt động của Ban Thanh tra Nhân dân, Ban Giám sát cộng đồng",
        "Hướng dẫn, kiểm tra",
        "Kiểm tra, báo cáo kết quả thực hiện",
        "Hướng dẫn, kiểm tra, báo cáo kết quả thực hiện",
        "Theo dõi, kiểm soát chặt chẽ việc tiếp nhận, xử lý thắc mắc, phản ánh, kiến nghị, "
        "khiếu nại, tố cáo của cán bộ, công chức, viên chức",
        "Hướng dẫn, kiểm tra, báo cáo kết quả",
        "Hướng dẫn, thanh tra, kiểm tra, báo cáo kết quả",
        "Tổ chức thanh tra, kiểm tra theo kế hoạch hoặc đột xuất",
        "Thanh tra, kiểm tra, báo cáo kết quả",
        "Tăng cường kiểm soát TTHC; thường xuyên kiểm tra, đôn đốc niêm yết, công khai TTHC "
        "đúng quy định",
        "Thực hiện rà soát, đánh giá cán bộ, công chức làm việc tại Bộ phận Một cửa đảm bảo "
        "yêu cầu và tiêu chuẩn quy định",
        "Tăng cường kiểm tra việc thực hiện",
        "Kiểm tra, hướng dẫn",
        "Thực hiện kiểm tra định kỳ, đột xuất",
        "Thanh tra, kiểm tra",
        "Chỉ đạo, kiểm tra việc chấp hành của các trường tiểu học",
        "Thực hiện thanh tra, kiểm tra",
    ),
    "survey": (
        "Tổ chức điều tra khảo sát hài lòng hàng năm đối với các cơ quan hành chính nhà nước "
        "và đơn vị sự nghiệp công lập",
        "Tổ chức khảo sát",
    ),
    "casework": (
        "Xét duyệt đúng quy trình, thủ tục, đối tượng",
        "Xây dựng lịch và thực hiện tiếp công dân đúng quy định",
        "Thực hiện tiếp nhận, giải quyết thư khiếu nại, tố cáo đúng quy định",
        "Phản ánh, kiến nghị được tiếp nhận, xử lý, chuyển xử lý và phản hồi đúng quy định",
        "Hồ sơ, kết quả giải quyết thủ tục hành chính được số hóa theo đúng quy định tại Nghị"
        " định số 107/2021/NĐ-CP ngày 06/12/2021 của Chính phủ",
        "Tăng cường phối hợp chặt chẽ với ngành lao động thương binh xã hội và UBND các cấp "
        "trong việc rà soát đối tượng, không để trùng thẻ bảo hiểm y tế người nghèo với đối "
        "tượng khác",
        "Phối hợp chặt chẽ với các ngành liên quan, đảm bảo thực hiện hiệu quả liên thông "
        "giải quyết TTTC về đăng ký khai sinh, đăng ký thường trú, cấp thẻ bảo hiểm y tế cho "
        "trẻ em dưới 06 tuổi",
        "Nâng cao chất lượng công tác điều tra, xử lý tội phạm. Giải quyết kịp thời tố giác, "
        "tin báo tội phạm và kiến nghị khởi tố",
    ),
    "report": ("Báo cáo kết quả thực hiện",),
    "works": (
        "Đầu tư cơ sở vật chất, trang thiết bị",
        "Tiếp tục đẩy mạnh việc đầu tư cơ sở vật chất cho các trường tiểu học, đảm bảo đầy đủ"
        " các phòng chức năng theo quy định, mua sắm thiết bị, đồ dùng dạy học, quan tâm "
        "trang bị phòng máy vi tính cho các trường tiểu học, phát triển quỹ đất mở rộng "
        "trường",
        "Đẩy nhanh tiến độ thực hiện các công trình lưới điện trọng điểm",
        "Cải tạo, sửa chữa cơ sở hạ tầng giao thông đảm bảo tiến độ",
        "Rác thải được thu gom, xử lý đúng quy định, bảo đảm vệ sinh, mỹ quan",
        "Phát triển giao thông nông thôn để đạt đúng tiêu chí về nông thôn mới",
        "Đầu tư xây dựng các công trình hạ tầng kỹ thuật về môi trường",
        "Tăng cường trồng cây xanh",
        "Cung cấp đầy đủ, kịp thời nước sạch cho người dân",
    ),
    "other": (
        "Đảo đảm đủ số lượng ứng cử viên để bầu cử",
        "Mở rộng số người đã cài đặt ứng dụng VssID và kết nối dữ liệu quốc gia về dân cư, "
        "khám chữa bệnh bảo hiểm y tế bằng căn cước công dân",
        "Hạn chế tối đa tình trạng học trái tuyến",
        "Nâng cao chất lượng công tác quản lý nhà nước về điện",
        "Thực hiện hiệu quả công tác phòng, chống tội phạm và tệ nạn xã hội. Tổ chức các đợt "
        "cao điểm tấn công, trấn áp tội phạm",
        "Tăng cường hiệu lực, hiệu quả công tác quản lý nhà nước về an ninh, trật tự",
        "Tập trung nâng cao chất lượng, hiệu quả phong trào toàn dân bảo vệ an ninh Tổ quốc, "
        "xây dựng thế trận an ninh nhân dân gắn với thế trận quốc phòng toàn dân",
    ),
}

OTHER_PLANS = {
    "gazette": ("Đăng Công báo tỉnh", "Đăng trên Công báo"),
    "posting": ("Niêm yết công khai tại nhà văn hóa thôn",),
    "web_post": ("Cập nhật trên Cổng thông tin điện tử tỉnh",),
    "broadcast": ("Phát thanh trên hệ thống truyền thanh cơ sở",),
    "meeting": ("Tổ chức hội nghị đối thoại với Nhân dân", "Tổ chức đối thoại trực tiếp"),
    "survey": ("Điều tra, khảo sát mức độ hài lòng của người dân",),
    "report": ("Báo cáo UBND tỉnh (qua Sở Nội vụ)",),
    "other": ("", "???", "Theo phân công"),
}
