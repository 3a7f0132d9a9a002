"""A small invented province, as data files: a reform, a rename, departments that merged."""

import datetime as dt
from pathlib import Path

from khung.orgs import actions
from khung.orgs.importing import read_province
from khung.orgs.planning import plan_units

NOW = dt.datetime(2025, 7, 15, 2, 0, tzinfo=dt.UTC)

FILES = {
    "units.csv": """\
code,name,level,parent_code,valid_from,valid_to,lat,lon
9,Tỉnh Mẫu,province,,,,,
91,Huyện Đông,district,9,,2025-06-30,,
911,Xã Hoà Bình,commune,91,,2025-06-30,12.5,109.1
912,Xã Tân An,commune,91,,2024-10-31,,
912,Xã Tân Mỹ,commune,91,2024-11-01,2025-06-30,,
913,Xã Hòa Bính,commune,91,,2024-10-31,,
911,Xã Hòa Bình,commune,9,2025-07-01,,,
""",
    "successions.csv": """\
from_code,to_code,effective_on,share,source
911,911,2025-07-01,whole,Nghị quyết 1
912,911,2025-07-01,part,
""",
    "bodies.toml": """\
province = "9"
territories_source = "Danh mục mẫu"
[[bodies]]
code = "so-a"
name = "Sở A"
kind = "specialised_agency"
aliases = ["SA", "Sở Mẫu A"]
source = "Quyết định, dòng 1"
[[bodies]]
code = "so-b"
name = "Sở B"
kind = "specialised_agency"
source = "Quyết định, dòng 2"
[[templates]]
level = "commune"
code = "police"
name = "Công an {name}"
kind = "police"
source = "Quyết định, dòng 3"
verified = false
""",
    "unit_settlements.toml": """\
[[ends]]
code = "so-a"
on = 2025-02-28
source = "Nghị quyết 2"
[[ends]]
code = "so-b"
on = 2025-02-28
[[bodies]]
code = "so-b"
name = "Sở B mới"
kind = "specialised_agency"
valid_from = 2025-03-01
source = "Nghị quyết 2"
[[successions]]
from = ["so-a", "so-b"]
to = "so-b"
on = 2025-03-01
""",
    "people.toml": """\
[[people]]
username = "an"
full_name = "Nguyễn An (minh họa)"
roles = [{ role = "officer", unit = "911" }]
""",
}


def write(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def load(folder: Path) -> None:
    """Writes the files and loads their units."""
    actions.load_units(plan=plan_units(read_province(write(folder))), by=None, now=NOW)
