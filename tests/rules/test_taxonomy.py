import pytest

from khung.rules import taxonomy
from khung.rules.taxonomy import dimension_name, match_label, subdimension_name, subdimensions


@pytest.mark.parametrize(
    ("year", "count"), [(2011, 22), (2017, 22), (2018, 28), (2019, 29), (2020, 29), (2021, 28)]
)
def test_counts_by_year_are_those_of_the_workbooks(year: int, count: int) -> None:
    rows = subdimensions(year)
    assert len(rows) == count
    assert len({row.code for row in rows}) == count
    assert {row.dimension for row in rows} == {d.no for d in taxonomy.dimensions(year)}


def test_the_same_code_is_named_by_its_year() -> None:
    assert subdimension_name("2.1", 2017) == "Danh sách hộ nghèo"
    assert subdimension_name("2.1", 2022) == "Tiếp cận thông tin"
    assert subdimension_name("2.1", 2022, english=True) == "Access to Information"
    assert dimension_name(8) == "Quản trị điện tử"
    assert dimension_name(8, english=True) == "E-Governance"
    with pytest.raises(KeyError):
        subdimension_name("8.3", 2018)
    with pytest.raises(KeyError):
        dimension_name(9)


@pytest.mark.parametrize("year", [2011, 2016, 2018, 2022, 2026])
def test_every_name_and_alias_finds_itself_even_without_marks_or_numbers(year: int) -> None:
    for row in subdimensions(year):
        for wording in (row.vi, *row.aliases):
            for text in (wording, wording.upper(), f"{row.code}. {wording}", f"  {wording} "):
                match = match_label(text, year)
                assert match is not None, text
                assert match.subdimension == row.code, text
    for dimension in taxonomy.dimensions(year):
        match = match_label(f"{dimension.no}. {dimension.vi}", year)
        assert match is not None
        assert (match.dimension, match.subdimension) == (dimension.no, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sử dụng công thông tin điện tử của chính quyền địa phương", "8.1"),
        ("Chât lương bâu cử", "1.3"),
        ("NỘI DUNG THÀNH PHẦN 6.2. Giáo dục tiểu học công lập", "6.2"),
        ("Kiểm soát tham nhũng", None),
        ("Thủ tục hành", None),
        ("Rà soát, kiện toàn Ban Thanh tra Nhân dân", None),
        ("", None),
    ],
)
def test_slips_are_forgiven_and_halves_are_not(text: str, expected: str | None) -> None:
    match = match_label(text, 2022)
    assert (match.subdimension if match else None) == expected
