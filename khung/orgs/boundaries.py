"""Outlines of territories out of a GeoJSON file: read, checked, and matched to units of a day.

GeoJSON is RFC 7946: longitude before latitude, in degrees of WGS 84. Files of other projections
or orders are refused, because they would draw the province somewhere else in silence.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from khung.orgs.models import PEOPLE_COMMITTEE, Unit
from khung.orgs.queries import units_on
from khung.rules.shapes import Ring, area, simplified
from khung.rules.text import fold

# About 100 metres: finer than a line on a screen that shows a whole province.
TOLERANCE = 0.001
# Smaller rings (rocks, slivers of a digitised coast) are left out beside a larger one.
LEAST_SHARE = 0.002
MOST_BYTES = 200 * 1024 * 1024
CODE_KEYS = ("code", "ma", "ma_dvhc", "madvhc", "ma_xa", "maxa", "ma_huyen", "id", "@id")
NAME_KEYS = ("name", "ten", "ten_dvhc", "tendvhc", "ten_xa", "tenxa", "name:vi", "ten_huyen")

KINDS = ("tinh", "thanh pho", "thi xa", "quan", "huyen", "phuong", "thi tran", "xa", "dac khu")


class BoundaryFileError(Exception):
    """A file that is no usable GeoJSON; the message says in Vietnamese what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Outline:
    """One feature of the file: how it names its unit, and its rings."""

    place: int
    code: str
    name: str
    rings: list[Ring]


@dataclass(frozen=True, slots=True)
class Matched:
    """What of a file found its unit, and what did not, each with the reason."""

    rings: dict[int, list[Ring]]
    unmatched: tuple[str, ...]


def read_outlines(path: Path) -> list[Outline]:
    """The areas of a file. Raises BoundaryFileError."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BoundaryFileError(f"{path.name}: lớn hơn {MOST_BYTES // 1024**2} MB.")
        read = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BoundaryFileError(f"Không mở được {path}: {error.strerror}.") from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise BoundaryFileError(f"{path.name} không phải tệp JSON đọc được.") from None
    features = read.get("features") if isinstance(read, dict) else None
    if not isinstance(features, list) or read.get("type") != "FeatureCollection":
        raise BoundaryFileError(f"{path.name} không phải GeoJSON loại FeatureCollection.")
    return [_outline(n, feature) for n, feature in enumerate(features, 1)]


def match(outlines: list[Outline], day: dt.date, level: str = "") -> Matched:
    """The territory of that day each outline belongs to: by code, else by its only name."""
    territories = units_on(day).filter(kind=PEOPLE_COMMITTEE)
    units = list(territories.filter(level=level) if level else territories)
    by_code = {unit.code: unit for unit in units}
    by_name: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        name = fold(unit.day_name)
        for written in {name, _bare(name)}:
            by_name[written].append(unit)
    rings: dict[int, list[Ring]] = {}
    unmatched = []
    for outline in outlines:
        found = by_code.get(outline.code)
        named = by_name.get(fold(outline.name), [])
        if found is None and len(named) == 1:
            found = named[0]
        if found is None:
            why = "có nhiều đơn vị cùng tên" if len(named) > 1 else "không khớp đơn vị nào"
            said = outline.name or outline.code or "không tên"
            unmatched.append(f"đối tượng {outline.place} ({said}): {why}")
        else:
            rings.setdefault(found.pk, []).extend(outline.rings)
    return Matched({pk: _lightened(of_unit) for pk, of_unit in rings.items()}, tuple(unmatched))


def _bare(folded: str) -> str:
    """The name without its kind, as many files write it: "phuong an binh" → "an binh"."""
    kind = next((kind for kind in KINDS if folded.startswith(f"{kind} ")), "")
    return folded.removeprefix(kind).strip()


def _outline(place: int, feature: Any) -> Outline:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    geometry = geometry if isinstance(geometry, dict) else {}
    kind = geometry.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        raise BoundaryFileError(
            f"Đối tượng {place} không phải một vùng (Polygon, MultiPolygon) mà là {kind!r}."
        )
    properties = feature.get("properties") or {}
    polygons: Any = geometry.get("coordinates")
    polygons = [polygons] if kind == "Polygon" else polygons
    try:
        # Holes are drawn by the areas that lie in them.
        rings = [[_point(point, place) for point in polygon[0]] for polygon in polygons]
    except (TypeError, IndexError, KeyError, ValueError):
        raise BoundaryFileError(f"Đối tượng {place}: tọa độ không đọc được.") from None
    return Outline(place, _first(properties, CODE_KEYS), _first(properties, NAME_KEYS), rings)


def _point(point: Any, place: int) -> tuple[float, float]:
    x, y = float(point[0]), float(point[1])
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise BoundaryFileError(
            f"Đối tượng {place}: tọa độ ({x:g}, {y:g}) không phải kinh độ, vĩ độ theo WGS 84. "
            "Hãy chuyển tệp về hệ tọa độ EPSG:4326 rồi nạp lại."
        )
    return x, y


def _first(properties: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    folded = {str(key).lower(): value for key, value in properties.items()}
    found = (folded[key] for key in keys if folded.get(key) not in (None, ""))
    return str(next(found, "")).strip()


def _lightened(rings: list[Ring]) -> list[Ring]:
    largest = max((area(ring) for ring in rings), default=0)
    kept = [ring for ring in rings if area(ring) >= largest * LEAST_SHARE]
    return [_rounded(simplified(ring, TOLERANCE)) for ring in kept]


def _rounded(ring: Ring) -> Ring:
    """To about 10 metres; more digits would only weigh."""
    return [(round(x, 4), round(y, 4)) for x, y in ring]


def rings_of(stored: list[list[list[float]]]) -> Iterator[Ring]:
    """Rings as they are kept, as points."""
    for ring in stored:
        yield [(x, y) for x, y in ring]
