"""The whole reader: the first Decision against a tree checked by hand, and tables it refuses."""

import cProfile
import json
import pstats
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from khung.rules.document import (
    LIST_FIELDS,
    ReadTask,
    SourceRow,
    SourceText,
    UnreadableDocument,
    as_json,
    read,
)
from tests.rules import seed
from tests.rules.damage import HEADER

GOLDEN = json.loads((Path(__file__).parent / "golden" / "khanh_hoa_2022.json").read_text("utf-8"))
ROW = ("Quản trị điện tử", "Tiếp cận và sử dụng internet tại địa phương", "Phủ sóng viễn thông.")
WHO_WHEN = ("- Kiểm tra.", "Sở Nội vụ", "UBND cấp xã", "Thường xuyên")


def table(*rows: tuple[str, ...]) -> SourceText:
    return SourceText((), tuple(SourceRow(no, cells) for no, cells in enumerate(rows, start=1)))


def plain(task: ReadTask) -> dict[str, Any]:
    """A task in the shape of the golden file."""
    lists = {
        name: [
            {"text": item.text, "corrected": item.corrected} if item.corrected else item.text
            for item in task.items(name)
        ]
        for name in LIST_FIELDS
    }
    return {
        "no": task.no,
        "dimension": task.dimension,
        "subdimension": task.subdimension,
        "source": list(task.source),
        **lists,
        "doubts": list(task.doubts),
    }


@pytest.mark.parametrize("expected", GOLDEN["tasks"], ids=lambda task: str(task["no"]))
def test_each_task_of_the_decision(expected: dict[str, Any]) -> None:
    assert plain(seed.decision().tasks[expected["no"] - 1]) == expected


def test_the_decision_holds_62_tasks_under_25_sub_dimensions() -> None:
    tasks = seed.decision().tasks
    assert [task.no for task in tasks] == list(range(1, 63))
    by_dimension = Counter(task.dimension for task in tasks)
    assert by_dimension == {1: 9, 2: 8, 3: 5, 4: 10, 5: 8, 6: 15, 7: 3, 8: 4}
    named = {task.subdimension for task in tasks} - {None}
    assert len(named) == 25
    assert {task.subdimension for task in tasks if task.dimension == 5} == {None}


def test_the_head_of_the_decision() -> None:
    head = seed.decision().head
    expected = dict(GOLDEN["decision"])
    assert head.issued_on is not None
    assert head.issued_on.isoformat() == expected.pop("issued_on")
    assert {name: getattr(head, name) for name in expected} == {
        name: tuple(value) if isinstance(value, list) else value for name, value in expected.items()
    }


def test_every_doubt_is_on_the_list_once_and_the_list_stays_a_worklist() -> None:
    doubts = seed.decision().doubts
    assert [doubt.key for doubt in doubts] == GOLDEN["doubts"]
    assert len({doubt.key for doubt in doubts}) == len(doubts) <= 120
    for task in seed.decision().tasks:
        codes = {doubt.code for doubt in doubts if doubt.task == task.no}
        assert codes == set(task.doubts)
    assert all(doubt.message and len(doubt.key) <= 255 for doubt in doubts)


def test_each_slip_known_to_be_in_the_decision_is_doubted() -> None:
    slips = [(d.line, d.proposal) for d in seed.decision().doubts if d.code.endswith("_slip")]
    known = [
        (26, "phổ"), (45, "Cổng TTĐT"), (46, "Cổng TTĐT"), (52, "Nguyễn Tấn Tuân"), (68, "Bảo"),
        (132, "TTHC"), (133, "Ban"), (140, "dục"), (150, "Đảm"), (158, "cổng/trang thông tin"),
        (158, "cổng thông tin điện tử"), (124, "thường xuyên hoặc"), (139, "tình trạng"),
    ]  # fmt: skip
    assert set(known) <= set(slips)
    assert sum(proposal.lower().startswith("cổng") for _, proposal in slips if proposal) == 6


def test_the_words_of_the_source_are_kept_beside_a_correction() -> None:
    method = seed.decision().tasks[4].methods[1]
    assert method.text == "Đảo đảm đủ số lượng ứng cử viên để bầu cử"
    assert method.corrected == "Bảo đảm đủ số lượng ứng cử viên để bầu cử"


def test_as_json_has_the_shape_that_other_programs_read() -> None:
    tree = as_json(seed.decision())
    task = tree["tasks"][39]
    assert set(tree) == {"decision", "tasks", "doubts"}
    assert task["timing"] == [
        {
            "text": "Thực hiện thường hoặc đột xuất",
            "corrected": "Thực hiện thường xuyên hoặc đột xuất",
            "kind": "continuous",
            "parts": task["timing"][0]["parts"],
        }
    ]
    assert [part["kind"] for part in task["timing"][0]["parts"]] == ["continuous", "occasion"]
    assert task["methods"][0] == {
        "text": "Thực hiện kiểm tra định kỳ, đột xuất",
        "kind": "inspection",
    }
    assert task["source"] == [{"line": 124}]
    assert tree["tasks"][6]["source"] == [{"line": 72}, {"line": 71}]
    assert tree["tasks"][8]["content_corrected"][0].endswith("đầy đủ đến người dân")
    assert "content_corrected" not in tree["tasks"][0]
    assert json.loads(json.dumps(tree)) == tree


def test_reading_the_decision_takes_less_than_a_second() -> None:
    started = time.process_time()
    read(seed.source())
    assert time.process_time() - started < 1


def test_columns_are_known_by_their_headings_in_any_order() -> None:
    order = [6, 2, 0, 5, 1, 3, 4]
    mixed = tuple(
        SourceRow(row.line, tuple([*row.cells, *[""] * 7][place] for place in order))
        for row in seed.source().rows
    )
    shuffled = read(SourceText(seed.source().head, mixed))
    assert [plain(t) for t in shuffled.tasks] == [plain(t) for t in seed.decision().tasks]


def test_headings_are_known_without_marks_and_by_their_other_wordings() -> None:
    header = ("NOI DUNG CONG VIEC", "Đơn vị chủ trì", "Thời gian thực hiên")
    task = read(table(header, ("Phủ sóng viễn thông", "- Sở Nội vụ; UBND cấp xã", "Quý III/2023")))
    assert [item.text for item in task.tasks[0].implementing] == ["Sở Nội vụ", "UBND cấp xã"]
    assert task.tasks[0].dimension is None
    assert "dimension_unknown" in task.tasks[0].doubts


def test_headings_in_rows_of_their_own_stand_over_tasks_and_are_none() -> None:
    one, other = ("", "", "Việc một.", *WHO_WHEN), ("", "", "Việc hai.", *WHO_WHEN)
    above = ("Tham gia của người dân ở cấp cơ sở",), ("", "Tri thức công dân")
    decision = read(table(HEADER, *above, one, ("", "Cơ hội tham gia"), other))
    assert [(task.no, task.subdimension, task.source[0]) for task in decision.tasks] == [
        (1, "1.1", 4),
        (2, "1.2", 6),
    ]
    assert decision.tasks[0].doubts == ()


def test_text_outside_the_columns_and_empty_fields_are_doubted() -> None:
    whole = (*ROW, *WHO_WHEN)
    decision = read(table(HEADER, (*whole, "Ghi chú thêm"), (*ROW, "", *WHO_WHEN[1:]), whole))
    assert {(d.code, d.task, d.field) for d in decision.doubts} >= {
        ("cell_outside", 1, None),
        ("field_empty", 2, "methods"),
    }


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (table(), "Không tìm thấy bảng"),
        (table(("Họ tên", "Chức vụ", "Ngày sinh"), ("An", "Trưởng phòng", "1980")), "tiêu đề"),
        (table(HEADER), "không có nhiệm vụ nào"),
        (table(HEADER, HEADER, ("", "", "")), "không có nhiệm vụ nào"),
    ],
)
def test_what_holds_no_tasks_is_refused_with_a_message(source: SourceText, message: str) -> None:
    with pytest.raises(UnreadableDocument, match=message):
        read(source)


def calls(rows: list[tuple[str, ...]]) -> int:
    """How many function calls reading takes: a measure that no busy machine disturbs."""
    profile = cProfile.Profile()
    source = table(HEADER, *rows)
    profile.enable()
    decision = read(source)
    profile.disable()
    assert sum(len(task.source) for task in decision.tasks) == len(rows)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def test_ten_times_the_rows_take_ten_times_the_work() -> None:
    def rows(count: int) -> list[tuple[str, ...]]:
        return [("", "", f"Việc thứ {place}.", *WHO_WHEN) for place in range(count)]

    assert calls(rows(4_000)) < 11 * calls(rows(400))


def test_a_task_cut_over_many_rows_is_still_read_in_linear_work() -> None:
    def rows(count: int) -> list[tuple[str, ...]]:
        start = (*ROW[:2], "- Việc đầu;", *WHO_WHEN)
        return [start, *(("", "", f"và tiếp; - Việc {n}", "", "", "", "") for n in range(count))]

    assert calls(rows(1_000)) < 11 * calls(rows(100))


def test_each_task_may_have_a_short_form_of_its_own() -> None:
    def rows(count: int) -> list[tuple[str, ...]]:
        named = (f"Việc X{n} (gọi tắt là V{n}), rồi việc X{n} V{n}." for n in range(count))
        return [("", "", text, *WHO_WHEN) for text in named]

    assert calls(rows(1_000)) < 15 * calls(rows(100))


@pytest.mark.parametrize("noise", ["A" * 150_000, "<ul " * 40_000, "(gọi tắt là X) " * 4_000])
def test_noise_in_a_cell_is_read_once(noise: str) -> None:
    started = time.process_time()
    read(table(HEADER, ("", "", f"Họp dân. {noise}", *WHO_WHEN)))
    # Read again from every letter, each of these would take minutes.
    assert time.process_time() - started < 10
