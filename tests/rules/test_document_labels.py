"""Labels that slipped, were cut or repeated, on small tables."""

from khung.rules.document import ReadDecision, SourceRow, SourceText, read
from tests.rules.damage import HEADER

CLOSING = ("- Kiểm tra.", "Sở Nội vụ", "UBND cấp xã", "Thường xuyên")
HEALTH = "Tuyên truyền bảo hiểm y tế."
SCHOOL = "Xây dựng trường tiểu học."
ROADS = "Nâng cấp tuyến đường giao thông."


def read_rows(*rows: tuple[str, str, str]) -> ReadDecision:
    """Reads rows of dimension, sub-dimension and content; a row of one cell repeats the header."""
    source = [HEADER, *((*row, *CLOSING) if row[2] else HEADER for row in rows)]
    return read(
        SourceText(
            ((1, "Bắc Nam, ngày 5 tháng 3 năm 2023"),),
            tuple(SourceRow(no, cells) for no, cells in enumerate(source, start=2)),
        )
    )


def places(decision: ReadDecision) -> list[str | None]:
    return [task.subdimension for task in decision.tasks]


def codes(decision: ReadDecision, task: int) -> set[str]:
    return {code for code in decision.tasks[task - 1].doubts if not code.startswith("actor")}


PAGE = ("", "", "")
D6 = "Cung ứng dịch vụ công"


def test_labels_in_their_place_raise_no_doubt() -> None:
    decision = read_rows(
        (D6, "Y tế công lập", HEALTH), PAGE, ("", "Giáo dục tiểu học công lập", SCHOOL)
    )
    assert places(decision) == ["6.1", "6.2"]
    assert all(not codes(decision, task) for task in (1, 2))


def test_a_label_at_the_top_of_a_page_begins_where_the_tasks_say() -> None:
    decision = read_rows(
        (D6, "Y tế công lập", HEALTH),
        PAGE,
        ("Giáo dục tiểu học công lập", "", "Khám chữa bệnh cho người dân."),
        ("", "", "Đầu tư bệnh viện, trạm y tế."),
        ("", "", SCHOOL),
    )
    assert places(decision) == ["6.1", "6.1", "6.1", "6.2"]
    assert codes(decision, 4) == {"label_row"}


def test_a_label_in_its_place_is_trusted_but_what_speaks_against_it_is_said() -> None:
    decision = read_rows(
        (D6, "Y tế công lập", HEALTH),
        ("", "Giáo dục tiểu học công lập", "Khám chữa bệnh tại bệnh viện."),
        ("", "", SCHOOL),
    )
    assert places(decision) == ["6.1", "6.2", "6.2"]
    assert codes(decision, 2) == {"label_position"}


def test_two_labels_cut_and_swapped_are_told_apart() -> None:
    decision = read_rows(
        ("Kiểm soát tham nhũng trong chính quyền địa", "Kiểm soát tham nhũng", "Phòng ngừa."),
        PAGE,
        ("trong khu vực công", "phương", "Kiểm tra ngân sách, công quỹ."),
    )
    assert places(decision) == ["4.1", "4.1"]
    assert [task.dimension for task in decision.tasks] == [4, 4]
    assert codes(decision, 1) == {"label_split"}


def test_a_label_repeated_on_the_next_page_changes_nothing() -> None:
    label = (D6, "Cơ sở hạ tầng căn bản", ROADS)
    decision = read_rows(label, PAGE, label)
    assert places(decision) == ["6.3", "6.3"]
    assert not codes(decision, 2)


def test_a_label_that_comes_back_after_another_begins_again_with_a_doubt() -> None:
    decision = read_rows(
        (D6, "Y tế công lập", HEALTH),
        ("Quản trị môi trường", "Chất lượng nước", "Cung cấp nước sạch."),
        (D6, "Y tế công lập", HEALTH),
    )
    assert places(decision) == ["6.1", "7.3", "6.1"]
    assert codes(decision, 3) == {"label_order"}


def test_a_sub_dimension_without_its_dimension_names_it_with_a_doubt() -> None:
    decision = read_rows(("", "Y tế công lập", HEALTH), ("", "", "Khám chữa bệnh."))
    assert [task.dimension for task in decision.tasks] == [6, 6]
    assert codes(decision, 1) == {"dimension_inferred"}


def test_dimensions_that_the_table_leaves_out_are_named_in_one_doubt() -> None:
    decision = read_rows((D6, "Y tế công lập", HEALTH))
    (doubt,) = [doubt for doubt in decision.doubts if doubt.code == "dimension_absent"]
    assert doubt.raw == "1, 2, 3, 4, 5, 7, 8"
    assert "5 Thủ tục hành chính công" in doubt.message


def test_a_label_of_no_taxonomy_is_doubted() -> None:
    decision = read_rows((D6, "Y tế công lập", HEALTH), ("", "Chuyển đổi số", ROADS))
    assert codes(decision, 2) == {"label_unknown"}
    assert "subdimension_absent" in {doubt.code for doubt in decision.doubts}
