"""Who did what when to a unit and its work, as far as the reader may see it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khung.desk.views import unit_history
from khung.orgs.actions import rename_unit
from khung.orgs.models import Unit
from tests.cast import TODAY, Cast


def address(unit: Unit) -> str:
    return reverse("unit_history", args=[unit.pk])


def test_the_unit_and_its_work_newest_first(cast: Cast) -> None:
    found = cast.move(cast.scene.assignment("east1", 2), "update", "submit")
    unit = cast.scene.units["east1"]
    unit.names.create(name=unit.name, folded="xa east 1")
    rename_unit(
        unit=unit,
        version=unit.version,
        name="Xã Đông Một",
        from_day=TODAY.date(),
        by=cast["coordinator"],
        now=TODAY,
    )
    for page in (address(unit), reverse("unit", args=[unit.pk])):
        shown = cast.page("leader", page)
        assert "gửi báo cáo" in shown
        assert f'<a href="{reverse("assignment", args=[found.pk])}">nhiệm vụ 2</a>' in shown
        assert "đổi tên “Xã east 1” thành “Xã Đông Một”" in shown
        assert shown.index("đổi tên") < shown.index("gửi báo cáo")


@pytest.mark.parametrize(
    ("role", "sees"), [("officer", True), ("guide", True), ("leader", True), ("operator", None)]
)
def test_work_is_told_to_those_who_may_see_it(cast: Cast, role: str, sees: bool | None) -> None:
    cast.move(cast.scene.assignment("east1", 2), "update")
    page = address(cast.scene.units["east1"])
    if sees is None:
        assert cast.client(role).get(page).status_code == 403
        assert "Lịch sử" not in cast.page(
            role, reverse("unit", args=[cast.scene.units["east1"].pk])
        )
    else:
        assert ("cập nhật kết quả" in cast.page(role, page)) is sees


def test_a_stranger_reads_of_the_unit_but_not_of_its_work(cast: Cast) -> None:
    cast.move(cast.scene.assignment("west1", 1), "update")
    shown = cast.page("officer", address(cast.scene.units["west1"]))
    assert "cập nhật kết quả" not in shown
    assert "Chưa có việc nào được ghi nhận." in shown


def test_the_number_of_queries_is_fixed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for no in (1, 2, 3):
        cast.move(cast.scene.assignment("east1", no), "update")
    page, client, numbers = address(cast.scene.units["east1"]), cast.client("leader"), set()
    client.get(page)
    for size in (1, 50):
        monkeypatch.setattr(unit_history, "PAGE_SIZE", size)
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        numbers.add(len(queries))
    assert len(numbers) == 1
