"""What is wrong in a data file is told by file, row and column."""

from pathlib import Path

import pytest

from khung.orgs.datafile import DataFileError
from khung.orgs.importing import read_people, read_province
from khung.orgs.planning import plan_units


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "addition", "message"),
    [
        ("units.csv", ",Xã X,commune,91,,,,\n", "units.csv, dòng 9, cột “code”: để trống"),
        ("units.csv", "99,Xã X,hamlet,91,,,,\n", "dòng 9, cột “level”: “hamlet” không thuộc"),
        ("units.csv", "99,Xã X,commune,91,1/7/2025,,,\n", "cột “valid_from”: “1/7/2025”"),
        ("units.csv", "99,Xã X,commune,91,,,xa,\n", "cột “lat”: “xa” không phải số"),
        ("units.csv", "99,Xã X,commune,9,2025-07-02,2025-07-01,,\n", "trước ngày bắt đầu"),
        ("units.csv", "99,Xã X,commune,77,,,,\n", "không có đơn vị mã “77”"),
        ("units.csv", "99,Xã X,commune,91,,,,\n", "dòng 9: kéo dài hơn đơn vị cấp trên “91”"),
        ("units.csv", "99,Xã X,commune,91,2025-01-01,2025-08-01,,\n", "không có đơn vị mã “91”"),
        ("units.csv", "911,Xã X,commune,9,2025-07-15,,,\n", "thời gian trùng"),
        ("units.csv", "9,Tỉnh,province,,,,,,,\n", "nhiều ô hơn số cột"),
        ("successions.csv", "911,911,2025-07-01,half,\n", "cột “share”: “half” không thuộc"),
        ("successions.csv", "913,911,2025-07-01,whole,\n", "mã “913” vào ngày 30/06/2025"),
        ("bodies.toml", "[[bodies]]\ncode = 'x'\n", "[[bodies]] thứ 3, cột “name”: để trống"),
        ("bodies.toml", "[[bodies]\n", "bodies.toml: sai cú pháp"),
        (
            "unit_settlements.toml",
            "[[successions]]\nfrom = 'so-a'\nto = 'so-z'\non = 2025-03-01\n",
            "[[successions]] thứ 2: không có “so-a” hoặc “so-z”",
        ),
        (
            "bodies.toml",
            "[[bodies]]\ncode = 'so-a'\nname = 'Sở A'\nkind = 'named'\n",
            "mã “so-a” đã có",
        ),
    ],
)
def test_a_fault_is_told_where_it_is(folder: Path, file: str, addition: str, message: str) -> None:
    append(folder / file, addition)
    with pytest.raises(DataFileError) as caught:
        plan_units(read_province(folder))
    assert message in str(caught.value)


def test_a_missing_column_is_named(folder: Path) -> None:
    (folder / "units.csv").write_text("code,name\n1,Tỉnh\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"units\.csv: thiếu cột level, parent_code"):
        read_province(folder)


def test_a_circle_of_successors_is_refused(folder: Path) -> None:
    append(
        folder / "unit_settlements.toml",
        "[[successions]]\nfrom = 'so-b'\nto = 'so-c'\non = 2025-05-01\n"
        "[[bodies]]\ncode = 'so-c'\nname = 'Sở C'\nkind = 'named'\n"
        "[[successions]]\nfrom = 'so-c'\nto = 'so-b'\non = 2025-05-01\n",
    )
    with pytest.raises(DataFileError, match="kế thừa vòng tròn"):
        plan_units(read_province(folder))


def test_names_are_stored_with_old_style_tones(folder: Path) -> None:
    names = {row.name for row in read_province(folder).territories}
    assert "Xã Hòa Bình" in names
    assert "Xã Hoà Bình" not in names


def test_a_settled_end_leaves_its_source(folder: Path) -> None:
    units = plan_units(read_province(folder)).units
    (ended,) = (unit for unit in units if unit.code == "9.so-a")
    assert ended.source == "Quyết định, dòng 1; kết thúc 28/02/2025: Nghị quyết 2"
    assert ended.is_verified
    old, new = sorted(
        (unit for unit in units if unit.code == "9.so-b"), key=lambda unit: unit.valid_from
    )
    assert (old.is_verified, new.is_verified) == (False, True)


def test_people_name_their_roles(folder: Path) -> None:
    (person,) = read_people(folder / "people.toml")
    assert [(role.role, role.unit_code) for role in person.roles] == [("officer", "911")]
    assert read_people(folder / "none.toml") == ()
