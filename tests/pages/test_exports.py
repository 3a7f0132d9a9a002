"""Lists as files: the rows of the page, of all its pages, narrowed as the page is."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from khung.assignments.models import LockException
from khung.base import sealer
from khung.desk import exports
from khung.orgs.models import Person, UnitName
from khung.reports.actions.exemptions import propose_exemption
from khung.rules.text import fold
from tests.assignments.scene import person
from tests.cast import TODAY, Cast
from tests.pages.access_records import an_occasion
from tests.pages.test_reminders import message
from tests.reminders.urging import issue, make


def table(cast: Cast, role: str, address: str) -> list[list[str]]:
    """The csv of a list; its xlsx must come too, and the page must lead to both."""
    joined = "&" if "?" in address else "?"
    client = cast.client(role)
    shown = client.get(address).content.decode()
    assert "export=xlsx" in shown
    assert "export=csv" in shown
    book = client.get(f"{address}{joined}export=xlsx")
    assert book.content.startswith(b"PK")
    response = client.get(f"{address}{joined}export=csv")
    assert "attachment" in response.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_letters_with_what_followed(cast: Cast) -> None:
    cast.pass_deadline()
    first, second = make(cast, "east1", "east2").letters
    issue(cast, first)
    address = reverse("letters")
    head, *rows = table(cast, "coordinator", address)
    assert head[0] == "Số công văn"
    by_state = {row[6]: row for row in rows}
    assert len(rows) == 2
    tasks = str(first.items.count())
    assert by_state["đã phát hành"] == [
        "125/SNV-CCHC", "03/03/2025", "Xã east 1", "Quý I/2025", tasks, "10/03/2025",
        "đã phát hành", "0", "0",
    ]  # fmt: skip
    assert by_state["chờ số"][0] == f"Dự thảo ngày {second.made_at:%d/%m/%Y}"
    assert by_state["chờ số"][7:] == ["", ""]
    _, only = table(cast, "coordinator", f"{address}?state=issued")
    assert only[0] == "125/SNV-CCHC"
    # A unit gets what was issued to it, and no draft.
    assert len(table(cast, "officer", address)) == 2


def test_leaves_after_the_lock(cast: Cast) -> None:
    for code, days, revoked in (("east1", 5, None), ("east2", -1, None), ("west1", 5, TODAY)):
        LockException.objects.create(
            period=cast.scene.period("2025-Q1"),
            unit=cast.scene.units[code],
            open_until=TODAY.date() + dt.timedelta(days=days),
            document_number="15/SNV",
            reason="Mất điện",
            granted_by=cast["coordinator"],
            granted_at=TODAY,
            revoked_at=revoked,
        )
    head, *rows = table(cast, "observer", reverse("lock_exceptions"))
    assert head[-1] == "Tình trạng"
    stands = {row[0]: row[-1] for row in rows}
    assert stands == {
        "Xã east 1": "đang có hiệu lực",
        "Xã east 2": "đã hết ngày",
        "Xã west 1": "đã dừng 03/03/2025",
    }
    assert ["Quý I/2025", "08/03/2025", "15/SNV", "Mất điện"] in [row[1:5] for row in rows]


def test_proposed_exemptions_of_those_who_may_see_them(cast: Cast) -> None:
    propose_exemption(
        assignment=cast.scene.assignment("east1", 2), reason="Xã không có trạm y tế",
        by=cast["officer"], now=TODAY,
    )  # fmt: skip
    head, row = table(cast, "coordinator", reverse("exemptions"))
    said = dict(zip(head, row, strict=True))
    assert (said["Nhiệm vụ số"], said["Đơn vị được miễn"]) == ("2", "Xã east 1")
    assert (said["Lý do"], said["Trả lời"]) == ("Xã không có trạm y tế", "chờ trả lời")
    assert (said["Ngày đề nghị"], said["Ngày trả lời"]) == ("03/03/2025", "")
    cast.people["officer"] = person("officer", cast.scene.units["west1"])
    other = cast.client("officer").get(f"{reverse('exemptions')}?export=csv")
    assert other.content.decode("utf-8-sig").count("\r\n") == 1


def test_occasions(cast: Cast) -> None:
    an_occasion(cast)
    _, row = table(cast, "coordinator", reverse("occasions"))
    assert row[0] == "Bầu cử thử"
    assert row[2:5] == ["03/03/2025", "03/03/2025", "đang diễn ra"]


def test_messages_as_the_reader_sees_them(cast: Cast) -> None:
    message(cast, "officer", "failed", error="Máy chủ thư từ chối")
    message(cast, "head", "sent", sent_at=TODAY)
    address = reverse("outbox")
    head, row = table(cast, "coordinator", f"{address}?state=failed")
    assert "officer@xa.example.vn" not in row or "Địa chỉ" in head
    assert row[-1] == "Máy chủ thư từ chối"
    _, sent = table(cast, "coordinator", f"{address}?state=sent")
    assert "03/03/2025 09:30" in sent
    for role in ("coordinator", "operator"):
        shown = "officer@xa.example.vn" in cast.page(role, address)
        kept = cast.client(role).get(f"{address}?export=csv").content.decode()
        assert ("officer@xa.example.vn" in kept) == shown


def test_the_trail_as_it_is_narrowed(cast: Cast) -> None:
    sealer.seal()
    address = reverse("audit_trail")
    head, *rows = table(cast, "operator", address)
    assert head == ["Vị trí", "Lúc", "Ai", "Đã làm gì"]
    assert [int(row[0]) for row in rows] == list(range(len(rows), 0, -1))
    assert len(rows) == cast.client("operator").get(address).context["head"].position
    verb = "period.made"
    narrowed = table(cast, "operator", f"{address}?verb={verb}")[1:]
    assert 0 < len(narrowed) < len(rows)


def test_people_with_their_roles(cast: Cast) -> None:
    address = reverse("people")
    _, *rows = table(cast, "operator", address)
    assert len(rows) == Person.objects.count()
    by_name = {row[1]: row for row in rows}
    officer = by_name[cast["officer"].username]
    assert (officer[2], officer[3]) == ("Công chức thực hiện, Xã east 1", "đang dùng")
    assert len(table(cast, "operator", f"{address}?role=leader")) == 2


def test_units_of_a_branch_and_of_a_search(cast: Cast) -> None:
    east = cast.scene.units["east"]
    address = f"{reverse('units')}?open={east.pk}"
    head, *rows = table(cast, "officer", address)
    assert head[2] == "Số đơn vị trực thuộc"
    assert [row[0] for row in rows] == ["Xã east 1", "Xã east 2"]
    for code in ("west1", "west2"):
        unit = cast.scene.units[code]
        UnitName.objects.create(unit=unit, name=unit.name, folded=fold(unit.name))
    head, *rows = table(cast, "officer", f"{reverse('units')}?q=xa west")
    assert head[2] == "Trực thuộc"
    assert {(row[0], row[2]) for row in rows} == {
        ("Xã west 1", "Huyện west"),
        ("Xã west 2", "Huyện west"),
    }


def test_a_list_too_long_makes_no_file_and_says_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MOST_EXPORTED", 3)
    client = cast.client("operator")
    answer = client.get(f"{reverse('people')}?state=&export=xlsx", follow=True)
    assert answer.redirect_chain == [(f"{reverse('people')}?state=", 302)]
    assert "Danh sách dài hơn 3 dòng một tệp" in answer.content.decode()
    assert client.get(f"{reverse('people')}?role=leader&export=xlsx").status_code == 200


def test_files_read_a_few_hundred_records_at_a_time(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "_AT_ONCE", 2)
    assert len(table(cast, "operator", reverse("people"))) == Person.objects.count() + 1
