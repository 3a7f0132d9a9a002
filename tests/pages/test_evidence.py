"""Evidence in the browser: handing in, using again, opening, and who may."""

from io import BytesIO

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from khung.assignments.models import Assignment
from khung.base import files
from khung.frameworks.models import TaskItem
from khung.reports import images
from khung.reports.models import Evidence, EvidenceUse, Report
from tests.assignments.scene import person
from tests.cast import TODAY, Cast
from tests.reports.test_uploads import PDF, picture

PANEL = {"X-Wants": "panel"}


@pytest.fixture
def task(cast: Cast) -> Assignment:
    return cast.scene.assignment("east1", 1)


@pytest.fixture
def posting(task: Assignment) -> TaskItem:
    return TaskItem.objects.get(task_version=task.task_version_id, kind="posting")


def upload(name: str = "bien-ban.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def add(client: Client, task: Assignment, *handed_in: SimpleUploadedFile, **said: object) -> str:
    """What the sheet's script is answered."""
    address = reverse("add_evidence", args=[task.pk])
    answer = client.post(address, {"evidence": list(handed_in), **said}, headers=PANEL)
    return " ".join(answer.content.decode().split())


def piece(cast: Cast, task: Assignment, **said: object) -> Evidence:
    assert "Đã thêm 1 tài liệu" in add(cast.client("officer"), task, upload(), **said)
    return Evidence.objects.latest("id")


def test_the_page_asks_what_the_kind_of_the_method_needs(
    cast: Cast, task: Assignment, posting: TaskItem
) -> None:
    shown = cast.page("officer", f"{reverse('add_evidence', args=[task.pk])}?method={posting.pk}")
    assert "Niêm yết từ ngày" in shown
    assert "Địa điểm" in shown
    assert "Cách thức này cần: ảnh chụp." in shown
    assert 'enctype="multipart/form-data"' in shown
    assert "Số liệu kết quả" not in shown


def test_without_a_script_a_page_takes_files_and_details(
    cast: Cast, task: Assignment, posting: TaskItem
) -> None:
    address = f"{reverse('add_evidence', args=[task.pk])}?method={posting.pk}"
    handed_in = [upload("bang-tin.jpg", picture()), upload()]
    said = {"place": "Nhà văn hóa thôn 2", "up_on": "2025-02-01", "down_on": "2025-03-01"}
    answer = cast.client("officer").post(address, {"evidence": handed_in, **said})
    shown = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert "Đã thêm 2 tài liệu." in shown
    assert "Niêm yết từ ngày: 01/02/2025" in shown
    assert "Địa điểm: Nhà văn hóa thôn 2" in shown
    uses = EvidenceUse.objects.filter(report__assignment=task, method=posting)
    assert {use.evidence.title for use in uses} == {"bang-tin.jpg", "bien-ban.pdf"}
    assert Assignment.objects.get(pk=task.pk).state == "in_progress"


def test_what_cannot_be_keeps_what_was_typed(
    cast: Cast, task: Assignment, posting: TaskItem
) -> None:
    address = f"{reverse('add_evidence', args=[task.pk])}?method={posting.pk}"
    said = {"place": "Thôn 2", "up_on": "2025-02-10", "down_on": "2025-02-01", "url": "ftp://x"}
    answer = cast.client("officer").post(address, said)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Ngày kết thúc niêm yết không thể trước ngày bắt đầu." in shown
    assert "Đường dẫn phải là địa chỉ trang web" in shown
    assert 'value="Thôn 2"' in shown
    assert not Report.objects.filter(assignment=task).exists()


def test_nothing_handed_in_says_what_to_do(cast: Cast, task: Assignment) -> None:
    assert "Chưa có gì để thêm" in add(cast.client("officer"), task)


def test_one_bad_file_stops_no_other(cast: Cast, task: Assignment) -> None:
    shown = add(cast.client("officer"), task, upload(), upload("gia.jpg", b"<html>"))
    assert "Đã thêm 1 tài liệu." in shown
    assert "Tệp “gia.jpg” không phải là tệp .jpg" in shown
    assert Evidence.objects.get().title == "bien-ban.pdf"


def test_an_address_pasted_without_its_beginning_is_a_link(cast: Cast, task: Assignment) -> None:
    add(cast.client("officer"), task, url="xa.example.vn/tin-bai ")
    kept = Evidence.objects.get()
    assert (kept.kind, kept.url) == ("link", "https://xa.example.vn/tin-bai")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://", "data:text/html,x"])
def test_an_address_that_would_run_is_refused(cast: Cast, task: Assignment, url: str) -> None:
    assert "Đường dẫn phải là địa chỉ trang web" in add(cast.client("officer"), task, url=url)
    assert not Evidence.objects.exists()


def test_a_file_beyond_the_limit_is_told_before_it_is_kept(
    cast: Cast, task: Assignment, settings: LazySettings
) -> None:
    settings.UPLOAD_LIMIT_MB = 1
    large = upload("to.pdf", PDF + b" " * 1_100_000)
    assert "Tệp “to.pdf” lớn hơn 1 MB." in add(cast.client("officer"), task, large)
    assert not Evidence.objects.exists()


def test_a_full_disk_is_told_and_keeps_nothing(
    cast: Cast, task: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = cast.draft(task, "Đã niêm yết ở ba nhà văn hóa")

    def full(*_: object, **__: object) -> None:
        raise files.NoRoom

    monkeypatch.setattr(files, "keep", full)
    shown = add(cast.client("officer"), task, upload())
    assert "Máy chủ đã hết chỗ chứa nên chưa nhận tệp." in shown
    assert draft.uses.count() == 1
    assert Report.objects.get(pk=draft.pk).text == "Đã niêm yết ở ba nhà văn hóa"


def test_a_disk_that_fills_while_a_file_arrives_is_told(
    cast: Cast, task: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(BytesIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", lambda **_: Full())
    shown = add(cast.client("officer"), task, upload())
    assert "Máy chủ đã hết chỗ chứa nên chưa nhận tệp." in shown
    assert not Evidence.objects.exists()


def test_the_same_file_elsewhere_is_offered_again(cast: Cast, task: Assignment) -> None:
    first = piece(cast, task)
    other = cast.scene.assignment("east1", 2)
    shown = add(cast.client("officer"), other, upload("ten-khac.pdf"))
    assert "Tệp “bien-ban.pdf” đã có ở nhiệm vụ 1, Quý I/2025: dùng lại?" in shown
    assert f'data-reuse="{first.pk}"' in shown
    again = cast.client("officer").post(
        reverse("reuse_evidence", args=[other.pk]), {"evidence": first.pk}, headers=PANEL
    )
    assert "Đã lấy 1 tài liệu." in again.content.decode()
    assert Evidence.objects.count() == 1
    assert "đã có ở đây nên không thêm lần nữa" in add(cast.client("officer"), other, upload())


def test_what_is_kept_is_searched_and_paginated(cast: Cast, task: Assignment) -> None:
    Evidence.objects.bulk_create(
        Evidence(unit=task.unit, kind="link", title=f"Tin {n}", url="https://x.vn", added_at=TODAY)
        for n in range(25)
    )
    address = reverse("reuse_evidence", args=[task.pk])
    assert "1–20 trong 25" in cast.page("officer", address)
    assert "1–1 trong 1" in cast.page("officer", f"{address}?q=tin+24")
    assert "Không tài liệu nào có tên chứa “xyz”." in cast.page("officer", f"{address}?q=xyz")


def test_the_list_takes_the_same_queries_whatever_its_length(cast: Cast, task: Assignment) -> None:
    address = reverse("reuse_evidence", args=[task.pk])
    piece(cast, task)
    client = cast.client("officer")

    def queries() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    few = queries()
    Evidence.objects.bulk_create(
        Evidence(unit=task.unit, kind="link", title=f"T{n}", url="https://x.vn", added_at=TODAY)
        for n in range(19)
    )
    assert queries() == few


def test_a_picture_is_shown_and_a_document_only_downloaded(cast: Cast, task: Assignment) -> None:
    client = cast.client("officer")
    add(client, task, upload("bang-tin.jpg", picture(size=(800, 600), located=True)))
    photo = Evidence.objects.get()
    answer = client.get(reverse("evidence_file", args=[photo.pk]))
    data = answer.content
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "private" in answer.headers["Cache-Control"]
    assert not images.has_location(data)
    small = client.get(reverse("evidence_thumbnail", args=[photo.pk]))
    with Image.open(BytesIO(small.content)) as shown:
        assert max(shown.size) == images.THUMBNAIL_EDGE


def test_what_is_no_picture_is_never_opened_by_the_browser(cast: Cast, task: Assignment) -> None:
    kept = piece(cast, task)
    # As if something slipped through: it is still only ever downloaded.
    Evidence.objects.update(content_type="text/html")
    answer = cast.client("officer").get(reverse("evidence_file", args=[kept.pk]))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    answer = cast.client("officer").get(reverse("evidence_thumbnail", args=[kept.pk]))
    assert answer.status_code == 404


def test_a_drafts_file_is_its_own_units_alone(cast: Cast, task: Assignment) -> None:
    address = reverse("evidence_file", args=[piece(cast, task).pk])
    got = {role: cast.client(role).get(address).status_code for role in cast.people}
    assert got == {
        "officer": 200, "head": 200, "guide": 404, "coordinator": 404, "leader": 404,
        "observer": 404, "operator": 403,
    }  # fmt: skip


def test_a_sent_file_is_for_those_who_see_the_report(cast: Cast) -> None:
    task = cast.scene.assignment("east1", 2)
    address = reverse("evidence_file", args=[piece(cast, task).pk])
    cast.send(task)
    stranger = Client()
    stranger.force_login(
        person("officer", cast.scene.units["west1"]),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    got = {role: cast.client(role).get(address).status_code for role in ("guide", "observer")}
    assert got == {"guide": 200, "observer": 200}
    assert stranger.get(address).status_code == 404


def test_personal_data_is_opened_by_writers_and_judges_only(cast: Cast) -> None:
    task = cast.scene.assignment("east1", 2)
    kept = piece(cast, task, has_personal_data="on")
    cast.send(task)
    address = reverse("evidence_file", args=[kept.pk])
    roles = ("officer", "guide", "coordinator", "leader", "observer")
    got = {role: cast.client(role).get(address).status_code for role in roles}
    assert got == {
        "officer": 200, "guide": 200, "coordinator": 200, "leader": 404, "observer": 404,
    }  # fmt: skip


def test_what_is_said_of_a_piece_is_corrected(cast: Cast, task: Assignment) -> None:
    kept = piece(cast, task)
    use = kept.uses.get()
    address = reverse("change_evidence", args=[use.pk])
    assert 'value="bien-ban.pdf"' in cast.page("officer", address)
    said = {"title": "Biên bản họp thôn", "numbers": "120 người dự", "has_personal_data": "on"}
    assert cast.client("officer").post(address, said).status_code == 302
    kept.refresh_from_db()
    assert (kept.title, kept.details, kept.has_personal_data) == (
        "Biên bản họp thôn", {"numbers": "120 người dự"}, True,
    )  # fmt: skip
    assert cast.client("officer").post(address, {"title": ""}).status_code == 422


def test_taking_a_piece_out_deletes_its_file(cast: Cast, task: Assignment) -> None:
    kept = piece(cast, task)
    use = kept.uses.get()
    address = reverse("remove_evidence", args=[use.pk])
    answer = cast.client("officer").post(address, headers=PANEL)
    assert "Đã xóa tài liệu." in answer.content.decode()
    assert not Evidence.objects.exists()
    assert cast.client("officer").post(address).status_code == 404


def test_a_sent_report_takes_nothing_more(cast: Cast) -> None:
    task = cast.scene.assignment("east1", 2)
    cast.send(task)
    shown = add(cast.client("officer"), task, upload())
    assert "Báo cáo này đã gửi nên không thêm, bớt tài liệu được nữa." in shown
    page = cast.page("officer", reverse("add_evidence", args=[task.pk]))
    assert "đã gửi hoặc đã xong nên không thêm tài liệu được nữa" in page


def test_a_method_of_another_task_is_no_address(cast: Cast, task: Assignment) -> None:
    other = TaskItem.objects.exclude(task_version=task.task_version_id).filter(field="method")
    address = reverse("add_evidence", args=[task.pk])
    for method in (other[0].pk, "x", "9" * 30):
        answer = cast.client("officer").get(f"{address}?method={method}")
        assert answer.status_code == 404


def test_the_sheet_offers_what_still_holds_by_one_tick(cast: Cast, task: Assignment) -> None:
    piece(cast, task)
    cast.send(task)
    cast.scene.work("2025-Q2")
    second = cast.scene.assignment("east1", 1, "2025-Q2")
    page = cast.page("officer", reverse("report_line", args=[second.pk]))
    assert "Kỳ trước có 1 tài liệu chưa hết hiệu lực: “bien-ban.pdf”" in page
    address = reverse("carry_over", args=[second.pk])
    answer = cast.client("officer").post(address, headers=PANEL)
    shown = " ".join(answer.content.decode().split())
    assert "Đã lấy 1 tài liệu." in shown
    assert "kỳ trước, còn hiệu lực" in shown
    assert "chưa hết hiệu lực:" not in shown
    again = cast.client("officer").post(address, headers=PANEL)
    assert again.status_code == 422
    assert "Không còn tài liệu kỳ trước nào để lấy" in again.content.decode()
