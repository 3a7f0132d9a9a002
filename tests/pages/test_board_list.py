"""The assignments behind a figure: the same number, the same rows in the file, the same walls."""

import csv
import io
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from khung.assignments import rollup
from khung.assignments.models import Assignment
from khung.desk.board_links import list_address
from khung.desk.views import work_list
from khung.rules.workflow import STATES, counted_state, official_class
from tests.cast import TODAY, Cast

ADDRESS = "/nhiem-vu-duoc-giao/"


def found(cast: Cast, asked: str, role: str = "leader") -> set[int]:
    page = cast.client(role).get(f"{ADDRESS}?{asked}").context["page"]
    return {one.pk for one in page.object_list}


def spread_out(cast: Cast) -> None:
    """Assignments in many states, some of them late."""
    cast.move(cast.scene.assignment("east1", 2), "update", "submit", "accept")
    cast.move(cast.scene.assignment("east2", 2), "update", "submit")
    cast.move(cast.scene.assignment("west1", 2), "update", "submit", "return")
    arose = cast.move(cast.scene.assignment("west2", 2), "update", "submit", "accept")
    Assignment.objects.filter(pk=arose.pk).update(nothing_arose=True)
    cast.move(cast.scene.assignment("east2", 1), "update")
    cast.pass_deadline()
    rollup.rebuild()


def test_every_class_and_state_of_the_board_has_its_list(cast: Cast) -> None:
    spread_out(cast)
    total = cast.client("leader").get("/bang-theo-doi/").context["board"].total
    assert total.state("nothing_arose") == 1
    for name, n in total.classes.items():
        assert len(found(cast, f"class={name}")) == n, name
    for state in (*STATES, "nothing_arose"):
        assert len(found(cast, f"state={state}")) == total.state(state), state
    assert len(found(cast, "overdue=1")) == total.overdue
    assert len(found(cast, "class=counted")) == total.counted
    assert len(found(cast, "class=apart")) == total.total - total.counted


def test_the_conditions_agree_with_the_rules_row_by_row(cast: Cast) -> None:
    spread_out(cast)
    for one in Assignment.objects.filter(counts_in__code="2025-Q1"):
        counted = counted_state(one.state, one.nothing_arose)
        in_class = official_class(counted, one.is_late)
        if in_class:
            assert one.pk in found(cast, f"class={in_class}")
        assert one.pk in found(cast, f"state={counted}")


def test_a_unit_stands_for_all_below_it_unless_its_own_is_asked(cast: Cast) -> None:
    east = cast.scene.units["east"]
    below = found(cast, f"unit={east.pk}")
    own = found(cast, f"unit={east.pk}&own=1")
    counted = Assignment.objects.filter(counts_in__code="2025-Q1")
    assert below == set(counted.filter(unit__code__startswith="east").values_list("pk", flat=True))
    assert own == set(counted.filter(unit=east).values_list("pk", flat=True))
    assert own < below


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("dimension=2", {"task_version__dimension": 2}),
        ("area=8.2", {"area": "8.2"}),
        ("level=district", {"unit__level": "district"}),
        ("q=tram%20y%20te", {"task_version__no": 2}),
        ("q=6", {"task_version__no": 6}),
        ("state=nonsense&class=nonsense&light=nonsense&unit=x", {}),
    ],
)
def test_other_conditions(cast: Cast, asked: str, expected: dict[str, Any]) -> None:
    counted = Assignment.objects.filter(counts_in__code="2025-Q1", **expected)
    assert found(cast, asked) == set(counted.values_list("pk", flat=True))


def test_by_guide_and_by_judge(cast: Cast) -> None:
    health = cast.scene.units["health"]
    for part in ("guide", "judge"):
        counted = Assignment.objects.filter(counts_in__code="2025-Q1", **{part: health})
        assert found(cast, f"{part}={health.pk}") == set(counted.values_list("pk", flat=True))
        assert counted.exists()


def test_by_the_light(cast: Cast) -> None:
    fresh = cast.scene.assignment("east1", 2)
    Assignment.objects.filter(pk=fresh.pk).update(updated_at=TODAY)
    assert found(cast, "light=optimal") == {fresh.pk}
    # begun 15/12/2024, 78 days before
    assert found(cast, "light=late") == set(
        Assignment.objects.filter(counts_in__code="2025-Q1", timing="continuous")
        .exclude(pk=fresh.pk)
        .values_list("pk", flat=True)
    )
    assert "Mới cập nhật" in cast.page("leader", f"{ADDRESS}?light=optimal")


def test_conditions_are_named_and_can_be_dropped_one_by_one(cast: Cast) -> None:
    east = cast.scene.units["east"]
    shown = cast.page("leader", f"{ADDRESS}?unit={east.pk}&state=accepted&level=commune")
    assert "Đơn vị: <b>Huyện east</b>" in shown
    assert "Cấp: <b>Cấp xã</b>" in shown
    assert f'href="?unit={east.pk}&amp;level=commune"' in shown
    assert f'<input type="hidden" name="unit" value="{east.pk}">' in shown
    assert "Không nhiệm vụ nào khớp" in shown


def test_files_hold_exactly_what_is_asked(cast: Cast) -> None:
    client = cast.client("leader")
    asked = f"{ADDRESS}?dimension=1&level=commune"
    ids = {one.pk for one in client.get(asked).context["page"].object_list}
    text = client.get(f"{asked}&export=csv").content.decode()[1:]
    head, *rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == len(ids) > 4
    data = client.get(f"{asked}&export=xlsx").content
    sheet = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert sheet[0] == head
    assert [row[0] for row in sheet[1:]] == [row[0] for row in rows]


def test_a_file_that_would_be_too_long_is_not_made(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_list, "MOST_EXPORTED", 3)
    response = cast.client("leader").get(f"{ADDRESS}?export=xlsx")
    assert response.headers["Content-Type"].startswith("text/html")
    assert "dài hơn 3 dòng một tệp" in response.content.decode()


@pytest.mark.parametrize(
    ("role", "codes"),
    [
        ("officer", {"east1"}),
        ("head", {"east1"}),
        ("guide", {"east", "east1", "east2", "west", "west1", "west2", "health"}),
    ],
)
def test_each_sees_only_what_they_may(cast: Cast, role: str, codes: set[str]) -> None:
    page = cast.client(role).get(f"{ADDRESS}?unit={cast.scene.units['T'].pk}").context["page"]
    assert {one.unit.code for one in page.object_list} == codes


def test_the_number_of_queries_is_fixed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = cast.client("leader")
    asked = list_address(unit=cast.scene.units["T"].pk, period="2025-Q1")
    client.get(asked)
    numbers = set()
    for size in (2, 50):
        monkeypatch.setattr(work_list, "PAGE_SIZE", size)
        with CaptureQueriesContext(connection) as queries:
            client.get(asked)
        numbers.add(len(queries))
    assert numbers == {13}
