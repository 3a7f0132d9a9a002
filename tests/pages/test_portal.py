"""What anybody reads: totals always, progress by unit only while a document allows it."""

import datetime as dt
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khung.assignments import actions
from khung.assignments.models import Assignment, ProgressDisclosure
from khung.frameworks.models import Decision, Framework, TaskItem
from khung.orgs.models import Succession, Unit, UnitName
from khung.rules.text import fold
from tests.assignments.scene import NOW, Scene, person, unit
from tests.pages.test_framework import page

pytestmark = pytest.mark.django_db
PUBLIC = ("home", "public_tasks", "public_progress")


@pytest.fixture(autouse=True)
def february() -> Iterator[None]:
    """The pages are read in the middle of the first quarter of 2025."""
    moment = dt.datetime(2025, 2, 10, 8, 0, tzinfo=NOW.tzinfo)
    with patch("khung.base.clock.now", return_value=moment):
        yield


@pytest.fixture
def working(scene: Scene) -> Scene:
    """A quarter in work: one duty of east1 is accepted, another reported and not yet judged."""
    for version in scene.framework.tasks.all():
        TaskItem.objects.create(
            task_version=version, field="content", position=1, text=f"Việc số {version.no}"
        )
    scene.work("2025-Q1")
    officer = person("officer", scene.units["east1"])
    moves = ((1, officer, "update submit"), (1, scene.coordinator, "accept"))
    for no, by, verbs in (*moves, (2, officer, "update submit")):
        for verb in verbs.split():
            one = scene.assignment("east1", no)
            actions.change_state(assignment=one, verb=verb, version=one.version, by=by, now=NOW)
    return scene


def disclose(scene: Scene) -> ProgressDisclosure:
    return actions.record_disclosure(
        framework=scene.framework, document_number="12/UBND-NC", issued_on=NOW.date(), note="",
        by=scene.coordinator, now=NOW,
    )  # fmt: skip


def test_pages_ask_for_nobody_and_may_be_kept(working: Scene) -> None:
    disclose(working)
    addresses = [reverse(name) for name in PUBLIC]
    addresses += [
        reverse("public_task", args=[1]),
        reverse("public_unit", args=[working.units["east1"].pk]),
    ]
    for address in addresses:
        response = Client().get(address)
        assert response.status_code == 200, address
        assert not response.cookies, address
        assert response["Vary"] == "Cookie"  # the language chosen, nothing else
        assert "public" in response["Cache-Control"]
        assert len(response.content) < 100_000
        assert Client().post(address).status_code == 405


def test_the_first_page_names_the_province_and_its_totals(working: Scene) -> None:
    total = Assignment.objects.filter(counts_in__code="2025-Q1").count()
    shown = page(Client(), reverse("home"))
    assert "Tỉnh Thử làm gì để phục vụ người dân tốt hơn" in shown
    assert f"Quý I/2025: 1 trong {total} việc đã hoàn thành" in shown
    assert "<svg" in shown
    for no in range(1, 9):
        assert f">{no}. " in shown


def test_reported_work_is_not_counted_as_done(working: Scene) -> None:
    """Only the four official classes leave the house."""
    shown = page(Client(), reverse("home"))
    assert "Đã báo cáo, chưa thẩm định" not in shown
    assert "Chưa làm" not in shown
    assert "Hoàn thành đúng hạn" in shown


def test_before_any_framework_the_page_says_so(scene: Scene) -> None:
    Framework.objects.all().delete()
    assert "chưa có gì để công khai" in page(Client(), reverse("home"))
    assert Client().get(reverse("public_tasks")).status_code == 404
    assert Client().get(reverse("public_progress")).status_code == 404


def test_a_draft_is_not_published(working: Scene) -> None:
    Framework.objects.update(status="draft", in_force_from=None)
    assert Client().get(reverse("public_task", args=[1])).status_code == 404
    assert Client().get(reverse("public_decision")).status_code == 404


def test_tasks_are_found_without_marks(working: Scene) -> None:
    for version in working.framework.tasks.all():
        version.folded_text = fold(f"Việc số {version.no}")
        version.save()
    address = reverse("public_tasks")
    assert "<b>1</b> trong 6 nhiệm vụ" in page(Client(), f"{address}?q=viec+so+3&dimension=2")
    assert "Không có nhiệm vụ nào khớp" in page(Client(), f"{address}?q=viec+so+3&dimension=1")
    shown = page(Client(), reverse("public_task", args=[3]))
    assert "Việc số 3" in shown
    assert "Mỗi năm ít nhất 02 lần" in shown


def test_progress_by_unit_waits_for_a_document(working: Scene) -> None:
    progress = reverse("public_progress")
    one = reverse("public_unit", args=[working.units["east1"].pk])
    assert "chưa có văn bản nào như vậy" in page(Client(), progress)
    assert Client().get(one)["Location"] == progress
    allowed = disclose(working)
    assert "Công khai theo 12/UBND-NC ngày 02/01/2025" in page(Client(), progress)
    assert "Xã east 1" in page(Client(), one)
    actions.withdraw_disclosure(disclosure=allowed, by=working.coordinator, now=NOW)
    assert Client().get(one).status_code == 302


def test_units_stand_by_name_with_their_own_figures(working: Scene) -> None:
    disclose(working)
    shown = page(Client(), reverse("public_progress"))
    districts = shown.split('id="cap-district"')[1]
    assert districts.index("Huyện east") < districts.index("Huyện west")
    owed = Assignment.objects.filter(
        counts_in__code="2025-Q1", path__startswith=working.units["east"].path
    ).count()
    assert f">{owed}<span" in districts.split("Huyện east")[1].split("</tr>")[0]


def test_an_old_name_leads_to_the_unit_of_today(working: Scene) -> None:
    disclose(working)
    east1 = working.units["east1"]
    root = working.units["T"]
    gone = unit("old", "Huyện Cũ", "district", parent=root, valid_to=dt.date(2024, 10, 31))
    below = unit("old1", "Xã Lê Lợi", "commune", parent=gone, valid_to=dt.date(2024, 10, 31))
    for old in (gone, below):
        UnitName.objects.create(
            unit=old, name=old.name, folded=fold(old.name), valid_to=old.valid_to
        )
    Succession.objects.create(predecessor=below, successor=east1, effective_on=dt.date(2024, 11, 1))
    address = reverse("public_progress")
    link = f'nay là <a href="{reverse("public_unit", args=[east1.pk])}">Xã east 1</a>'
    assert link in page(Client(), f"{address}?q=le+loi")
    # A district without a successor leads to what its communes became.
    assert link in page(Client(), f"{address}?q=huyen+cu")
    assert "Không thấy đơn vị nào" in page(Client(), f"{address}?q=khong+co+that")
    assert Client().get(reverse("public_unit", args=[gone.pk])).status_code == 404


def test_a_level_that_ended_is_said_beside_the_decisions_words(working: Scene) -> None:
    version = working.framework.tasks.get(no=1)
    TaskItem.objects.create(
        task_version=version, field="guiding", position=9, text="UBND cấp huyện"
    )
    address = reverse("public_task", args=[1])
    assert "Nay không còn cấp" not in page(Client(), address)
    Unit.objects.filter(level="district").update(valid_to=dt.date(2024, 12, 31))
    assert "Nay không còn cấp huyện (hoạt động đến hết 31/12/2024)" in page(Client(), address)


def test_an_issuer_in_capitals_does_not_shout(working: Scene) -> None:
    Decision.objects.update(issuer="ỦY BAN NHÂN DÂN TỈNH MẪU")
    for name in PUBLIC:
        assert "của Ủy ban nhân dân tỉnh Mẫu" in page(Client(), reverse(name))


def test_the_queries_of_the_public_pages_are_pinned(working: Scene) -> None:
    disclose(working)
    found = {}
    for name in PUBLIC:
        with CaptureQueriesContext(connection) as queries:
            page(Client(), reverse(name))
        found[name] = len(queries)
    assert found == {"home": 12, "public_tasks": 6, "public_progress": 13}


def test_a_name_that_is_markup_stays_text(working: Scene) -> None:
    disclose(working)
    shown = page(Client(), f"{reverse('public_progress')}?q=<script>alert(1)</script>")
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
