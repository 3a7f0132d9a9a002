"""Reporting by spreadsheet: the same file both ways, every wrong cell named, all rows or none."""

import datetime as dt
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khung.assignments.actions import change_state
from khung.assignments.models import Period
from khung.base.models import AuditEvent
from khung.orgs.models import Person
from khung.reports.actions import NotTaken, Taken, Written, save_draft, take_spreadsheet
from khung.reports.models import Evidence, EvidenceUse, Occurrence, Report
from khung.reports.spreadsheets.checking import plan
from khung.reports.spreadsheets.contents import lines_of
from khung.reports.spreadsheets.reading import read_file
from khung.reports.spreadsheets.sheet_format import COLUMNS, Said, key_of, read_key
from khung.reports.spreadsheets.table import NotThisSheet
from khung.reports.spreadsheets.writing import sheet_bytes
from tests.assignments.scene import person
from tests.cast import TODAY, Cast
from tests.reports.filled import filled, rows_of, workbook

DAY = TODAY.date()


def download(cast: Cast, today: dt.date = DAY) -> bytes:
    unit, period = cast.scene.units["east1"], cast.scene.period("2025-Q1")
    return sheet_bytes(unit, period, lines_of(unit, period, today))


def take(cast: Cast, data: bytes, by: Person | None = None, now: dt.datetime = TODAY) -> Taken:
    read = read_file(data)
    assert read.problems == []
    return take_spreadsheet(
        unit=cast.scene.units["east1"],
        period=cast.scene.period("2025-Q1"),
        rows=read.rows,
        name="bao-cao.xlsx",
        by=by or cast["officer"],
        now=now,
    )


def problems(cast: Cast, said: Mapping[int, Mapping[str, Any]], today: dt.date = DAY) -> list[str]:
    """What is wrong with the file once these cells are filled."""
    read = read_file(filled(download(cast), said))
    found = plan(cast.scene.units["east1"], cast.scene.period("2025-Q1"), read.rows, today)
    return [one.words for one in [*read.problems, *found.problems]]


def test_the_same_file_both_ways(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 1)
    taken = take(
        cast,
        filled(
            download(cast),
            {
                1: {
                    "Kết quả": "Có kết quả",
                    "Nội dung kết quả": "=Đã niêm yết\ntại trụ sở",
                    "Số lượng": 1250.5,
                    "Đơn vị tính": "lượt",
                    "Cách thức đã làm": "2; 1",
                    "Đường dẫn kiểm chứng": "xa.example.vn/tin\nhttps://xa.example.vn/khac",
                },
                3: {
                    "Nội dung kết quả": "Đã đối thoại",
                    "Các lần đã thực hiện": "20/01/2025: Đối thoại ở thôn 1",
                },
            },
        ),
    )
    assert taken == Taken(saved=2, unchanged=2)
    draft = Report.objects.get(assignment=assignment)
    assert (draft.outcome, draft.text) == ("done", "=Đã niêm yết\ntại trụ sở")
    assert (draft.quantity, draft.quantity_of) == (Decimal("1250.5"), "lượt")
    assert len(draft.methods_done) == 2
    links = draft.uses.order_by("id").values_list("evidence__url", flat=True)
    assert list(links) == ["https://xa.example.vn/tin", "https://xa.example.vn/khac"]
    (once,) = Occurrence.objects.all()
    assert (once.happened_on, once.text) == (dt.date(2025, 1, 20), "Đối thoại ở thôn 1")
    # Downloaded again it says the same, and handed in untouched it changes nothing.
    again = download(cast)
    (row,) = (row for row in rows_of(again) if row[0] == 1)
    assert row[5:9] == ["Có kết quả", "=Đã niêm yết\ntại trụ sở", "", 1250.5]
    assert row[9:11] == ["lượt", "1; 2"]
    assert row[11].split("\n") == list(links)
    assert take(cast, again) == Taken(saved=0, unchanged=4)


def test_a_text_like_a_formula_is_written_as_text(cast: Cast) -> None:
    cast.draft(cast.scene.assignment("east1", 2), "=HYPERLINK(1)")
    with zipfile.ZipFile(BytesIO(download(cast))) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        assert "=HYPERLINK(1)" in packed.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet


def test_only_what_may_be_filled_is_open(cast: Cast) -> None:
    cast.send(cast.scene.assignment("east1", 2))
    with zipfile.ZipFile(BytesIO(download(cast))) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<sheetProtection" in sheet
    # One list of outcomes for each line that may be written, none for the one that was sent.
    assert sheet.count("<dataValidation ") == 3
    assert "Chưa được bố trí vốn" not in sheet


def test_the_trail_has_one_event_for_the_file(cast: Cast) -> None:
    take(cast, filled(download(cast), {n: {"Nội dung kết quả": "Xong"} for n in (1, 2, 6)}))
    (event,) = AuditEvent.objects.filter(verb="spreadsheet.taken")
    assert event.data == {"tasks": 3, "code": "2025-Q1", "file": "bao-cao.xlsx"}
    assert AuditEvent.objects.filter(verb="report.drafted").count() == 3


@pytest.mark.parametrize(
    ("no", "cells", "why"),
    [
        (1, {"Kết quả": "Xong rồi"}, "Ô F4: “Xong rồi” không có trong danh sách."),
        (1, {"Kết quả": "Chưa được bố trí vốn"}, "Ô F4: nhiệm vụ này không gắn với việc bố trí"),
        (2, {"Số lượng": "vài"}, "Ô I5: số lượng phải là số, ví dụ 120 hoặc 1.250,5."),
        (2, {"Số lượng": -3}, "Ô I5: số lượng không thể âm."),
        (1, {"Cách thức đã làm": "1; 3"}, "Ô K4: “3” không phải số thứ tự cách thức"),
        (1, {"Cách thức đã làm": dt.date(2025, 2, 1)}, "Ô K4: Excel đã đổi ô này"),
        (1, {"Cách thức đã làm": 1.2}, "Ô K4: Excel đã đổi ô này"),
        (1, {"Đường dẫn kiểm chứng": "xem ảnh"}, "Ô L4: “xem ảnh” không phải địa chỉ"),
        (1, {"Đường dẫn kiểm chứng": "javascript://a.vn/x"}, "Ô L4: “javascript://a.vn/x” không"),
        (1, {"Các lần đã thực hiện": "20/01/2025: Họp"}, "Ô M4: nhiệm vụ này không tính theo số"),
        (3, {"Các lần đã thực hiện": "31/02/2025: Họp"}, "Ô M6: không hiểu “31/02/2025: Họp”."),
        (3, {"Các lần đã thực hiện": "04/03/2025: Họp"}, "Ô M6: ngày 04/03/2025 chưa đến"),
        (3, {"Các lần đã thực hiện": "01/01/2020: Họp"}, "Ô M6: ngày 01/01/2020 ngoài thời gian"),
        (3, {"Các lần đã thực hiện": "20/01/2025"}, "Ô M6: lần ngày 20/01/2025: ghi đã làm gì"),
        (2, {"Lý do": "x" * 1001}, "Ô H5: dài 1.001 ký tự; tối đa 1.000."),
        (2, {"Mã dòng": "", "Lý do": "x"}, "Ô N5: dòng có nội dung mà mất mã dòng."),
        (2, {"Mã dòng": "NV1"}, "Ô N5: mã dòng bị sửa."),
    ],
)
def test_a_wrong_cell_is_named(cast: Cast, no: int, cells: dict[str, Any], why: str) -> None:
    (found,) = problems(cast, {no: cells})
    assert found.startswith(why)


def test_all_problems_at_once_and_nothing_half_taken(cast: Cast) -> None:
    data = filled(
        download(cast),
        {
            1: {"Nội dung kết quả": "Đúng"},
            2: {"Kết quả": "Xong", "Số lượng": "nhiều"},
            6: {"Cách thức đã làm": "9"},
        },
    )
    with pytest.raises(NotTaken) as why:
        take(cast, data)
    assert [one.at for one in why.value.plan.problems] == ["F5", "I5", "K7"]
    assert not Report.objects.exists()
    assert not AuditEvent.objects.filter(verb="spreadsheet.taken").exists()


def test_columns_are_known_by_their_heads(cast: Cast) -> None:
    rows = rows_of(filled(download(cast), {2: {"Nội dung kết quả": "Đã rà soát"}}))
    turned = [["Thêm một dòng"], *(list(reversed(row)) for row in rows)]
    assert take(cast, workbook(turned)) == Taken(saved=1, unchanged=3)
    assert Report.objects.get().text == "Đã rà soát"


def test_a_missing_or_double_column_is_told(cast: Cast) -> None:
    rows = rows_of(download(cast))
    without = read_file(workbook([[*row[:7], *row[8:]] for row in rows]))
    assert [one.words for one in without.problems] == [
        "Hàng 3 thiếu cột “Lý do”. Thêm lại cột, hoặc tải tệp mới rồi chép sang."
    ]
    double = read_file(workbook([[*row, row[6] if len(row) > 6 else ""] for row in rows]))
    assert [one.words for one in double.problems] == [
        "Ô O3: cột “Nội dung kết quả” có hai lần. Xóa một cột."
    ]


def test_the_same_row_twice_is_told(cast: Cast) -> None:
    rows = rows_of(download(cast))
    read = read_file(workbook([*rows, rows[3]]))
    assert [one.words for one in read.problems] == [
        "Ô N8: nhiệm vụ này đã có ở ô N4. Giữ một dòng, xóa dòng kia."
    ]


def test_rows_deleted_or_left_as_they_were_stay_as_they_are(cast: Cast) -> None:
    data = filled(download(cast), {2: {"Nội dung kết quả": "Đã rà soát"}}, keep=False)
    # Meanwhile a colleague writes of another task: untouched in the file, it is not touched here.
    kept = filled(download(cast), {2: {"Nội dung kết quả": "Đã rà soát"}})
    cast.draft(cast.scene.assignment("east1", 6), "Của đồng nghiệp")
    assert take(cast, data) == Taken(saved=1, unchanged=0)
    assert take(cast, kept) == Taken(saved=0, unchanged=4)
    report = Report.objects.get(assignment=cast.scene.assignment("east1", 6))
    assert report.text == "Của đồng nghiệp"


def test_a_row_that_a_colleague_changed_meanwhile_is_a_conflict(cast: Cast) -> None:
    assignment = cast.scene.assignment("east1", 2)
    cast.draft(assignment, "Bản đầu")
    data = filled(
        download(cast),
        {2: {"Nội dung kết quả": "Của tôi"}, 6: {"Nội dung kết quả": "Việc khác"}},
    )
    cast.draft(assignment, "Của đồng nghiệp")
    with pytest.raises(NotTaken) as why:
        take(cast, data)
    found = why.value.plan
    assert (len(found.changes), found.problems) == (1, [])
    (conflict,) = found.conflicts
    (difference,) = conflict.differences
    assert (difference.now, difference.then) == ("Của đồng nghiệp", "Của tôi")
    assert Report.objects.get(assignment=assignment).text == "Của đồng nghiệp"
    # Whoever has seen both texts may put theirs in place, until somebody changes it once more.
    unit, period = cast.scene.units["east1"], cast.scene.period("2025-Q1")
    assert plan(unit, period, [conflict.as_agreed], DAY).may_be_taken
    cast.draft(assignment, "Lần nữa")
    assert not plan(unit, period, [conflict.as_agreed], DAY).may_be_taken


def test_the_same_words_of_two_people_are_no_conflict(cast: Cast) -> None:
    data = filled(download(cast), {2: {"Nội dung kết quả": "Đã rà soát"}})
    save_draft(
        assignment=cast.scene.assignment("east1", 2),
        written=Written(text="Đã rà soát"),
        version=0,
        by=cast["head"],
        now=TODAY,
    )
    assert take(cast, data) == Taken(saved=0, unchanged=4)


def test_what_is_sent_let_off_or_locked_names_its_rule(cast: Cast) -> None:
    data = {n: {"Nội dung kết quả": "Muộn"} for n in (1, 2, 6)}
    cast.send(cast.scene.assignment("east1", 2))
    change_state(
        assignment=cast.scene.assignment("east1", 1),
        verb="exempt",
        version=None,
        reason="Không có trạm",
        by=cast["coordinator"],
        now=TODAY,
    )
    sent, exempt, locked = (
        next(line for line in problems(cast, data, dt.date(2025, 6, 1)) if line.startswith(at))
        for at in ("Ô G5", "Ô G4", "Ô G7")
    )
    assert "“Đã báo cáo, chưa thẩm định”" in sent
    assert "thu hồi báo cáo" in sent
    assert "trạng thái “Miễn”" in exempt
    assert "Đã khóa từ ngày" in locked
    assert "có thể cho phép báo cáo sau ngày khóa" in locked


def test_other_units_and_periods_rows_are_not_taken(cast: Cast) -> None:
    other = cast.scene.assignment("west1", 2)
    rows = rows_of(download(cast))
    rows[4][13] = str(key_of(other.pk, Said()))
    rows[4][6] = "Của người khác"
    with pytest.raises(NotTaken) as why:
        take(cast, workbook(rows))
    (problem,) = why.value.plan.problems
    assert problem.words.startswith("Ô N5: dòng này không thuộc Xã east 1 trong kỳ đang chọn.")
    stranger = person("officer", cast.scene.units["west1"])
    with pytest.raises(PermissionDenied):
        take(cast, filled(download(cast), {2: {"Nội dung kết quả": "Lạ"}}), by=stranger)
    assert not Report.objects.exists()


def test_the_coordinator_enters_for_the_unit(cast: Cast) -> None:
    take(
        cast,
        filled(download(cast), {2: {"Nội dung kết quả": "Nhập thay"}}),
        by=cast["coordinator"],
    )
    assert Report.objects.get().entered_by_unit == cast.scene.units["home"]


def test_a_link_the_unit_keeps_is_used_again_and_none_is_taken_out(cast: Cast) -> None:
    first = cast.scene.assignment("east1", 2)
    cast.draft(first)
    url = Evidence.objects.get().url
    take(cast, filled(download(cast), {1: {"Đường dẫn kiểm chứng": url}}))
    assert Evidence.objects.count() == 1
    assert EvidenceUse.objects.count() == 2
    read = read_file(filled(download(cast), {1: {"Đường dẫn kiểm chứng": "https://a.vn/moi"}}))
    found = plan(cast.scene.units["east1"], cast.scene.period("2025-Q1"), read.rows, DAY)
    assert [(one.new_links, one.kept) for one in found.changes] == [(("https://a.vn/moi",), 1)]
    take(cast, filled(download(cast), {1: {"Đường dẫn kiểm chứng": "https://a.vn/moi"}}))
    draft = Report.objects.get(assignment=cast.scene.assignment("east1", 1))
    assert draft.uses.count() == 2


def test_a_link_taken_out_meanwhile_does_not_come_back(cast: Cast) -> None:
    cast.draft(cast.scene.assignment("east1", 2))
    data = filled(download(cast), {6: {"Nội dung kết quả": "Xong"}})
    EvidenceUse.objects.all().delete()
    take(cast, data)
    assert not EvidenceUse.objects.exists()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04 no", "Không mở được tệp"),
        (workbook([["Tên", "Số"], ["a", 1]]), "Không thấy bảng trong tệp"),
        (workbook([[""] * 0]), "Không thấy bảng trong tệp"),
        (workbook([*[[]] * 6000, ["xa"]]), "Bảng có ô ghi quá hàng 5.000 hoặc quá cột 100."),
        (workbook([[*[""] * 200, "xa"]]), "Bảng có ô ghi quá hàng 5.000 hoặc quá cột 100."),
    ],
)
def test_what_is_no_sheet_says_so(data: bytes, why: str) -> None:
    with pytest.raises(NotThisSheet, match=why):
        read_file(data)


def test_queries_do_not_grow_with_the_drafts(cast: Cast) -> None:
    unit = cast.scene.units["east1"]
    period = Period.objects.get(code="2025-Q1")
    cast.draft(cast.scene.assignment("east1", 2))
    with CaptureQueriesContext(connection) as few:
        lines_of(unit, period, DAY)
    for no in (1, 6):
        cast.draft(cast.scene.assignment("east1", no))
    with CaptureQueriesContext(connection) as more:
        lines_of(unit, period, DAY)
    assert len(few) == len(more) == 5


def test_keys_are_read_as_they_are_written() -> None:
    key = key_of(12, Said(text="a"))
    assert read_key(f" {key} ") == key
    assert read_key("NV12-xyz") is None
    assert len({column.head for column in COLUMNS}) == len(COLUMNS)
