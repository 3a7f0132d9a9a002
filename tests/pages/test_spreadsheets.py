"""Reporting by spreadsheet as a person does it: download, fill, hand in, look, save."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khung.assignments.models import Period
from khung.reports.models import Report
from tests.cast import Cast
from tests.reports.filled import filled, rows_of, workbook

TEXT, RESULT = "Nội dung kết quả", "Kết quả"


def address(cast: Cast, name: str = "spreadsheet", unit: str = "east1") -> str:
    return f"{reverse(name, args=[cast.scene.units[unit].pk])}?period=2025-Q1"


def download(cast: Cast, role: str = "officer") -> bytes:
    response = cast.client(role).get(address(cast, "spreadsheet_file"))
    assert 'filename="bao-cao-east1-2025-Q1.xlsx"' in response.headers["Content-Disposition"]
    return response.content


def hand_in(
    client: Client, cast: Cast, data: bytes, name: str = "bao-cao.xlsx", status: int = 200
) -> str:
    response = client.post(address(cast), {"evidence": SimpleUploadedFile(name, data)})
    assert response.status_code == status, response.content.decode()
    return " ".join(response.content.decode().split())


def take(client: Client, cast: Cast, page: str, **more: Any) -> tuple[int, str]:
    """What saving a preview answers."""
    (rows,) = re.findall(r'name="rows" value="([^"]+)"', page)
    response = client.post(address(cast, "take_spreadsheet"), {"rows": rows, **more}, follow=True)
    return response.status_code, " ".join(response.content.decode().split())


def test_a_quarter_by_spreadsheet(cast: Cast) -> None:
    assert "Báo cáo bằng bảng tính" in cast.page("officer", "/viec-cua-toi/")
    assert "Xã east 1 · Quý I/2025 · 4 nhiệm vụ" in cast.page("officer", address(cast))
    client = cast.client("officer")
    data = filled(download(cast), {1: {TEXT: "Đã niêm yết"}, 2: {TEXT: "<b>Đã</b> rà soát"}})
    shown = hand_in(client, cast, data)
    assert "2 nhiệm vụ sẽ được lưu, 2 không đổi" in shown
    assert "&lt;b&gt;Đã&lt;/b&gt; rà soát" in shown
    assert not Report.objects.exists()
    status, after = take(client, cast, shown)
    assert status == 200
    assert "Đã lưu 2 nhiệm vụ từ bảng tính." in after
    assert Report.objects.get(assignment=cast.scene.assignment("east1", 1)).text == "Đã niêm yết"
    # The same preview sent twice changes nothing more.
    assert "Không có gì thay đổi nên chưa lưu gì." in take(client, cast, shown)[1]
    assert "Tệp không thay đổi gì" in hand_in(client, cast, download(cast))


def test_wrong_cells_are_listed_and_nothing_is_saved(cast: Cast) -> None:
    data = filled(download(cast), {1: {TEXT: "Đúng"}, 2: {RESULT: "Xong", "Số lượng": "vài"}})
    shown = hand_in(cast.client("officer"), cast, data, status=422)
    assert "Chưa lưu gì: 2 chỗ cần sửa trong tệp" in shown
    assert "<li>Ô F5: “Xong” không có trong danh sách." in shown
    assert "<li>Ô I5: số lượng phải là số" in shown
    assert not Report.objects.exists()


def test_files_that_are_no_sheet_are_refused_in_words(cast: Cast) -> None:
    client = cast.client("officer")
    for name, data, why in (
        ("bang.xls", b"\xd0\xcf\x11\xe0 old", "thuộc dạng cũ hoặc có thể chứa macro"),
        ("bang.xlsx", b"khong phai", "không phải là tệp .xlsx như tên của nó"),
        ("bang.pdf", b"%PDF-1.4 %%EOF", "Cần tệp .xlsx tải từ trang này."),
        ("gia.jpg", b"<html>", "“gia.jpg” không phải bảng tính .xlsx."),
        ("bang.xlsx", b"", "rỗng, không có nội dung"),
        ("bang.xlsx", workbook([["a"]]), "Không thấy bảng trong tệp"),
    ):
        assert why in hand_in(client, cast, data, name, 422), name
    response = client.post(address(cast), {})
    assert response.status_code == 422
    assert "Chọn tệp .xlsx đã ghi." in response.content.decode()


def test_both_texts_of_a_conflict_and_the_choice(cast: Cast) -> None:
    client, assignment = cast.client("officer"), cast.scene.assignment("east1", 2)
    data = filled(download(cast), {2: {TEXT: "Của tôi"}, 6: {TEXT: "Việc khác"}})
    cast.draft(assignment, "Của đồng nghiệp")
    shown = hand_in(client, cast, data)
    assert "1 nhiệm vụ có người khác sửa sau khi tải tệp" in shown
    assert "Đang có: </span>Của đồng nghiệp</del>" in shown
    assert "Trong tệp: </span>Của tôi</ins>" in shown
    take(client, cast, shown)
    texts = Report.objects.order_by("assignment__task_version__no").values_list("text", flat=True)
    assert list(texts) == ["Của đồng nghiệp", "Việc khác"]
    again = hand_in(client, cast, data)
    cast.draft(assignment, "Lần nữa")
    status, third = take(client, cast, again, mine=assignment.pk)
    assert (status, "Lần nữa" in third) == (409, True)
    assert take(client, cast, third, mine=assignment.pk)[0] == 200
    assert list(texts.all()) == ["Của tôi", "Việc khác"]


def test_a_row_sent_between_preview_and_saving_stops_all_of_it(cast: Cast) -> None:
    client = cast.client("officer")
    data = filled(download(cast), {2: {TEXT: "Rà soát"}, 6: {TEXT: "Việc khác"}})
    shown = hand_in(client, cast, data)
    cast.send(cast.scene.assignment("east1", 2), "Đã gửi")
    status, told = take(client, cast, shown)
    assert status == 409
    assert "Ô G5: nhiệm vụ ở trạng thái “Đã báo cáo, chưa thẩm định”" in told
    assert not Report.objects.filter(text="Việc khác").exists()


def test_a_preview_of_elsewhere_or_changed_is_not_taken(cast: Cast) -> None:
    client = cast.client("officer")
    shown = hand_in(client, cast, filled(download(cast), {2: {TEXT: "Rà soát"}}))
    (rows,) = re.findall(r'name="rows" value="([^"]+)"', shown)
    for sent in ("", rows[:-2] + "xx", "abc"):
        response = client.post(address(cast, "take_spreadsheet"), {"rows": sent}, follow=True)
        assert "Bản xem trước đã cũ." in response.content.decode()
    coordinator = cast.client("coordinator")
    elsewhere = address(cast, "take_spreadsheet", "west1")
    response = coordinator.post(elsewhere, {"rows": rows}, follow=True)
    assert "Bản xem trước đã cũ." in response.content.decode()
    assert not Report.objects.exists()


def test_one_enters_for_units_that_cannot_and_for_no_others(cast: Cast) -> None:
    client = cast.client("coordinator")
    data = filled(download(cast, "coordinator"), {2: {TEXT: "Nhập thay"}})
    status, after = take(client, cast, hand_in(client, cast, data))
    assert (status, "Nhập thay Xã east 1" in after) == (200, True)
    assert Report.objects.get().entered_by_unit == cast.scene.units["home"]
    for name in ("spreadsheet", "spreadsheet_file"):
        cast.page("officer", address(cast, name, "west1"), 403)


def test_without_a_period_there_is_nothing_to_fill(cast: Cast) -> None:
    Period.objects.update(opened_at=None)
    assert cast.client("officer").get(address(cast, "spreadsheet_file")).status_code == 404
    cast.page("officer", address(cast))


def test_the_list_of_work_is_exported_as_it_is_seen(cast: Cast) -> None:
    response = cast.client("officer").get("/viec-cua-toi/?dimension=8&export=xlsx")
    assert 'filename="viec-east1-2025-Q1.xlsx"' in response.headers["Content-Disposition"]
    head, *rows = rows_of(response.content)
    assert head[5] == "Nội dung công việc"
    assert [row[2] for row in rows] == [6]


def test_figures_are_brought_in_for_the_tasks_chosen(cast: Cast) -> None:
    client = cast.client("coordinator")
    version = cast.scene.framework.tasks.get(no=6)
    version.items.filter(field="method").update(kind="report")
    where = reverse("figures")
    template = client.get(f"{reverse('figures_template')}?period=2025-Q1")
    assert 'filename="so-lieu-2025-Q1.xlsx"' in template.headers["Content-Disposition"]
    rows = rows_of(template.content)
    at = next(n for n, row in enumerate(rows) if row[0] == "east1")
    rows[at] = ["east1", "Xã east 1", "2025-Q1", "Đơn tố cáo tiếp nhận", 3, "", "", "Sổ tiếp dân"]
    good = SimpleUploadedFile("so-lieu.xlsx", workbook(rows))
    shown = client.post(where, {"evidence": good}).content.decode()
    assert "1 số liệu của 1 đơn vị" in shown
    assert f'name="denunciations_received" value="{version.pk}">' in shown
    (packed,) = re.findall(r'name="rows" value="([^"]+)"', shown)
    none = client.post(reverse("take_figures"), {"rows": packed})
    assert none.status_code == 422
    assert "Chọn ít nhất một nhiệm vụ cho mỗi loại số liệu." in none.content.decode()
    chosen = {"rows": packed, "denunciations_received": version.pk}
    after = client.post(reverse("take_figures"), chosen, follow=True).content.decode()
    assert "Đã nạp 1 số liệu vào 1 báo cáo đang soạn." in after
    again = client.post(reverse("take_figures"), chosen, follow=True).content.decode()
    assert "Số liệu đã có từ trước nên không thay đổi gì." in again
    sheet = cast.page("officer", reverse("report_line", args=[Report.objects.get().assignment_id]))
    assert "Đơn tố cáo tiếp nhận: 3 đơn" in sheet


def test_wrong_figures_are_listed(cast: Cast) -> None:
    client = cast.client("guide")
    data = client.get(reverse("figures_template")).content
    empty = client.post(reverse("figures"), {"evidence": SimpleUploadedFile("a.xlsx", data)})
    assert empty.status_code == 422
    assert "Bảng chưa ghi số liệu nào." in empty.content.decode()
    rows = rows_of(data)
    rows[1][3:5] = ["Gì đó", "vài"]
    wrong = SimpleUploadedFile("a.xlsx", workbook(rows))
    response = client.post(reverse("figures"), {"evidence": wrong})
    shown = response.content.decode()
    assert response.status_code == 422
    assert "Chưa lưu gì: 3 chỗ cần sửa trong tệp" in shown
    assert "<li>Ô D2: “Gì đó” không có trong danh mục." in shown
