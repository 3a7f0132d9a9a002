"""Loading outlines: matched by code or name on a day, refused with words where they are wrong."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from khung.base.models import AuditEvent
from khung.orgs import actions
from khung.orgs.boundaries import BoundaryFileError, match, read_outlines
from khung.orgs.models import UnitBoundary
from tests.assignments.scene import NOW, person, province, unit

RING = [[109.0, 12.0], [109.1, 12.0], [109.1, 12.1], [109.0, 12.1], [109.0, 12.0]]
DAY = dt.date(2025, 3, 3)


def written(folder: Path, *features: dict[str, Any], **more: Any) -> Path:
    path = folder / "ranh-gioi.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}))
    return path


def feature(rings: Any = None, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": [RING] if rings is None else rings}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.django_db
def test_by_code_first_then_by_a_name_only_one_unit_bears(tmp_path: Path) -> None:
    units = province()
    twin = unit("twin", "Xã west 1", "commune", parent=units["east"])
    path = written(
        tmp_path,
        feature(code="east1", name="Tên khác"),
        feature(TEN="EAST 2"),
        feature(name="Xã west 1"),
        feature(name="Xã lạ"),
        feature(name="Sở Y tế"),
    )
    found = match(read_outlines(path), DAY)
    assert set(found.rings) == {units["east1"].pk, units["east2"].pk}
    assert len(found.unmatched) == 3
    assert "có nhiều đơn vị cùng tên" in found.unmatched[0]
    assert "không khớp đơn vị nào" in found.unmatched[1]
    assert twin.pk not in found.rings


@pytest.mark.django_db
def test_the_command_loads_replaces_and_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    province()
    path = written(tmp_path, feature(code="east1"), feature(code="none"))
    for _ in range(2):
        call_command("load_boundaries", str(path), "--on", "2025-03-03")
    boundary = UnitBoundary.objects.get()
    assert boundary.unit.code == "east1"
    assert boundary.source == "ranh-gioi.geojson"
    assert boundary.rings == [RING]
    told = capsys.readouterr().out
    assert "Đã nạp ranh giới của 1 đơn vị." in told
    assert "Bỏ qua đối tượng 2 (none): không khớp đơn vị nào." in told
    event = AuditEvent.objects.filter(verb="units.bounded").latest("at")
    assert event.data == {"units": 1, "source": "ranh-gioi.geojson"}


@pytest.mark.django_db
def test_where_nothing_matches_nothing_is_loaded(tmp_path: Path) -> None:
    province()
    with pytest.raises(CommandError, match="chưa nạp gì"):
        call_command("load_boundaries", str(written(tmp_path, feature(code="none"))))
    assert not UnitBoundary.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "không phải tệp JSON"),
        ("[]", "FeatureCollection"),
        (json.dumps({"type": "FeatureCollection", "features": [{}]}), "không phải một vùng"),
        (
            json.dumps({"type": "FeatureCollection", "features": [feature([[[1]]])]}),
            "tọa độ không đọc được",
        ),
        (
            json.dumps({"type": "FeatureCollection", "features": [feature([[[585000, 1300000]]])]}),
            "EPSG:4326",
        ),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "sai.geojson"
    path.write_text(text)
    with pytest.raises(BoundaryFileError, match=said):
        read_outlines(path)
    with pytest.raises(BoundaryFileError, match="Không mở được"):
        read_outlines(tmp_path / "khong-co.geojson")


@pytest.mark.django_db
def test_parts_of_one_unit_come_together_and_rocks_fall_away(tmp_path: Path) -> None:
    units = province()
    island = [[110, 12], [110.05, 12], [110.05, 12.05], [110, 12.05], [110, 12]]
    rock = [[111, 12], [111.001, 12], [111.001, 12.001], [111, 12.001], [111, 12]]
    path = written(tmp_path, feature([[RING], [island], [rock]], "MultiPolygon", code="east1"))
    assert len(match(read_outlines(path), DAY).rings[units["east1"].pk]) == 2


@pytest.mark.django_db
def test_only_who_edits_units_may() -> None:
    units = province()
    with pytest.raises(PermissionDenied):
        actions.load_boundaries(rings={}, source="x", by=person("officer", units["east1"]), now=NOW)
