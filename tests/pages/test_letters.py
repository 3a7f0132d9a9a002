"""Letters of urging in the browser's words: choosing, previewing, writing, recording, reading."""

import datetime as dt
import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khung.assignments.models import Assignment, Period
from khung.reminders.letters import reading
from khung.reminders.models import Letter
from tests.cast import Cast

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def late(cast: Cast) -> Cast:
    cast.pass_deadline()
    return cast


def test_only_levels_with_overdue_work_are_offered(late: Cast) -> None:
    def levels(address: str) -> set[str]:
        shown = late.page("coordinator", address)
        (offered,) = re.findall(r'<select[^>]*name="level".*?</select>', shown, re.DOTALL)
        return set(re.findall(r'value="(\w+)"', offered))

    address = reverse("write_letter") + "?period=2025-Q1"
    overdue = set(Assignment.objects.filter(is_late=True).values_list("unit__level", flat=True))
    assert levels(address) == overdue
    assert "commune" in overdue
    Assignment.objects.filter(unit__level="commune").update(state="accepted")
    assert levels(address) == overdue - {"commune"}
    assert levels(address + "&level=commune") == overdue


def said(cast: Cast, *codes: str, **more: Any) -> dict[str, Any]:
    return {
        "period": "2025-Q1",
        "units": [cast.scene.units[code].pk for code in codes],
        "scope": "ticked",
        "one_each": "each",
        "signed_by": "coordinator",
        "new_date": "2025-03-10",
        "more": "",
        "step": "make",
        **more,
    }


def write(cast: Cast, *codes: str, **more: Any) -> list[Letter]:
    response = cast.client("coordinator").post(reverse("write_letter"), said(cast, *codes, **more))
    assert response.status_code == 302, response.content.decode()
    return list(Letter.objects.order_by("pk"))


def read(response: Any) -> str:
    return " ".join(response.content.decode().split())


def recording(letter: Letter, **more: Any) -> dict[str, Any]:
    return {
        "version": letter.version,
        "number": "125/SNV-CCHC",
        "issued_on": "2025-03-03",
        "signer": "Nguyễn Văn A",
        "evidence": SimpleUploadedFile("ky.pdf", PDF, "application/pdf"),
        **more,
    }


def record(cast: Cast, letter: Letter, **more: Any) -> Any:
    address = reverse("record_letter", args=[letter.pk])
    return cast.client("coordinator").post(address, recording(letter, **more))


def test_the_page_lists_late_units_and_narrows_them(late: Cast) -> None:
    page = late.page("coordinator", reverse("write_letter"))
    assert "7 đơn vị có nhiệm vụ quá hạn chưa báo cáo" in page
    assert "Xã east 1" in page
    only = late.page("coordinator", f"{reverse('write_letter')}?level=district&least=1")
    assert "2 đơn vị có nhiệm vụ quá hạn" in only
    assert "Xã east 1" not in only
    none = late.page("coordinator", f"{reverse('write_letter')}?least=99")
    assert "Không đơn vị nào có nhiệm vụ quá hạn" in none


def test_nonsense_in_the_address_asks_for_nothing(late: Cast) -> None:
    address = f"{reverse('write_letter')}?level=x&dimension=99&guide=x&least=-1&period=1999"
    assert "7 đơn vị có nhiệm vụ quá hạn" in late.page("coordinator", address)


def test_without_a_period_in_work_the_page_says_what_comes_first(cast: Cast) -> None:
    Period.objects.update(opened_at=None)
    assert "Chưa có kỳ nào được giao việc" in cast.page("coordinator", reverse("write_letter"))


def test_the_preview_shows_routes_and_words_and_writes_nothing(late: Cast) -> None:
    client = late.client("coordinator")
    data = said(late, "east1", "west1", "health", step="preview")
    page = read(client.post(reverse("write_letter"), data))
    assert "Sẽ lập 3 dự thảo công văn" in page
    assert "Đôn đốc, yêu cầu · qua Ủy ban nhân dân Huyện east".lower() in page.lower()
    assert "Đề nghị · gửi thẳng" in page
    assert "Rà soát trạm y tế" in page
    assert not Letter.objects.exists()
    common = read(client.post(reverse("write_letter"), {**data, "one_each": "all"}))
    assert "Sẽ lập 2 dự thảo công văn" in common
    assert "tách làm hai" in common


def test_the_preview_warns_of_work_that_locks_before_the_new_date(late: Cast) -> None:
    Assignment.objects.filter(unit__code="east1").update(locks_on=dt.date(2025, 3, 5))
    page = read(
        late.client("coordinator").post(
            reverse("write_letter"), said(late, "east1", step="preview")
        )
    )
    assert "3 nhiệm vụ khóa trước hạn mới" in page


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"units": []}, "Hãy chọn ít nhất một đơn vị"),
        ({"new_date": ""}, "new_date"),
        ({"new_date": "2025-03-08"}, "là ngày nghỉ"),
        ({"new_date": "2025-03-01"}, "đã qua"),
        ({"signed_by": "nobody"}, "signed_by"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "make"])
def test_a_failed_form_keeps_what_was_typed(
    late: Cast, more: dict[str, Any], told: str, step: str
) -> None:
    data = said(late, "east1", more="Lời thêm", step=step) | more
    response = late.client("coordinator").post(reverse("write_letter"), data)
    page = read(response)
    assert response.status_code == 422
    assert told in page
    assert "Lời thêm" in page
    tick = f'name="units" value="{late.scene.units["east1"].pk}"'
    assert (f"{tick} checked" in page) == bool(data["units"])
    assert not Letter.objects.exists()


def test_all_units_of_the_filter_get_a_letter_each_in_one_go(late: Cast) -> None:
    letters = write(late, scope="all", level="commune")
    assert len(letters) == 4
    page = late.page("coordinator", f"{reverse('letters')}?period=2025-Q1&state=draft")
    assert "4 công văn đôn đốc chờ số" in page
    zipped = late.client("coordinator").get(f"{reverse('letters_zip')}?state=draft")
    with ZipFile(BytesIO(zipped.content)) as packed:
        assert len(packed.namelist()) == 4
        assert any("xa-east-1" in name for name in packed.namelist())


def test_editing_goes_back_with_everything_chosen(late: Cast) -> None:
    page = read(
        late.client("coordinator").post(
            reverse("write_letter"), said(late, "east1", more="Lời thêm", step="edit")
        )
    )
    assert "Lời thêm" in page
    assert page.count("checked") == 4  # the unit, the scope, one each, who signs
    assert not Letter.objects.exists()


def test_a_unit_that_reported_meanwhile_is_told(late: Cast) -> None:
    Assignment.objects.filter(unit__code="east1").update(state="submitted")
    client = late.client("coordinator")
    page = read(client.post(reverse("write_letter"), said(late, "east1", "east2"), follow=True))
    assert "Không soạn cho Xã east 1: không còn đủ nhiệm vụ quá hạn" in page
    assert Letter.objects.get().recipients.get().unit.code == "east2"


def test_the_same_form_sent_twice_writes_once(late: Cast) -> None:
    write(late, "east1")
    response = late.client("coordinator").post(reverse("write_letter"), said(late, "east1"))
    assert response.status_code == 422
    assert "đang chờ số" in read(response)
    assert Letter.objects.count() == 1


def test_a_letter_reads_as_it_will_be_signed(late: Cast) -> None:
    letter = write(late, "east1")[0]
    page = late.page("coordinator", reverse("letter", args=[letter.pk]))
    assert "Dự thảo công văn chờ số" in page
    assert "Kính gửi: Ủy ban nhân dân huyện east" in page
    assert "đôn đốc, yêu cầu" in page
    assert "Phụ lục: 3 nhiệm vụ quá hạn" in page
    assert "Ghi số, ngày phát hành" in page
    served = late.client("coordinator").get(reverse("letter_docx", args=[letter.pk]))
    assert served.headers["Content-Type"] == DOCX
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert served.content.startswith(b"PK")


def test_the_clerk_records_number_date_and_signed_file(late: Cast) -> None:
    letter = write(late, "east1")[0]
    assert record(late, letter).status_code == 302
    page = late.page("coordinator", reverse("letter", args=[letter.pk]))
    assert "Công văn số 125/SNV-CCHC" in page
    assert "người ký: Nguyễn Văn A" in page
    assert "trong 5 ngày: <b>0/3</b>" in page
    assert "Ghi số, ngày phát hành" not in page
    served = late.client("coordinator").get(reverse("signed_letter", args=[letter.pk]))
    assert served.content == PDF
    assert (
        served.headers["Content-Disposition"] == 'attachment; filename="cong-van-125-snv-cchc.pdf"'
    )
    # The form is closed now, and says so.
    address = reverse("record_letter", args=[letter.pk])
    again = late.client("coordinator").post(address, recording(letter, number="9/X"), follow=True)
    assert "đã được ghi số hoặc thu hồi" in read(again)
    assert Letter.objects.get().number == "125/SNV-CCHC"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"number": ""}, "number"),
        ({"number": "SNV"}, "Ghi đủ số và ký hiệu"),
        ({"issued_on": "2025-03-04"}, "Ngày phát hành phải từ"),
        ({"evidence": SimpleUploadedFile("ky.pdf", b"khong phai pdf")}, "ky.pdf"),
        ({"evidence": SimpleUploadedFile("ky.exe", b"MZ")}, "Không nhận tệp"),
        ({"evidence": ""}, "Chọn tệp PDF"),
    ],
)
def test_a_wrong_record_says_what_is_wrong_and_keeps_the_rest(
    late: Cast, more: dict[str, Any], told: str
) -> None:
    letter = write(late, "east1")[0]
    response = record(late, letter, **more)
    page = read(response)
    assert response.status_code == 422
    assert told in page
    assert "Nguyễn Văn A" in page
    letter.refresh_from_db()
    assert reading.state_of(letter) == reading.DRAFT


def test_a_number_used_twice_asks_once_more(late: Cast) -> None:
    first, second = write(late, "east1", "east2")
    record(late, first)
    asked = record(late, second)
    assert asked.status_code == 422
    assert "Số này đã ghi cho một công văn khác" in read(asked)
    assert 'type="checkbox" name="number_seen"' in read(asked)
    assert record(late, second, number_seen="on").status_code == 302


def test_a_draft_is_withdrawn_with_a_reason(late: Cast) -> None:
    letter = write(late, "east1")[0]
    address = reverse("withdraw_letter", args=[letter.pk])
    client = late.client("coordinator")
    assert client.post(address, {"version": letter.version, "reason": ""}).status_code == 422
    assert client.post(address, {"version": letter.version, "reason": "Nhầm"}).status_code == 302
    page = late.page("coordinator", reverse("letter", args=[letter.pk]))
    assert "đã thu hồi dự thảo" in page
    assert ": Nhầm" in page
    assert client.get(address).status_code == 302


def test_a_unit_reads_only_letters_issued_to_it(late: Cast) -> None:
    mine, other = write(late, "east1", "west1")
    assert "Chưa có công văn nào" in late.page("officer", reverse("letters"))
    late.page("officer", reverse("letter", args=[mine.pk]), 404)
    for letter, number in ((mine, "1/SNV"), (other, "2/SNV")):
        record(late, letter, number=number)
    page = late.page("officer", reverse("letters"))
    assert "Công văn gửi đơn vị" in page
    assert "1/SNV" in page
    assert "2/SNV" not in page
    assert "Công văn số 1/SNV" in late.page("officer", reverse("letter", args=[mine.pk]))
    for name in ("letter", "letter_docx", "signed_letter"):
        late.page("officer", reverse(name, args=[other.pk]), 404)


def test_leaders_and_observers_read_and_write_nothing(late: Cast) -> None:
    letter = write(late, "east1")[0]
    for role in ("leader", "observer"):
        page = late.page(role, reverse("letter", args=[letter.pk]))
        assert "Dự thảo công văn chờ số" in page
        assert reverse("record_letter", args=[letter.pk]) not in page
        assert "Soạn công văn" not in late.page(role, reverse("letters"))


def test_the_list_is_searched_without_marks(late: Cast) -> None:
    write(late, "east1", "west1")
    page = late.page("coordinator", f"{reverse('letters')}?q=xa+east")
    assert "1 công văn" in page
    assert "Xã east 1" in page
    assert "Xã west 1" not in page
    none = late.page("coordinator", f"{reverse('letters')}?q=khong+co")
    assert "Không công văn nào khớp" in none


def test_the_list_costs_the_same_for_few_and_many(
    late: Cast, django_assert_max_num_queries: Any
) -> None:
    client = late.client("coordinator")

    def queries() -> int:
        with django_assert_max_num_queries(40) as counted:
            assert client.get(reverse("letters")).status_code == 200
        return len(counted)

    first = write(late, "east1")[0]
    record(late, first)
    few = queries()
    for number, letter in enumerate(write(late, "east2", "west1", "west2")[1:], 200):
        record(late, letter, number=f"{number}/SNV")
    assert queries() == few


def test_choosing_costs_the_same_for_few_and_many(
    late: Cast, django_assert_max_num_queries: Any
) -> None:
    client = late.client("coordinator")

    def queries(address: str) -> int:
        with django_assert_max_num_queries(40) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    few = queries(f"{reverse('write_letter')}?level=district")
    assert queries(reverse("write_letter")) == few


def test_nothing_to_download_is_said(late: Cast) -> None:
    client: Client = late.client("coordinator")
    page = read(client.get(reverse("letters_zip"), follow=True))
    assert "Không có công văn nào để tải" in page
